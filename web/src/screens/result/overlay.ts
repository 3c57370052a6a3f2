// The evidence map as pixels: interpolated smoothly, since a grid of squares suggests edges that are not there.

export interface Overlay {
  width: number;
  height: number;
  pixels: Uint8ClampedArray<ArrayBuffer>;
}

const TEAL = [64, 224, 208] as const;
const STEPS = 24;

export function toOverlay(values: readonly (readonly number[])[]): Overlay {
  const rows = values.length;
  const columns = values[0]?.length ?? 0;
  const width = columns * STEPS;
  const height = rows * STEPS;
  const pixels = new Uint8ClampedArray(width * height * 4);
  const largest = Math.max(0, ...values.flat());
  if (largest === 0) return { width, height, pixels };
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const value = sample(values, (y + 0.5) / STEPS - 0.5, (x + 0.5) / STEPS - 0.5);
      pixels.set([...TEAL, 235 * Math.max(0, value / largest)], 4 * (y * width + x));
    }
  return { width, height, pixels };
}

// Bilinear between the centres of the map's cells; beyond the outermost centres their value goes on.
export function sample(values: readonly (readonly number[])[], row: number, column: number): number {
  const at = (r: number, c: number) => {
    const line = values[Math.min(values.length - 1, Math.max(0, r))] ?? [];
    return line[Math.min(line.length - 1, Math.max(0, c))] ?? 0;
  };
  const [r, c] = [Math.floor(row), Math.floor(column)];
  const [dr, dc] = [row - r, column - c];
  const above = at(r, c) * (1 - dc) + at(r, c + 1) * dc;
  const below = at(r + 1, c) * (1 - dc) + at(r + 1, c + 1) * dc;
  return above * (1 - dr) + below * dr;
}
