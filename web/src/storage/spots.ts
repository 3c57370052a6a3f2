// Spots, their photos and their answers.
import { changed } from "./changes";
import { stored } from "./database";
import type { Everything } from "./everything";
import { persist } from "./persistence";
import { type KeptAssessment, newId, type Photo, type QueueItem, type Spot } from "./records";

export function allSpots(): Promise<Spot[]> {
  return stored((database) => database.getAll("spots"));
}

export function spotById(id: string): Promise<Spot | undefined> {
  return stored((database) => database.get("spots", id));
}

// Photos of a spot, the oldest first.
export async function photosOf(spotId: string): Promise<Photo[]> {
  const photos = await stored((database) => database.getAllFromIndex("photos", "spotId", spotId));
  return photos.sort((a, b) => a.taken - b.taken);
}

// Answers about a spot, the oldest first.
export async function assessmentsOf(spotId: string): Promise<KeptAssessment[]> {
  const found = await stored((database) => database.getAllFromIndex("assessments", "spotId", spotId));
  return found.sort((a, b) => a.created - b.created);
}

// A kept answer with its photos in the order they were sent.
export function assessmentById(id: string): Promise<{ kept: KeptAssessment; photos: Photo[] } | undefined> {
  return stored(async (database) => {
    const kept = await database.get("assessments", id);
    if (!kept) return undefined;
    const photos = await Promise.all(kept.photoIds.map((photoId) => database.get("photos", photoId)));
    return { kept, photos: photos.filter((photo) => photo !== undefined) };
  });
}

export async function saveSpot(spot: Spot): Promise<void> {
  await persist();
  await stored((database) => database.put("spots", spot));
  changed("spots");
}

// Changes a spot unless it was deleted meanwhile.
export async function changeSpot(id: string, change: Partial<Spot>): Promise<void> {
  await stored(async (database) => {
    const write = database.transaction("spots", "readwrite");
    const found = await write.store.get(id);
    await Promise.all([found && write.store.put({ ...found, ...change }), write.done]);
  });
  changed("spots");
}

export function photoById(id: string): Promise<Photo | undefined> {
  return stored((database) => database.get("photos", id));
}

// Changes a photo unless it was deleted meanwhile.
export async function changePhoto(id: string, change: (photo: Photo) => Photo): Promise<void> {
  await stored(async (database) => {
    const write = database.transaction("photos", "readwrite");
    const found = await write.store.get(id);
    await Promise.all([found && write.store.put(change(found)), write.done]);
  });
  changed("photos");
}

// Keeps an answered queue item in `spot`: photos, answer and spot at once or not at all.
export async function keep(item: QueueItem, spot: Spot): Promise<void> {
  const { assessment } = item;
  if (!assessment) throw new Error("Only an answered item can be kept.");
  await persist();
  const photos = item.photos.map((blob) => ({
    id: newId(),
    spotId: spot.id,
    assessmentId: item.id,
    taken: item.created,
    blob,
  }));
  await stored(async (database) => {
    const write = database.transaction(["spots", "photos", "assessments"], "readwrite");
    // `done` is what tells of a full disk: a request alone may succeed before its transaction is refused.
    await Promise.all([
      write.objectStore("spots").put(spot),
      ...photos.map((photo) => write.objectStore("photos").put(photo)),
      write.objectStore("assessments").put({
        id: item.id,
        spotId: spot.id,
        created: item.created,
        photoIds: photos.map((photo) => photo.id),
        bundle: item.bundle,
        answers: item.answers,
        assessment,
        analysedOn: item.analysedOn,
      }),
      write.done,
    ]);
  });
  changed("spots", "photos", "assessments");
}

// Deletes one answer with its photos; the spot stays. Returns what was deleted, for addEverything to bring back.
export async function deleteAssessment(id: string): Promise<Everything> {
  const gone = await stored(async (database) => {
    const write = database.transaction(["photos", "assessments"], "readwrite");
    const kept = await write.objectStore("assessments").get(id);
    const photos = await Promise.all(
      kept?.photoIds.map((photoId) => write.objectStore("photos").get(photoId)) ?? [],
    );
    await Promise.all([
      ...(kept?.photoIds.map((photoId) => write.objectStore("photos").delete(photoId)) ?? []),
      write.objectStore("assessments").delete(id),
      write.done,
    ]);
    return {
      spots: [],
      photos: photos.filter((photo) => photo !== undefined),
      assessments: kept ? [kept] : [],
    };
  });
  changed("photos", "assessments");
  return gone;
}

// Deletes a spot with all that belongs to it. Returns what was deleted, for addEverything to bring back.
export async function deleteSpot(id: string): Promise<Everything> {
  const gone = await stored(async (database) => {
    const write = database.transaction(["spots", "photos", "assessments"], "readwrite");
    const spot = await write.objectStore("spots").get(id);
    const photos = await write.objectStore("photos").index("spotId").getAll(id);
    const assessments = await write.objectStore("assessments").index("spotId").getAll(id);
    await Promise.all([
      write.objectStore("spots").delete(id),
      ...photos.map((one) => write.objectStore("photos").delete(one.id)),
      ...assessments.map((one) => write.objectStore("assessments").delete(one.id)),
      write.done,
    ]);
    return { spots: spot ? [spot] : [], photos, assessments };
  });
  changed("spots", "photos", "assessments");
  return gone;
}
