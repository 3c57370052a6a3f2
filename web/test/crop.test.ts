import { describe, expect, it } from "vitest";
import { clamp, leastSide, pan, sidePx, WHOLE, zoom } from "../src/crop";

const WIDE = { width: 4000, height: 2000 };

describe("crop", () => {
  it("begins with the largest square in the middle", () => {
    expect(clamp(WHOLE, WIDE)).toEqual(WHOLE);
    expect(sidePx(WHOLE, WIDE)).toBe(2000);
  });

  it("never leaves the photo", () => {
    expect(pan(WHOLE, 9, 9, WIDE)).toEqual({ x: 0.75, y: 0.5, side: 1 });
    const corner = pan(zoom(WHOLE, 4, WIDE), -99, -99, WIDE);
    expect(corner).toEqual({ x: 0.0625, y: 0.125, side: 0.25 });
  });

  it("keeps what is under the finger where it is while zooming", () => {
    const before = { x: 0.4, y: 0.5, side: 0.5 };
    const at = (crop: typeof before, fx: number) => crop.x * WIDE.width + (fx - 0.5) * sidePx(crop, WIDE);
    const after = zoom(before, 2, WIDE, 0.8, 0.5);
    expect(after.side).toBeCloseTo(0.25);
    expect(at(after, 0.8)).toBeCloseTo(at(before, 0.8));
  });

  it("zooms no closer than the model has pixels for, and not out of the photo", () => {
    expect(zoom(WHOLE, 1000, WIDE).side).toBeCloseTo(256 / 2000);
    expect(zoom(WHOLE, 0.1, WIDE).side).toBe(1);
    expect(leastSide({ width: 100, height: 100 })).toBe(1);
    expect(leastSide({ width: 9000, height: 9000 })).toBe(0.1);
  });
});
