// Millimetres from marks in a photo: something of known length, and the spot beside it.
import type { PhotoSize, Point, Segment } from "../../storage/records";

export interface PhotoShape {
  width: number;
  height: number;
}

export interface Size {
  diameter_mm: number;
  error_mm: number;
}

// How far off each end of a mark may be, as a share of the photo's shorter side: about 3 px on a phone's screen.
export const POINTING = 0.008;
// A surface tilted by 15 degrees looks 3 % shorter, and a coin seldom lies quite as deep as the spot.
export const TILT = 0.03;

// The length of a mark in pixels of the photo.
export function lengthPx([from, to]: Segment, { width, height }: PhotoShape): number {
  return Math.hypot((to.x - from.x) * width, (to.y - from.y) * height);
}

// The spot's diameter, and how far off it may well be: both marks' pointing errors and the tilt, as independent
// relative errors added in quadrature (JCGM 100:2008, 5.1.2). Null while a mark has no length.
export function measure(
  reference: Segment,
  reference_mm: number,
  spot: Segment,
  shape: PhotoShape,
): Size | null {
  const [referencePx, spotPx] = [lengthPx(reference, shape), lengthPx(spot, shape)];
  if (referencePx < 1 || spotPx < 1 || !(reference_mm > 0)) return null;
  const pointingPx = Math.SQRT2 * POINTING * Math.min(shape.width, shape.height);
  const relative = Math.hypot(pointingPx / referencePx, pointingPx / spotPx, TILT);
  const diameter_mm = (spotPx / referencePx) * reference_mm;
  return { diameter_mm, error_mm: relative * diameter_mm };
}

// How many millimetres the photo's shorter side is long.
export function sideMm(size: PhotoSize, shape: PhotoShape): number | null {
  const px = lengthPx(size.referenceMark, shape);
  return px < 1 ? null : (size.reference_mm * Math.min(shape.width, shape.height)) / px;
}

// A point moved by fractions, kept within the photo.
export function moved(point: Point, dx: number, dy: number): Point {
  const within = (value: number) => Math.min(1, Math.max(0, value));
  return { x: within(point.x + dx), y: within(point.y + dy) };
}
