// Finds the spot in a small picture: what differs most from the skin at the picture's edge, near the middle.
// A plain method (Otsu 1979 on the colour difference to the skin), good enough to line two photos up and to follow a
// colour. It gives no medical outline.
import { difference, type Lab, minus, toLab } from "./colour";

export interface Pixels {
  width: number;
  height: number;
  // Red, green, blue, alpha of each pixel.
  data: ArrayLike<number>;
}

export interface Region {
  // The middle of the spot, as fractions of the width and the height.
  x: number;
  y: number;
  // Radius of the circle with the spot's area, as a fraction of the shorter side.
  radius: number;
  // The spot's mean colour less the skin's: what is left when the light changes a little.
  contrast: Lab;
}

const BINS = 64;
// Below this difference to the skin there is nothing to speak of.
const LEAST_CONTRAST = 6;
const LEAST_SHARE = 0.002;
const MOST_SHARE = 0.6;

export function findRegion(pixels: Pixels): Region | null {
  const { width, height } = pixels;
  const colours = blurred(toColours(pixels), width, height);
  const skin = median(colours.filter((_, place) => onEdge(place, width, height)));
  const distances = colours.map((colour) => difference(colour, skin));
  const threshold = Math.max(LEAST_CONTRAST, otsu(distances));
  const inside = central(
    distances.map((distance) => distance > threshold),
    width,
    height,
  );
  const share = inside.length / colours.length;
  if (share < LEAST_SHARE || share > MOST_SHARE) return null;
  const mean = (of: (place: number) => number) =>
    inside.reduce((sum, place) => sum + of(place), 0) / inside.length;
  const channel = (index: 0 | 1 | 2) => mean((place) => colours[place]?.[index] ?? 0);
  return {
    x: (mean((place) => place % width) + 0.5) / width,
    y: (mean((place) => Math.floor(place / width)) + 0.5) / height,
    radius: Math.sqrt(inside.length / Math.PI) / Math.min(width, height),
    contrast: minus([channel(0), channel(1), channel(2)], skin),
  };
}

function toColours({ data, width, height }: Pixels): Lab[] {
  return Array.from({ length: width * height }, (_, place) =>
    toLab(data[4 * place] ?? 0, data[4 * place + 1] ?? 0, data[4 * place + 2] ?? 0),
  );
}

// The mean of each pixel and its neighbours, so that hairs and noise count less.
function blurred(colours: readonly Lab[], width: number, height: number): Lab[] {
  return colours.map((_, place) => {
    const [column, row] = [place % width, Math.floor(place / width)];
    const sum: [number, number, number] = [0, 0, 0];
    let count = 0;
    for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++)
      for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
        const colour = colours[y * width + x];
        if (!colour) continue;
        for (const index of [0, 1, 2] as const) sum[index] += colour[index];
        count++;
      }
    return [sum[0] / count, sum[1] / count, sum[2] / count];
  });
}

function onEdge(place: number, width: number, height: number): boolean {
  const [column, row] = [place % width, Math.floor(place / width)];
  const ring = Math.ceil(Math.min(width, height) / 10);
  return column < ring || row < ring || column >= width - ring || row >= height - ring;
}

function median(colours: readonly Lab[]): Lab {
  const middle = (index: 0 | 1 | 2) =>
    colours.map((colour) => colour[index]).sort((a, b) => a - b)[colours.length >> 1] ?? 0;
  return [middle(0), middle(1), middle(2)];
}

// The value that parts two groups best: the largest variance between them.
function otsu(values: readonly number[]): number {
  const largest = Math.max(...values, 1e-6);
  const counts = new Array<number>(BINS).fill(0);
  for (const value of values) {
    const bin = Math.min(BINS - 1, Math.floor((BINS * value) / largest));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const total = counts.reduce((sum, count, bin) => sum + count * bin, 0);
  let [below, sumBelow, best, at] = [0, 0, -1, 0];
  counts.forEach((count, bin) => {
    below += count;
    sumBelow += count * bin;
    const above = values.length - below;
    if (below === 0 || above === 0) return;
    const variance = below * above * (sumBelow / below - (total - sumBelow) / above) ** 2;
    if (variance > best) [best, at] = [variance, bin];
  });
  return ((at + 1) * largest) / BINS;
}

// The connected part that lies most in the middle, as places of its pixels.
function central(marked: readonly boolean[], width: number, height: number): number[] {
  const seen = new Set<number>();
  let [best, weight] = [[] as number[], 0];
  marked.forEach((is, start) => {
    if (!is || seen.has(start)) return;
    const part = [start];
    seen.add(start);
    for (const place of part)
      for (const next of neighbours(place, width, height))
        if (marked[next] && !seen.has(next)) {
          seen.add(next);
          part.push(next);
        }
    const sum = part.reduce((total, place) => total + centrality(place, width, height), 0);
    if (sum > weight) [best, weight] = [part, sum];
  });
  return best;
}

function neighbours(place: number, width: number, height: number): number[] {
  const [column, row] = [place % width, Math.floor(place / width)];
  return [
    ...(column > 0 ? [place - 1] : []),
    ...(column < width - 1 ? [place + 1] : []),
    ...(row > 0 ? [place - width] : []),
    ...(row < height - 1 ? [place + width] : []),
  ];
}

// A bell over the picture: 1 in the middle, 0.04 halfway to a corner, so that a coin beside the spot counts little.
function centrality(place: number, width: number, height: number): number {
  const x = ((place % width) + 0.5) / width - 0.5;
  const y = (Math.floor(place / width) + 0.5) / height - 0.5;
  return Math.exp(-25 * (x * x + y * y));
}
