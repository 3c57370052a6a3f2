import { describe, expect, it } from "vitest";
import { AS_TAKEN, clamp, guess, nudge, toTransforms, trueScale } from "../src/screens/compare/alignment";
import { madeSpot, plainSkin } from "./made-pixels";

const first = { x: 0.5, y: 0.5, radius: 0.18, angle: 0 };

describe("the first guess", () => {
  it.each([
    [{ x: 0.6, y: 0.45, radius: 0.18, angle: 0 }, 0, 1],
    [{ x: 0.5, y: 0.5, radius: 0.18, angle: 40 }, -40, 1],
    [{ x: 0.42, y: 0.56, radius: 0.24, angle: -70 }, 70, 0.75],
    [{ x: 0.5, y: 0.5, radius: 0.18, angle: 170 }, -170, 1],
  ])("finds how %j lies", (second, angle, scale) => {
    const found = guess(madeSpot(first), madeSpot(second), null);
    expect(found).not.toBeNull();
    if (!found) return;
    expect(Math.abs(found.angle - angle)).toBeLessThanOrEqual(4);
    expect(Math.abs(found.scale / scale - 1)).toBeLessThan(0.04);
    // The second spot's middle comes to lie on the first one's.
    const radians = (found.angle * Math.PI) / 180;
    const [x, y] = [found.scale * (second.x - 0.5), found.scale * (second.y - 0.5)];
    expect(Math.cos(radians) * x - Math.sin(radians) * y + found.x).toBeCloseTo(0, 1);
    expect(Math.sin(radians) * x + Math.cos(radians) * y + found.y).toBeCloseTo(0, 1);
  });
  it("keeps a known scale, so that growth shows", () => {
    const grown = madeSpot({ ...first, radius: 0.25 });
    expect(guess(madeSpot(first), grown, 1)?.scale).toBe(1);
  });
  it("is none where no spot is found", () => {
    expect(guess(madeSpot(first), plainSkin(), null)).toBeNull();
  });
});

describe("an alignment by hand", () => {
  it("adds up steps and stays in the frame", () => {
    const turned = nudge(nudge(AS_TAKEN, { angle: 170 }), { angle: 20, scale: 2, x: 0.9 });
    expect(turned).toEqual({ x: 0.5, y: 0, scale: 2, angle: -170 });
    expect(clamp({ x: 0, y: -9, scale: 100, angle: 0 })).toEqual({ x: 0, y: -0.5, scale: 4, angle: 0 });
  });
  it("is written for CSS", () => {
    expect(toTransforms({ x: 0.1, y: -0.2, scale: 1.5, angle: 30 })).toEqual({
      first: "scale(1)",
      second: "translate(10%, -20%) rotate(30deg) scale(1.5)",
    });
    // What is smaller in the second photo is not made smaller still: the first is enlarged.
    expect(toTransforms({ x: 0.1, y: 0, scale: 0.5, angle: 0 })).toEqual({
      first: "scale(2)",
      second: "translate(20%, 0%) rotate(0deg) scale(1)",
    });
  });
  it("knows the true scale only when both photos are measured", () => {
    expect(trueScale(40, 20)).toBe(0.5);
    expect(trueScale(40, null)).toBeNull();
  });
});
