import { describe, expect, it } from "vitest";
import { shrink } from "../../src/phone/shrink";

// Red counts columns, green rows; blue and alpha stay.
function pixels(width: number, height: number) {
  const rgba = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rgba.set([x % 256, y % 256, 7, 255], 4 * (y * width + x));
  return { rgba, width, height };
}

describe("shrink", () => {
  it.each([
    [1600, 1600, 2, 800, 800],
    [896, 1000, 2, 448, 500],
    [895, 1000, 1, 895, 1000],
    [100, 80, 1, 100, 80],
    [1792, 2001, 4, 448, 501],
    [4000, 4001, 8, 500, 501],
  ])("of %i x %i takes every %i-th", (width, height, _step, columns, rows) => {
    const { data, ...size } = shrink(pixels(width, height), 224);
    expect(size).toEqual({ width: columns, height: rows });
    expect(data).toHaveLength(3 * columns * rows);
  });

  it("averages blocks, halves to the even number, and drops alpha", () => {
    const { data } = shrink(pixels(8, 8), 2);
    // Blocks of 2 x 2: columns 0 and 1 give 0.5, columns 2 and 3 give 2.5, columns 6 and 7 give 6.5.
    expect([...data.slice(0, 6)]).toEqual([0, 0, 7, 2, 0, 7]);
    expect([...data.slice(9, 12)]).toEqual([6, 0, 7]);
  });

  it("averages what there is of the last block", () => {
    const { data, width } = shrink(pixels(9, 8), 2);
    expect(width).toBe(5);
    expect([...data.slice(12, 15)]).toEqual([8, 0, 7]);
  });
});
