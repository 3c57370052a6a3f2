// All that is kept, as one thing: for backup and for forgetting.
import { changed } from "./changes";
import { stored } from "./database";
import type { KeptAssessment, Photo, QueueItem, Spot } from "./records";

export interface Everything {
  spots: Spot[];
  photos: Photo[];
  assessments: KeptAssessment[];
  // What has not been answered or kept yet. A backup holds none of it.
  queue?: QueueItem[];
}

const KEPT = ["spots", "photos", "assessments"] as const;
const BROUGHT_BACK = [...KEPT, "queue"] as const;
const ALL = [...BROUGHT_BACK, "drafts", "settings"] as const;

export function readEverything(): Promise<Everything> {
  return stored(async (database) => {
    const read = database.transaction(KEPT);
    const [spots, photos, assessments] = await Promise.all([
      read.objectStore("spots").getAll(),
      read.objectStore("photos").getAll(),
      read.objectStore("assessments").getAll(),
    ]);
    return { spots, photos, assessments };
  });
}

// Adds what a backup holds or what was deleted; what has the same id is replaced, the rest stays.
export async function addEverything(everything: Everything): Promise<void> {
  await stored(async (database) => {
    const write = database.transaction(BROUGHT_BACK, "readwrite");
    await Promise.all([
      ...everything.spots.map((spot) => write.objectStore("spots").put(spot)),
      ...everything.photos.map((photo) => write.objectStore("photos").put(photo)),
      ...everything.assessments.map((one) => write.objectStore("assessments").put(one)),
      ...(everything.queue ?? []).map((item) => write.objectStore("queue").put(item)),
      write.done,
    ]);
  });
  changed(...BROUGHT_BACK);
}

// Returns what addEverything can bring back; the draft and the settings are gone.
export async function deleteEverything(): Promise<Everything> {
  const gone = await stored(async (database) => {
    const write = database.transaction(ALL, "readwrite");
    const [spots, photos, assessments, queue] = await Promise.all([
      write.objectStore("spots").getAll(),
      write.objectStore("photos").getAll(),
      write.objectStore("assessments").getAll(),
      write.objectStore("queue").getAll(),
    ]);
    await Promise.all([...ALL.map((name) => write.objectStore(name).clear()), write.done]);
    return { spots, photos, assessments, queue };
  });
  changed(...ALL);
  return gone;
}
