// All that is kept, as one thing: for backup and for forgetting.
import { changed } from "./changes";
import { stored } from "./database";
import type { KeptAssessment, Photo, Spot } from "./records";

export interface Everything {
  spots: Spot[];
  photos: Photo[];
  assessments: KeptAssessment[];
}

const KEPT = ["spots", "photos", "assessments"] as const;
const ALL = [...KEPT, "queue", "drafts", "settings"] as const;

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

// Adds what a backup holds; what has the same id is replaced, the rest stays.
export async function addEverything(everything: Everything): Promise<void> {
  await stored(async (database) => {
    const write = database.transaction(KEPT, "readwrite");
    await Promise.all([
      ...everything.spots.map((spot) => write.objectStore("spots").put(spot)),
      ...everything.photos.map((photo) => write.objectStore("photos").put(photo)),
      ...everything.assessments.map((one) => write.objectStore("assessments").put(one)),
      write.done,
    ]);
  });
  changed(...KEPT);
}

export async function deleteEverything(): Promise<void> {
  await stored(async (database) => {
    const write = database.transaction(ALL, "readwrite");
    await Promise.all([...ALL.map((name) => write.objectStore(name).clear()), write.done]);
  });
  changed(...ALL);
}
