// When a hint is shown, and when the camera releases by itself: a pure function of what was seen, and when.
import type { Hint } from "./hints";

export type Shown = Hint | "good";

export interface Release {
  // What is told; null until the first frames were seen.
  shown: Shown | null;
  // What was seen last, and since when without a change, in ms.
  seen: Shown | null;
  seenSince: number;
  shownSince: number;
  // 0 to 1: how far the ring around the shutter is filled.
  progress: number;
  releases: boolean;
  // When the first frame was looked at; null before.
  begun: number | null;
}

// A hint is told once it has been seen for a moment, and stays long enough to be read.
const SETTLE_MS = 350;
const READ_MS = 1200;
// All must have been good for so long, and not from the first moment: who comes back to take another picture wants to aim.
const GOOD_MS = 1000;
const AIM_MS = 1500;

export const NOTHING_SEEN: Release = {
  shown: null,
  seen: null,
  seenSince: 0,
  shownSince: 0,
  progress: 0,
  releases: false,
  begun: null,
};

// One look at a frame: its most important hint, or none, `at` so many milliseconds.
export function look(before: Release, hint: Hint | undefined, at: number, automatic: boolean): Release {
  const seen = hint ?? "good";
  const begun = before.begun ?? at;
  const seenSince = seen === before.seen ? before.seenSince : at;
  const readable = before.shown === null || before.shown === "good" || at - before.shownSince >= READ_MS;
  const changes = seen !== before.shown && readable && at - seenSince >= SETTLE_MS;
  const shown = changes ? seen : before.shown;
  const shownSince = changes ? at : before.shownSince;
  // Counted from when "good" is told, so that nobody is surprised; anything else seen begins anew.
  const good =
    automatic && shown === "good" && seen === "good"
      ? at - Math.max(shownSince, seenSince, begun + AIM_MS)
      : 0;
  const progress = Math.min(1, Math.max(0, good / GOOD_MS));
  return { shown, seen, seenSince, shownSince, progress, releases: progress === 1, begun };
}
