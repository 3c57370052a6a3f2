// How a spot went over time: one point for each check.
import type { Tier } from "../../api/client";
import { difference } from "../../look/colour";
import type { KeptAssessment, Photo, PhotoSize } from "../../storage/records";

export interface Check {
  id: string;
  time: number;
  photos: Photo[];
  kept: KeptAssessment;
  tier: Tier | null;
  // Probability that it is dangerous, 0 to 1; null without an estimate.
  chance: number | null;
  size: PhotoSize | null;
  // Colour difference (CIE 1976) to the first check of which it is known.
  look: number | null;
}

// The oldest first.
export function toChecks(assessments: readonly KeptAssessment[], photos: readonly Photo[]): Check[] {
  const checks = assessments.map((kept) => {
    const own = kept.photoIds.flatMap((id) => photos.find((photo) => photo.id === id) ?? []);
    const { risk } = kept.assessment;
    return {
      id: kept.id,
      time: kept.created,
      photos: own,
      kept,
      tier: risk?.tier ?? null,
      chance: risk?.p_malignant ?? null,
      size: own.find((photo) => photo.size)?.size ?? null,
      contrast: own[0]?.contrast ?? null,
    };
  });
  const first = checks.find((check) => check.contrast)?.contrast;
  return checks.map(({ contrast, ...check }) => ({
    ...check,
    look: first && contrast ? difference(contrast, first) : null,
  }));
}
