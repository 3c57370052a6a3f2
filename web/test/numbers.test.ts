import { describe, expect, it } from "vitest";
import { fromNow, megabytes, outOf100, significant, weeksLater } from "../src/numbers";
import { inOrder } from "../src/spots";
import { madeSpot } from "./made";

const NOON = new Date(2026, 4, 3, 12).getTime();
const DAY = 86_400_000;

describe("numbers", () => {
  it("tell time from today on", () => {
    expect(fromNow(NOON + 3_600_000, NOON)).toBe("today");
    expect(fromNow(NOON + DAY, NOON)).toBe("tomorrow");
    expect(fromNow(weeksLater(4, NOON), NOON)).toBe("in 4 weeks");
    expect(fromNow(weeksLater(12, NOON), NOON)).toBe("in 3 months");
    expect(fromNow(NOON - 3 * DAY, NOON)).toBe("3 days ago");
  });

  it("never call a chance none or certain", () => {
    expect([0, 0.004, 0.256, 0.9951, 1].map(outOf100)).toEqual(["<1", "<1", "26", ">99", ">99"]);
  });

  it("tell bytes in what people know", () => {
    expect([120_000, 34_500_000, 10_738_000_000].map(megabytes)).toEqual(["0.1 MB", "35 MB", "10.7 GB"]);
  });

  it("tell small numbers by the digits that say something", () => {
    expect([7.53, 12, 1e-5].map((value) => significant(value))).toEqual(["7.5", "12", "0.00001"]);
  });

  it("put what is due first, then the newest", () => {
    const spots = [
      madeSpot({ id: "old", created: 1 }),
      madeSpot({ id: "new", created: 2 }),
      madeSpot({ id: "later", due: 20 }),
      madeSpot({ id: "soon", due: 10 }),
    ];
    const order = inOrder(spots.map((spot) => ({ spot, latest: undefined })));
    expect(order.map(({ spot }) => spot.id)).toEqual(["soon", "later", "new", "old"]);
  });
});
