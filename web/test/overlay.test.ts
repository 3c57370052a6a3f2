import { describe, expect, it } from "vitest";
import { sample, toOverlay } from "../src/screens/result/overlay";

describe("overlay", () => {
  it("marks the strongest place most and leaves evidence against out", () => {
    const overlay = toOverlay([
      [1, -1],
      [0.5, 0],
    ]);
    const alpha = (row: number, column: number) =>
      overlay.pixels[4 * ((row * 24 + 12) * overlay.width + column * 24 + 12) + 3] ?? 0;
    expect(alpha(0, 0)).toBeGreaterThan(200);
    expect(alpha(0, 0)).toBeGreaterThan(alpha(1, 0));
    expect(alpha(1, 0)).toBeGreaterThan(alpha(1, 1));
    expect(alpha(0, 1)).toBe(0);
  });

  it("is clear where nothing speaks for the diagnosis", () => {
    expect(toOverlay([[-1, 0]]).pixels.every((value) => value === 0)).toBe(true);
    expect(toOverlay([])).toMatchObject({ width: 0, height: 0 });
  });

  it("passes through the values at the centres of the cells", () => {
    const values = [
      [1, 2],
      [3, 4],
    ];
    expect(sample(values, 0, 1)).toBe(2);
    expect(sample(values, 0.5, 0.5)).toBe(2.5);
    expect(sample(values, -3, 9)).toBe(2);
  });
});
