// The capture in hand: up to three photos of one spot, with answers. Every change is stored, so that neither a reload
// nor an update loses it.
import { computed, signal } from "@preact/signals";
import type { Answers } from "./api/client";
import { bundle } from "./bundles";
import { WHOLE } from "./crop";
import { isHeif } from "./formats";
import { readDraft, writeDraft } from "./storage/drafts";
import { type Crop, type Draft, type DraftPhoto, newId } from "./storage/records";
import { readSetting, writeSetting } from "./storage/settings";
import { spotById } from "./storage/spots";
import { orTell, StorageTrouble } from "./storage/trouble";

export const MOST_PHOTOS = 3;

// Answers about the person hold for the next spot too; those about the spot must not be sent with another one.
const ABOUT_THE_PERSON = ["age", "sex"];

export const draft = signal<Draft | null>(null);

// A draft that was begun and neither sent nor dropped.
export const openDraft = computed(() => (draft.value && !draft.value.sentAs ? draft.value : null));

export async function loadDraft(): Promise<void> {
  draft.value = (await orTell(readDraft())) ?? null;
}

async function change(next: Draft | null): Promise<void> {
  draft.value = next;
  await orTell(writeDraft(next));
}

export class NotReadable extends Error {}

// Begins a capture with its first photo. `spotId` when it is the next photo of a spot that is followed, `crop` when the
// camera framed it. Throws NotReadable for a HEIC file.
export async function beginDraft(file: Blob, spotId: string | null = null, crop = WHOLE): Promise<void> {
  const photo = await newPhoto(file, crop);
  const person = await rememberedPerson();
  const spot = spotId ? await orTell(spotById(spotId)) : null;
  await change({
    id: newId(),
    created: Date.now(),
    spotId,
    bundle: spot?.bundle ?? bundle.value?.name ?? null,
    answers: spot?.site ? { ...person, site: spot.site } : person,
    photos: [photo],
    sentAs: null,
  });
}

// Adds another photo of the same spot. Throws NotReadable for a HEIC file.
export async function addPhoto(file: Blob, crop = WHOLE): Promise<void> {
  const photo = await newPhoto(file, crop);
  const now = draft.value;
  if (now && now.photos.length < MOST_PHOTOS) await change({ ...now, photos: [...now.photos, photo] });
}

export async function changePhoto(id: string, part: Partial<DraftPhoto>): Promise<void> {
  const now = draft.value;
  if (!now) return;
  await change({ ...now, photos: now.photos.map((one) => (one.id === id ? { ...one, ...part } : one)) });
}

export async function removePhoto(id: string): Promise<void> {
  const now = draft.value;
  if (now) await change({ ...now, photos: now.photos.filter((one) => one.id !== id) });
}

export async function answer(name: string, value: string): Promise<void> {
  const now = draft.value;
  if (!now) return;
  const answers = { ...now.answers, [name]: value };
  await change({ ...now, answers });
  if (ABOUT_THE_PERSON.includes(name)) await orTell(writeSetting("person", aboutThePerson(answers)));
}

export async function markSent(itemId: string): Promise<void> {
  if (draft.value) await change({ ...draft.value, sentAs: itemId });
}

export function dropDraft(): Promise<void> {
  return change(null);
}

async function newPhoto(file: Blob, crop: Crop): Promise<DraftPhoto> {
  if (await isHeif(file)) throw new NotReadable();
  return { id: newId(), file, crop };
}

async function rememberedPerson(): Promise<Answers> {
  try {
    return (await readSetting<Answers>("person")) ?? {};
  } catch (error) {
    if (!(error instanceof StorageTrouble)) throw error;
    return aboutThePerson(draft.value?.answers ?? {});
  }
}

function aboutThePerson(answers: Answers): Answers {
  return Object.fromEntries(Object.entries(answers).filter(([name]) => ABOUT_THE_PERSON.includes(name)));
}
