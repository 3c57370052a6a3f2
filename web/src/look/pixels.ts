// A photo's pixels, small.
import { decode } from "../crop";
import type { Pixels } from "./region";

export const SMALL_PX = 96;

// The photo's middle square at SMALL_PX, as the frames of the app show it; null where this browser cannot decode it.
export async function smallPixels(blob: Blob): Promise<Pixels | null> {
  const image = await decode(blob);
  if (!image) return null;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SMALL_PX;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return null;
  const side = Math.min(image.naturalWidth, image.naturalHeight);
  context.imageSmoothingQuality = "high";
  context.drawImage(
    image,
    (image.naturalWidth - side) / 2,
    (image.naturalHeight - side) / 2,
    side,
    side,
    0,
    0,
    SMALL_PX,
    SMALL_PX,
  );
  return context.getImageData(0, 0, SMALL_PX, SMALL_PX);
}
