// Sends what waits. Runs in the page and in the service worker, so it knows neither texts nor screens.
import { assess, isPassing, Trouble } from "../api/client";
import { allItems, changeItem, itemById } from "../storage/queue";
import type { QueueItem } from "../storage/records";

export const SYNC_TAG = "outbox";

// After so many answers of "something went wrong on our side" it is the photo, not the moment.
const MOST_FAULTS = 5;

export type Sent = Pick<QueueItem, "state" | "assessment" | "code" | "attempts">;

// Asks the server about one item; changes nothing.
export async function ask(item: QueueItem): Promise<Sent> {
  const attempts = item.attempts + 1;
  try {
    return { state: "answered", assessment: await assess(item), code: null, attempts };
  } catch (error) {
    const code = error instanceof Trouble ? error.code : "internal_error";
    const given = code === "internal_error" && attempts >= MOST_FAULTS;
    return { state: isPassing(code) && !given ? "waiting" : "refused", assessment: null, code, attempts };
  }
}

// Sends one stored item, once however many tabs try; returns it as it is afterwards, undefined when it was dropped.
export function send(id: string): Promise<QueueItem | undefined> {
  return exclusively(`outbox ${id}`, async () => {
    const item = await itemById(id);
    if (item?.state !== "waiting") return item;
    return changeItem(id, await ask(item));
  });
}

// Sends all that waits; returns those that are no longer waiting.
export async function sendAll(): Promise<QueueItem[]> {
  const done: QueueItem[] = [];
  for (const { id, state } of await allItems()) {
    if (state !== "waiting") continue;
    const sent = await sendHere(id);
    if (sent && sent.state !== "waiting") done.push(sent);
  }
  return done;
}

// Like send, but only tells of an item that this call sent, not of one that another tab did.
function sendHere(id: string): Promise<QueueItem | undefined> {
  return exclusively(`outbox ${id}`, async () => {
    const item = await itemById(id);
    return item?.state === "waiting" ? changeItem(id, await ask(item)) : undefined;
  });
}

async function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  // Safari before 15.4 has no locks, and opens an installed app once.
  return navigator.locks ? ((await navigator.locks.request(name, work)) as T) : work();
}
