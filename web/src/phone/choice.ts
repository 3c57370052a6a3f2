// Where a photo is analysed, and why there: a pure function of what the phone has and what the person chose.

export type Place = "phone" | "server";

export type Why =
  // The person said so.
  | "chosen"
  // The phone is fast enough.
  | "fast"
  // It is not, but there is no network.
  | "offline"
  | "slow"
  // The model is not here, or not yet.
  | "no_model"
  // It is here, and this browser could not run it.
  | "failed";

// One photo, from its pixels to the answer. A server takes about as long to get a photo over a phone's network.
export const FAST_ENOUGH_MS = 1000;

export interface Means {
  // What the person chose; null for whichever is better.
  chosen: Place | null;
  // Milliseconds that a photo took in the trial; null where it failed. Undefined while the model is not here.
  photo_ms: number | null | undefined;
  online: boolean;
}

export function choosePlace({ chosen, photo_ms, online }: Means): { place: Place; why: Why } {
  if (chosen) return { place: chosen, why: "chosen" };
  if (photo_ms === undefined) return { place: "server", why: "no_model" };
  if (photo_ms === null) return { place: "server", why: "failed" };
  if (photo_ms <= FAST_ENOUGH_MS) return { place: "phone", why: "fast" };
  return online ? { place: "server", why: "slow" } : { place: "phone", why: "offline" };
}
