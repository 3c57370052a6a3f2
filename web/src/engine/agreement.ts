// How far several photos of one spot say the same, each by itself; src/lentigo/inference/agreement.py.
import type { Disagreement, PhotoUse } from "./output";
import type { Sentences } from "./sentences";

// Null where fewer than two photos were used.
export function disagreementOf(photos: readonly PhotoUse[], sentences: Sentences): Disagreement | null {
  const used = photos.filter((photo) => photo.code !== null);
  if (used.length < 2) return null;
  const risks = used.flatMap((photo) => (photo.p_malignant === null ? [] : [photo.p_malignant]));
  const diagnosis = new Set(used.map((photo) => photo.code)).size > 1;
  const tier = new Set(used.map((photo) => photo.tier)).size > 1;
  return {
    diagnosis,
    tier,
    lowest: risks.length > 0 ? Math.min(...risks) : null,
    highest: risks.length > 0 ? Math.max(...risks) : null,
    text: sentences.disagreement(diagnosis, tier),
  };
}
