// How safely and how much is stored.
import { stored } from "./database";

let asked = false;

// Asks the browser, at the first save, not to clear this storage when space runs short. It may say no.
export async function persist(): Promise<void> {
  if (asked || typeof navigator === "undefined") return;
  asked = true;
  await navigator.storage?.persist?.().catch(() => false);
}

// Bytes used, and bytes that may be; null where the browser does not tell.
export async function usage(): Promise<{ used: number; quota: number } | null> {
  const estimate = await navigator.storage?.estimate?.().catch(() => null);
  if (!estimate || estimate.usage === undefined || estimate.quota === undefined) return null;
  return { used: estimate.usage, quota: estimate.quota };
}

export async function countKept(): Promise<{ spots: number; photos: number }> {
  return stored(async (database) => ({
    spots: await database.count("spots"),
    photos: await database.count("photos"),
  }));
}
