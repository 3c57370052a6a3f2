// The service worker: the app's own files offline, and sending what waits. It never keeps an answer or a photo.
import { notify } from "../outbox/notify";
import { SYNC_TAG, sendAll } from "../outbox/send";
import { CACHE as MODELS } from "../phone/files";
import { REMINDER_TAG, remind } from "../reminders/reminders";
import { allItems } from "../storage/queue";

// Filled in by build.mjs: the app's files, whose names hold a hash of their content, and a hash of them all.
declare const PRECACHE: readonly string[];
declare const BUILD: string;
// The scripts of the model's engine. They are kept with the model, where there is one.
declare const ENGINE: readonly string[];

interface SyncEvent extends ExtendableEvent {
  tag: string;
}

const worker = self as unknown as ServiceWorkerGlobalScope;
const CACHE = `app-${BUILD}`;

worker.addEventListener("install", (event) => {
  event.waitUntil(Promise.all([keep(CACHE, PRECACHE), keepEngine()]));
});

// Where a model is kept, the next version's engine must be here before that version is, or it could not run offline.
async function keepEngine(): Promise<void> {
  if (await caches.has(MODELS)) await keep(MODELS, ENGINE);
}

async function keep(name: string, paths: readonly string[]): Promise<void> {
  await (await caches.open(name)).addAll(paths);
}

worker.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers().then(() => worker.clients.claim()));
});

async function forgetOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith("app-") && name !== CACHE).map((name) => caches.delete(name)),
  );
}

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  // Everything that is not one of the app's files, every answer above all, goes to the network untouched.
  const path = request.mode === "navigate" && url.pathname === "/" ? "/" : url.pathname;
  if (PRECACHE.includes(path)) event.respondWith(fromCache(CACHE, path, request));
  if (ENGINE.includes(path)) event.respondWith(fromCache(MODELS, path, request));
});

async function fromCache(name: string, path: string, request: Request): Promise<Response> {
  return (await caches.match(path, { cacheName: name })) ?? fetch(request);
}

// The page asks for this once the person has agreed to the update.
worker.addEventListener("message", (event) => {
  if (event.data === "activate") void worker.skipWaiting();
});

worker.addEventListener("sync", ((event: SyncEvent) => {
  if (event.tag === SYNC_TAG) event.waitUntil(deliver());
}) as EventListener);

// Only where the phone allows it; see reminders.ts.
worker.addEventListener("periodicsync", ((event: SyncEvent) => {
  if (event.tag === REMINDER_TAG) event.waitUntil(remind(worker.registration));
}) as EventListener);

async function deliver(): Promise<void> {
  for (const item of await sendAll()) await notify(worker.registration, item);
  // Only after a failure does the browser try again by itself.
  if ((await allItems()).some((item) => item.state === "waiting")) throw new Error("still waiting");
}

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(show((event.notification.data as { path: string }).path));
});

async function show(path: string): Promise<void> {
  const [client] = await worker.clients.matchAll({ type: "window" });
  if (!client) {
    await worker.clients.openWindow(`/#${path}`);
    return;
  }
  client.postMessage({ go: path });
  await client.focus();
}
