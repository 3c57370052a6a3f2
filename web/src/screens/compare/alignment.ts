// Lays one photo over another: a first guess from the spot's place, size and pattern, and steps by hand.
import { toLab } from "../../look/colour";
import { findRegion, type Pixels, type Region } from "../../look/region";
import type { Alignment } from "../../storage/records";

export const AS_TAKEN: Alignment = { x: 0, y: 0, scale: 1, angle: 0 };

const MOST_SHIFT = 0.5;
const MOST_SCALE = 4;
// How far from the spot the patterns are compared, in its radii.
const REACH = 1.5;
// Steps of the grid on which patterns are compared.
const GRID = 40;
const COARSE_DEGREES = 10;
// A turn has to be clearly better than none: on a round, even spot all are alike.
const LEAST_GAIN = 0.01;

// Null when the spot is not found in both. `scale` is the zoom that brings both to the same scale where sizes in mm
// are known; otherwise both spots are shown equally large, and a change of size does not show.
export function guess(first: Pixels, second: Pixels, scale: number | null): Alignment | null {
  const [one, other] = [findRegion(first), findRegion(second)];
  if (!one || !other) return null;
  const zoom = scale ?? one.radius / other.radius;
  const [light, otherLight] = [lightness(first), lightness(second)];
  const like = (angle: number) => {
    const alignment = centred(one, other, zoom, angle);
    return { alignment, score: likeness(light, otherLight, one, alignment) };
  };
  const straight = like(0);
  let best = straight;
  const consider = (angle: number) => {
    const turned = like(angle);
    if (turned.score > best.score) best = turned;
  };
  for (let angle = -180 + COARSE_DEGREES; angle <= 180; angle += COARSE_DEGREES) consider(angle);
  const around = best.alignment.angle;
  for (let step = 1 - COARSE_DEGREES; step < COARSE_DEGREES; step++) consider(around + step);
  return clamp((best.score > straight.score + LEAST_GAIN ? best : straight).alignment);
}

// The alignment that brings the second spot's middle to the first one's.
function centred(one: Region, other: Region, scale: number, angle: number): Alignment {
  const moved = turn({ x: scale * (other.x - 0.5), y: scale * (other.y - 0.5) }, angle);
  return { x: one.x - 0.5 - moved.x, y: one.y - 0.5 - moved.y, scale, angle };
}

function turn({ x, y }: { x: number; y: number }, degrees: number) {
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  return { x: cos * x - sin * y, y: sin * x + cos * y };
}

function lightness(pixels: Pixels): Pixels {
  const data = Array.from(
    { length: pixels.width * pixels.height },
    (_, place) =>
      toLab(pixels.data[4 * place] ?? 0, pixels.data[4 * place + 1] ?? 0, pixels.data[4 * place + 2] ?? 0)[0],
  );
  return { ...pixels, data };
}

// Normalised correlation of both photos' lightness on a disc around the spot, -1 to 1.
function likeness(first: Pixels, second: Pixels, region: Region, alignment: Alignment): number {
  const reach = REACH * region.radius;
  const pairs: [number, number][] = [];
  for (let row = 0; row < GRID; row++)
    for (let column = 0; column < GRID; column++) {
      const offset = { x: ((column + 0.5) / GRID - 0.5) * 2, y: ((row + 0.5) / GRID - 0.5) * 2 };
      if (Math.hypot(offset.x, offset.y) > 1) continue;
      const x = region.x + reach * offset.x;
      const y = region.y + reach * offset.y;
      const back = turn({ x: x - 0.5 - alignment.x, y: y - 0.5 - alignment.y }, -alignment.angle);
      const one = at(first, x, y);
      const other = at(second, back.x / alignment.scale + 0.5, back.y / alignment.scale + 0.5);
      if (one !== null && other !== null) pairs.push([one, other]);
    }
  return correlation(pairs);
}

function at({ data, width, height }: Pixels, x: number, y: number): number | null {
  const [column, row] = [Math.floor(x * width), Math.floor(y * height)];
  if (column < 0 || row < 0 || column >= width || row >= height) return null;
  return data[row * width + column] ?? null;
}

function correlation(pairs: readonly (readonly [number, number])[]): number {
  const count = Math.max(1, pairs.length);
  const meanOne = pairs.reduce((sum, [one]) => sum + one, 0) / count;
  const meanOther = pairs.reduce((sum, [, other]) => sum + other, 0) / count;
  let [both, ones, others] = [0, 0, 0];
  for (const [one, other] of pairs) {
    both += (one - meanOne) * (other - meanOther);
    ones += (one - meanOne) ** 2;
    others += (other - meanOther) ** 2;
  }
  return both / Math.max(1e-9, Math.sqrt(ones * others));
}

// The nearest alignment that keeps something of the photo in the frame.
export function clamp({ x, y, scale, angle }: Alignment): Alignment {
  const within = (value: number, most: number) => Math.min(most, Math.max(-most, value));
  return {
    x: within(x, MOST_SHIFT),
    y: within(y, MOST_SHIFT),
    scale: Math.min(MOST_SCALE, Math.max(1 / MOST_SCALE, scale)),
    angle: ((((angle + 180) % 360) + 360) % 360) - 180,
  };
}

export function nudge(alignment: Alignment, change: Partial<Alignment>): Alignment {
  return clamp({
    x: alignment.x + (change.x ?? 0),
    y: alignment.y + (change.y ?? 0),
    scale: alignment.scale * (change.scale ?? 1),
    angle: alignment.angle + (change.angle ?? 0),
  });
}

// How much both photos are enlarged, so that a second photo that is scaled down still fills the frame.
export function viewZoom({ scale }: Alignment): number {
  return Math.max(1, 1 / scale);
}

// Both photos' places for CSS, on elements as large as the frame.
export function toTransforms(alignment: Alignment): { first: string; second: string } {
  const { x, y, scale, angle } = alignment;
  const zoom = viewZoom(alignment);
  return {
    first: `scale(${zoom})`,
    second: `translate(${100 * zoom * x}%, ${100 * zoom * y}%) rotate(${angle}deg) scale(${zoom * scale})`,
  };
}

// The zoom of the second photo that brings both to the same scale: millimetres per side of the frame, second by first.
export function trueScale(first: number | null, second: number | null): number | null {
  return first && second ? second / first : null;
}
