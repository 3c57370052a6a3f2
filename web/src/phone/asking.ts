// Asks about a photo where it is to be analysed. Only the page can: a service worker may start no worker.
import { isPassing, Trouble } from "../api/client";
import { type Asker, askServer, type Sent } from "../outbox/send";
import { settings } from "../settings";
import type { QueueItem } from "../storage/records";
import { keptModel } from "./state";

const UNREACHED = ["offline", "network"];

// What may be analysed on either is analysed here when the server cannot be reached.
export const askHere: Asker = async (item) => {
  if (item.analysedOn === "phone") return askPhone(item);
  const sent = await askServer(item);
  const unreached = sent?.code && UNREACHED.includes(sent.code);
  if (!unreached || settings.value.engine === "server" || !keptModel(item.bundle)?.photo_ms) return sent;
  const here = await askPhone(item);
  return here.state === "answered" ? here : sent;
};

// A photo that is to stay on the phone waits where the phone fails: whether it may be sent is the person's to say.
async function askPhone(item: QueueItem): Promise<Sent> {
  const attempts = item.attempts + 1;
  const tried = { analysedOn: "phone" as const, attempts };
  const model = keptModel(item.bundle);
  if (!model) return { ...tried, state: "waiting", assessment: null, code: "phone_no_model" };
  try {
    const { assessHere } = await import("../later");
    return { ...tried, state: "answered", assessment: await assessHere(model, item), code: null };
  } catch (error) {
    const code = error instanceof Trouble ? error.code : "phone_failed";
    const waits = isPassing(code) || code.startsWith("phone_");
    return { ...tried, state: waits ? "waiting" : "refused", assessment: null, code };
  }
}
