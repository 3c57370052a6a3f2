// The queue as the page sees it: hands photos over, sends what waits, tells when answers come.
import { computed, signal } from "@preact/signals";
import { cutOut } from "../crop";
import { draft, markSent } from "../draft";
import { askHere } from "../phone/asking";
import { placeFor } from "../phone/state";
import { onChange } from "../storage/changes";
import { persist } from "../storage/persistence";
import { addItem, allItems, changeItem, dropItem } from "../storage/queue";
import { newId, type QueueItem } from "../storage/records";
import { orTell, StorageTrouble, storageTrouble } from "../storage/trouble";
import { locale, t } from "../texts";
import { notify } from "./notify";
import { SYNC_TAG, send, sendAll } from "./send";

// Answers that were looked at and not kept are forgotten after a day.
const FORGET_MS = 86_400_000;

const stored = signal<readonly QueueItem[]>([]);
// Items that a full or missing storage could not take; they live as long as the page.
const unsaved = signal<readonly QueueItem[]>([]);

export const items = computed(() => [...unsaved.value, ...stored.value]);
export const waiting = computed(() => items.value.filter((item) => item.state === "waiting"));
// What the start screen points to: waiting, or answered or refused and not yet looked at.
export const open = computed(() => items.value.filter((item) => !item.seen));

export async function loadOutbox(): Promise<void> {
  await reload();
  onChange("queue", () => void reload());
  for (const item of stored.value)
    if (item.seen && item.state !== "waiting" && Date.now() - item.created > FORGET_MS)
      await orTell(dropItem(item.id));
  addEventListener("online", () => void deliver());
  void deliver();
}

async function reload(): Promise<void> {
  stored.value = (await orTell(allItems())) ?? [];
}

export function itemNamed(id: string): QueueItem | undefined {
  return items.value.find((item) => item.id === id);
}

// Puts the draft into the queue and tries to send it at once. Resolves with the item as it is after the first try.
export async function handOver(): Promise<QueueItem | undefined> {
  const now = draft.value;
  if (!now) return undefined;
  const item: QueueItem = {
    id: newId(),
    created: now.created,
    spotId: now.spotId,
    bundle: now.bundle,
    answers: now.answers,
    locale,
    photos: await Promise.all(now.photos.map((photo) => cutOut(photo.file, photo.crop))),
    state: "waiting",
    attempts: 0,
    code: null,
    assessment: null,
    keptIn: null,
    seen: false,
    analysedOn: placeFor(now.bundle).place,
    notice: { title: t.waiting.noticeTitle, body: t.waiting.noticeBody },
  };
  const sent = (await save(item)) ? await send(item.id, askHere) : await sendUnsaved(item);
  await markSent(item.id);
  if (sent?.state === "waiting") {
    void persist();
    if (sent.analysedOn !== "phone") void askForSync();
  }
  return sent;
}

async function save(item: QueueItem): Promise<boolean> {
  try {
    await addItem(item);
    return true;
  } catch (error) {
    if (!(error instanceof StorageTrouble)) throw error;
    storageTrouble.value = error.code;
    return false;
  }
}

async function sendUnsaved(item: QueueItem): Promise<QueueItem> {
  const sent = { ...item, ...(await askHere(item)) };
  unsaved.value = [sent, ...unsaved.value.filter((one) => one.id !== item.id)];
  return sent;
}

// Tries everything that waits, and tells of what was answered.
export async function deliver(): Promise<void> {
  const done = (await orTell(sendAll(askHere))) ?? [];
  for (const item of unsaved.value) if (item.state === "waiting") done.push(await sendUnsaved(item));
  const registration = await navigator.serviceWorker?.getRegistration();
  for (const item of done) if (item.state !== "waiting" && registration) await notify(registration, item);
}

export async function change(id: string, part: Partial<QueueItem>): Promise<void> {
  if (unsaved.value.some((item) => item.id === id))
    unsaved.value = unsaved.value.map((item) => (item.id === id ? { ...item, ...part } : item));
  else await orTell(changeItem(id, part));
}

// For a photo that waits for the phone: the person has it sent after all.
export async function sendToServer(id: string): Promise<void> {
  await change(id, { analysedOn: "server" });
  await deliver();
}

export async function drop(id: string): Promise<void> {
  unsaved.value = unsaved.value.filter((item) => item.id !== id);
  await orTell(dropItem(id));
}

// Background Sync, where there is one: the browser wakes the service worker when the network is back.
async function askForSync(): Promise<void> {
  const registration = (await navigator.serviceWorker?.getRegistration()) as
    | (ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } })
    | undefined;
  // A browser may refuse it, by setting or in a private window; then the page sends.
  await registration?.sync?.register(SYNC_TAG).catch(() => {});
}
