// The first guess of an alignment, from two stored photos.
import { decode } from "../../crop";
import { smallPixels } from "../../look/pixels";
import type { Alignment, Photo } from "../../storage/records";
import { sideMm } from "../measure/measurement";
import { guess, trueScale } from "./alignment";

export interface Guess {
  alignment: Alignment;
  // Whether both photos are shown to the same scale in millimetres.
  toScale: boolean;
}

// Null when the spot is not found in both photos.
export async function guessFor(earlier: Photo, later: Photo): Promise<Guess | null> {
  const [first, second] = await Promise.all([smallPixels(earlier.blob), smallPixels(later.blob)]);
  if (!first || !second) return null;
  const scale = trueScale(await sideOf(earlier), await sideOf(later));
  const alignment = guess(first, second, scale);
  return alignment && { alignment, toScale: scale !== null };
}

async function sideOf({ size, blob }: Photo): Promise<number | null> {
  if (!size) return null;
  const image = await decode(blob);
  return image && sideMm(size, { width: image.naturalWidth, height: image.naturalHeight });
}
