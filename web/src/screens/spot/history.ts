// A spot with all that belongs to it, read anew whenever something of it changes.
import { useEffect, useState } from "preact/hooks";
import { smallPixels } from "../../look/pixels";
import { findRegion } from "../../look/region";
import { onChange } from "../../storage/changes";
import type { Photo, Spot } from "../../storage/records";
import { assessmentsOf, changePhoto, photosOf, spotById } from "../../storage/spots";
import { orTell } from "../../storage/trouble";
import { type Check, toChecks } from "./course";

export interface History {
  spot: Spot;
  photos: Photo[];
  checks: Check[];
}

export function useHistory(id: string): History | "lost" | null {
  const [history, setHistory] = useState<History | "lost" | null>(null);
  useEffect(() => {
    let current = true;
    const read = () => void orTell(readHistory(id)).then((found) => current && setHistory(found ?? "lost"));
    read();
    const stops = (["spots", "photos", "assessments"] as const).map((store) => onChange(store, read));
    return () => {
      current = false;
      for (const stop of stops) stop();
    };
  }, [id]);
  return history;
}

async function readHistory(id: string): Promise<History | null> {
  const spot = await spotById(id);
  if (!spot) return null;
  const photos = await photosOf(id);
  return { spot, photos, checks: toChecks(await assessmentsOf(id), photos) };
}

// Looks at the colour of photos that were not looked at yet, one after the other, and stores it with them.
export function useContrasts(checks: readonly Check[]): void {
  const next = checks.map((check) => check.photos[0]).find((photo) => photo && photo.contrast === undefined);
  useEffect(() => {
    if (next) void orTell(storeContrast(next));
  }, [next?.id]);
}

async function storeContrast({ id, blob }: Photo): Promise<void> {
  const pixels = await smallPixels(blob);
  const contrast = (pixels && findRegion(pixels)?.contrast) ?? null;
  await changePhoto(id, (photo) => ({ ...photo, contrast }));
}
