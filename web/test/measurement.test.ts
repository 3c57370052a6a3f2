import { describe, expect, it } from "vitest";
import { lengthPx, measure, moved, POINTING, sideMm, TILT } from "../src/screens/measure/measurement";
import { COINS, coinNamed } from "../src/screens/measure/references";
import type { Segment } from "../src/storage/records";

const shape = { width: 1000, height: 800 };
const mark = (x1: number, y1: number, x2: number, y2: number): Segment => [
  { x: x1, y: y1 },
  { x: x2, y: y2 },
];

describe("a measurement", () => {
  it("counts pixels of the photo, whatever its shape", () => {
    expect(lengthPx(mark(0, 0, 0.3, 0.5), shape)).toBeCloseTo(500);
  });
  it("scales by the coin", () => {
    const found = measure(mark(0.1, 0.1, 0.5, 0.1), 23.25, mark(0.6, 0.5, 0.7, 0.5), shape);
    expect(found?.diameter_mm).toBeCloseTo(23.25 / 4);
  });
  it("is as sure as its marks are long", () => {
    const long = measure(mark(0, 0, 0.5, 0), 23.25, mark(0.5, 0.5, 0.9, 0.5), shape);
    const short = measure(mark(0, 0, 0.5, 0), 23.25, mark(0.5, 0.5, 0.52, 0.5), shape);
    if (!long || !short) throw new Error("both can be measured");
    const pointing = (Math.SQRT2 * POINTING * 800) / 20;
    expect(short.error_mm / short.diameter_mm).toBeCloseTo(
      Math.hypot(pointing, (Math.SQRT2 * POINTING * 800) / 500, TILT),
    );
    expect(long.error_mm / long.diameter_mm).toBeLessThan(0.05);
  });
  it("is none while a mark has no length or the ruler no number", () => {
    expect(measure(mark(0, 0, 0, 0), 10, mark(0, 0, 1, 1), shape)).toBeNull();
    expect(measure(mark(0, 0, 1, 1), Number.NaN, mark(0, 0, 1, 1), shape)).toBeNull();
  });
  it("tells the scale of the photo", () => {
    const size = {
      reference: "eur-1",
      reference_mm: 20,
      referenceMark: mark(0, 0, 0.4, 0),
      spotMark: mark(0, 0, 0.1, 0),
      diameter_mm: 5,
      error_mm: 1,
    };
    expect(sideMm(size, shape)).toBeCloseTo(40);
  });
  it("keeps marks in the photo", () => {
    expect(moved({ x: 0.95, y: 0.5 }, 0.1, -0.1)).toEqual({ x: 1, y: 0.4 });
  });
  it("knows coins by ids of their own", () => {
    expect(new Set(COINS.map((coin) => coin.id)).size).toBe(COINS.length);
    expect(coinNamed("eur-1")?.diameter_mm).toBe(23.25);
    for (const coin of COINS) expect(coin.diameter_mm).toSatisfy((mm: number) => mm > 15 && mm < 30);
  });
});
