// The service worker, and updates of the app: a new version waits until the person agrees to it.
import { signal } from "@preact/signals";
import { go } from "./router";

export const updateReady = signal(false);

let registration: ServiceWorkerRegistration | undefined;
let reloading = false;

export async function startWorker(): Promise<void> {
  // Only over HTTPS or on this machine; elsewhere the app works, but not offline.
  if (!navigator.serviceWorker) return;
  const workers = navigator.serviceWorker;
  const before = workers.controller;
  workers.addEventListener("controllerchange", () => {
    if (reloading) location.reload();
    // Another tab took the update: what this one has yet to load may be gone.
    else if (before) updateReady.value = true;
  });
  workers.addEventListener("message", (event: MessageEvent<{ go?: string }>) => {
    if (event.data.go) go(event.data.go);
  });
  try {
    registration = await workers.register("/service-worker.js");
  } catch {
    // A browser may forbid it, in a private window for one.
    return;
  }
  const look = (found: ServiceWorker | null) => {
    if (found?.state === "installed" && workers.controller) updateReady.value = true;
  };
  look(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const found = registration?.installing ?? null;
    found?.addEventListener("statechange", () => look(found));
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void registration?.update().catch(() => {});
  });
}

// Nothing is lost: the draft is stored with every change.
export function applyUpdate(): void {
  reloading = true;
  if (registration?.waiting) registration.waiting.postMessage("activate");
  else location.reload();
}
