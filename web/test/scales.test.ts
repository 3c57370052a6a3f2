import { describe, expect, it } from "vitest";
import { fromZero, labelled, overTime, roundUp } from "../src/screens/spot/scales";

describe("scales", () => {
  it.each([
    [0.07, 0.08],
    [0.4, 0.4],
    [3.1, 4],
    [12, 20],
    [0, 1],
  ])("end at a round number above %d", (value, end) => {
    expect(roundUp(value)).toBeCloseTo(end);
  });
  it("begin at zero, so that heights can be compared", () => {
    const scale = fromZero(7, 100, 0);
    expect(scale(0)).toBe(100);
    expect(scale(8)).toBe(0);
    expect(scale.ticks).toEqual([0, 4, 8]);
  });
  it("place times by their distance, and a single one in the middle", () => {
    const place = overTime([10, 20, 50], 0, 100);
    expect([10, 20, 50].map(place)).toEqual([0, 25, 100]);
    expect(overTime([10], 0, 100)(10)).toBe(50);
  });
});

describe("labels", () => {
  it("are all shown where there is room", () => {
    expect(labelled([0, 50, 100], [1, 2, 3], 40)).toEqual(new Set([0, 1, 2]));
  });
  it("stay apart, the last and the first before the others", () => {
    expect(labelled([0, 5, 50, 95, 100], [1, 9, 5, 0, 2], 20)).toEqual(new Set([0, 2, 4]));
  });
});
