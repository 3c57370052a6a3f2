import { describe, expect, it } from "vitest";
import { difference, toLab } from "../src/look/colour";
import { findRegion } from "../src/look/region";
import { madeSpot, plainSkin } from "./made-pixels";

describe("colours", () => {
  // Values from Bruce Lindbloom's calculator, sRGB with D65.
  it.each([
    [
      [255, 255, 255],
      [100, 0, 0],
    ],
    [
      [255, 0, 0],
      [53.24, 80.09, 67.2],
    ],
    [
      [0, 0, 255],
      [32.3, 79.19, -107.86],
    ],
    [
      [0, 0, 0],
      [0, 0, 0],
    ],
  ] as const)("%j is %j in Lab", ([red, green, blue], lab) => {
    expect(difference(toLab(red, green, blue), lab)).toBeLessThan(0.05);
  });
});

describe("the spot", () => {
  it("is found where it lies, as large as it is", () => {
    const found = findRegion(madeSpot({ x: 0.42, y: 0.56, radius: 0.2, angle: 0 }));
    expect(found?.x).toBeCloseTo(0.42, 1);
    expect(found?.y).toBeCloseTo(0.56, 1);
    expect(found?.radius).toBeCloseTo(0.2, 1);
    expect(found?.contrast[0]).toBeLessThan(-20);
  });
  it("is not found on plain skin", () => {
    expect(findRegion(plainSkin())).toBeNull();
  });
});
