// Records that the tests make themselves.
import type { Assessment } from "../src/api/client";
import type { QueueItem, Spot } from "../src/storage/records";

export const assessment = { outcome: "assessed", reasons: [], diagnoses: [] } as unknown as Assessment;

export function queueItem(change: Partial<QueueItem> = {}): QueueItem {
  return {
    id: "item",
    created: 1,
    spotId: null,
    bundle: "lesions",
    answers: { age: "71" },
    locale: "en",
    photos: [new Blob(["first"], { type: "image/jpeg" }), new Blob(["second"], { type: "image/jpeg" })],
    state: "waiting",
    attempts: 0,
    code: null,
    assessment: null,
    keptIn: null,
    seen: false,
    notice: { title: "", body: "" },
    ...change,
  };
}

export function madeSpot(change: Partial<Spot> = {}): Spot {
  return { id: "spot", name: "Arm", site: null, bundle: null, created: 1, notes: "", due: null, ...change };
}
