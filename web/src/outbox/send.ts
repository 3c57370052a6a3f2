// Sends what waits. Runs in the page and in the service worker, so it knows neither texts nor screens, nor the model that
// may be on the phone: the page passes in who asks it (../phone/asking.ts).
import { assess, isPassing, Trouble } from "../api/client";
import { allItems, changeItem, itemById } from "../storage/queue";
import type { QueueItem } from "../storage/records";

export const SYNC_TAG = "outbox";

// After so many answers of "something went wrong on our side" it is the photo, not the moment.
const MOST_FAULTS = 5;

export type Sent = Pick<QueueItem, "state" | "assessment" | "code" | "attempts" | "analysedOn">;

// Asks about one item and changes nothing; null where that is not this one's to ask.
export type Asker = (item: QueueItem) => Promise<Sent | null>;

// Asks the server. A photo that is to stay on the phone never goes there.
export const askServer: Asker = async (item) => {
  if (item.analysedOn === "phone") return null;
  const tried = { analysedOn: "server" as const, attempts: item.attempts + 1 };
  try {
    return { ...tried, state: "answered", assessment: await assess(item), code: null };
  } catch (error) {
    const code = error instanceof Trouble ? error.code : "internal_error";
    const given = code === "internal_error" && tried.attempts >= MOST_FAULTS;
    return { ...tried, state: isPassing(code) && !given ? "waiting" : "refused", assessment: null, code };
  }
};

// Sends one stored item, once however many tabs try; returns it as it is afterwards, undefined when it was dropped.
export function send(id: string, ask: Asker = askServer): Promise<QueueItem | undefined> {
  return exclusively(`outbox ${id}`, async () => {
    const item = await itemById(id);
    if (item?.state !== "waiting") return item;
    const sent = await ask(item);
    return sent ? changeItem(id, sent) : item;
  });
}

// Sends all that waits; returns those that are no longer waiting.
export async function sendAll(ask: Asker = askServer): Promise<QueueItem[]> {
  const done: QueueItem[] = [];
  for (const { id, state } of await allItems()) {
    if (state !== "waiting") continue;
    const sent = await sendHere(id, ask);
    if (sent && sent.state !== "waiting") done.push(sent);
  }
  return done;
}

// Like send, but only tells of an item that this call sent, not of one that another tab did.
function sendHere(id: string, ask: Asker): Promise<QueueItem | undefined> {
  return exclusively(`outbox ${id}`, async () => {
    const item = await itemById(id);
    const sent = item?.state === "waiting" ? await ask(item) : null;
    return sent ? changeItem(id, sent) : undefined;
  });
}

async function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  // Safari before 15.4 has no locks, and opens an installed app once.
  return navigator.locks ? ((await navigator.locks.request(name, work)) as T) : work();
}
