// Makes pixels as few as the server decodes a JPEG to: 1/2, 1/4 or 1/8 of the sides, as small as it goes while both
// sides keep what is needed (`min_side_px` of src/lentigo/imaging.py; libjpeg does it while it decodes).
import type { Pixels } from "./pixels";

// uint8 (H, W, 3), as the graph takes it.
export interface Rgb {
  data: Uint8Array;
  width: number;
  height: number;
}

// As in src/lentigo/inference/predictor.py: so many times the side that the network sees.
const DECODE_SIDES = 2;

export function shrink({ rgba, width, height }: Pixels, inputSize_px: number): Rgb {
  const step = stepFor(Math.min(width, height), DECODE_SIDES * inputSize_px);
  const [columns, rows] = [Math.ceil(width / step), Math.ceil(height / step)];
  // Clamped arrays round, and halves to the even number: always up would make the photo brighter.
  const data = new Uint8ClampedArray(rows * columns * 3);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const bottom = Math.min(height, (row + 1) * step);
      const right = Math.min(width, (column + 1) * step);
      let [red, green, blue, count] = [0, 0, 0, 0];
      for (let y = row * step; y < bottom; y++)
        for (let x = column * step, at = 4 * (y * width + x); x < right; x++, at += 4) {
          red += rgba[at] as number;
          green += rgba[at + 1] as number;
          blue += rgba[at + 2] as number;
          count++;
        }
      const to = 3 * (row * columns + column);
      data[to] = red / count;
      data[to + 1] = green / count;
      data[to + 2] = blue / count;
    }
  return { data: new Uint8Array(data.buffer), width: columns, height: rows };
}

function stepFor(side_px: number, needed_px: number): number {
  return [8, 4, 2].find((step) => Math.floor(side_px / step) >= needed_px) ?? 1;
}
