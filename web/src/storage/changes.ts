// Tells this tab, the other tabs and the service worker's pages that a store has changed.
import type { Shape } from "./database";

export type StoreName = keyof Shape & string;
type Listener = (store: StoreName) => void;

const listeners = new Set<Listener>();
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("lentigo");
channel?.addEventListener("message", (event: MessageEvent<StoreName>) => tell(event.data));

function tell(store: StoreName): void {
  for (const listener of listeners) listener(store);
}

export function changed(...stores: StoreName[]): void {
  for (const store of stores) {
    tell(store);
    channel?.postMessage(store);
  }
}

export function onChange(store: StoreName, listener: () => void): () => void {
  const one: Listener = (name) => {
    if (name === store) listener();
  };
  listeners.add(one);
  return () => listeners.delete(one);
}
