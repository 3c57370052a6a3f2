import { describe, expect, it } from "vitest";
import { cropOf, squarePx } from "../../src/screens/capture/frame";

describe("the square that is seen", () => {
  it("is the whole shorter side of a video that has the finder's shape", () => {
    expect(squarePx({ width: 1440, height: 1920 }, { width: 360, height: 480 })).toBe(1440);
    expect(cropOf({ width: 1280, height: 720 }, { width: 700, height: 560 }).side).toBeCloseTo(1);
  });

  it("is less where the finder shows only a part, and the photo is cropped to it", () => {
    // A camera lying on its side in a finder that stands: 480 high, so 360 of the 853 columns are seen.
    expect(squarePx({ width: 1280, height: 720 }, { width: 360, height: 480 })).toBe(540);
    expect(cropOf({ width: 1280, height: 720 }, { width: 360, height: 480 })).toEqual({
      x: 0.5,
      y: 0.5,
      side: 0.75,
    });
  });
});
