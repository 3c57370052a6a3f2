// The square of a photo that is looked at: pure geometry, and cutting it out.
import type { Crop } from "./storage/records";

export interface Size {
  width: number;
  height: number;
}

// The largest square in the middle.
export const WHOLE: Crop = { x: 0.5, y: 0.5, side: 1 };

// Below this the model would see fewer pixels than it takes.
const LEAST_PX = 256;
const LEAST_SIDE = 0.1;
// More pixels than this add nothing to the answer and much to the upload.
const MOST_PX = 1600;
const QUALITY = 0.95;

export function leastSide(size: Size): number {
  return Math.min(1, Math.max(LEAST_SIDE, LEAST_PX / Math.min(size.width, size.height)));
}

// Side of the square in pixels of the photo.
export function sidePx(crop: Crop, size: Size): number {
  return crop.side * Math.min(size.width, size.height);
}

// The nearest crop that lies within the photo.
export function clamp(crop: Crop, size: Size): Crop {
  const side = Math.min(1, Math.max(leastSide(size), crop.side));
  const half = (side * Math.min(size.width, size.height)) / 2;
  const within = (value: number, length: number) =>
    Math.min(1 - half / length, Math.max(half / length, value));
  return { x: within(crop.x, size.width), y: within(crop.y, size.height), side };
}

// Moves the square by fractions of its own side: dx = 1 shows what lay just right of it.
export function pan(crop: Crop, dx: number, dy: number, size: Size): Crop {
  const px = sidePx(crop, size);
  return clamp({ ...crop, x: crop.x + (dx * px) / size.width, y: crop.y + (dy * px) / size.height }, size);
}

// Zooms by `factor` (above 1 comes closer) and keeps the point at (atX, atY) of the square, 0 to 1, in its place.
export function zoom(crop: Crop, factor: number, size: Size, atX = 0.5, atY = 0.5): Crop {
  const side = Math.min(1, Math.max(leastSide(size), crop.side / factor));
  const grown = (crop.side - side) * Math.min(size.width, size.height);
  return clamp(
    {
      x: crop.x + ((atX - 0.5) * grown) / size.width,
      y: crop.y + ((atY - 0.5) * grown) / size.height,
      side,
    },
    size,
  );
}

// The cropped square as a JPEG without EXIF. A file that this browser cannot decode is returned as it is: the server
// may read it, or says why not.
export async function cutOut(file: Blob, crop: Crop): Promise<Blob> {
  const image = await decode(file);
  if (!image) return file;
  const size = { width: image.naturalWidth, height: image.naturalHeight };
  const inside = clamp(crop, size);
  const px = sidePx(inside, size);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.max(1, Math.min(MOST_PX, Math.round(px)));
  const context = canvas.getContext("2d");
  if (!context) return file;
  context.imageSmoothingQuality = "high";
  const left = inside.x * size.width - px / 2;
  const top = inside.y * size.height - px / 2;
  context.drawImage(image, left, top, px, px, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? file), "image/jpeg", QUALITY));
}

// By an image element, which turns the photo upright as EXIF says in every browser.
export async function decode(file: Blob): Promise<HTMLImageElement | null> {
  const url = URL.createObjectURL(file);
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
    return image;
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}
