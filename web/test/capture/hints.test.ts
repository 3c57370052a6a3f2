import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { judge, RULES, rulesOf } from "../../src/screens/capture/hints";
import { measurer } from "../../src/screens/capture/measures";
import { DARK_SKIN, frame, type Made } from "./frames";

function hintsOf(...frames: Made[]) {
  const hints = judge();
  return frames.map((made, seed) => hints(frame({ seed, ...made }))).pop();
}

describe("hints", () => {
  it("has nothing to say about a sharp spot in the middle, on skin of any tone", () => {
    expect(hintsOf({}, {})).toEqual([]);
    expect(hintsOf({ skin: DARK_SKIN }, { skin: DARK_SKIN })).toEqual([]);
    // Red rather than dark, and as large as the outline.
    expect(hintsOf({ shadow: 0.2 }, { shadow: 0.2 })).toEqual([]);
    expect(hintsOf({ mole: [205, 110, 120], radius: 0.3 })).toEqual([]);
  });

  it.each<[string, Made, string]>([
    ["dark", { light: 0.25 }, "too_dark"],
    ["bright", { light: 1.6 }, "too_bright"],
    ["blurred", { blur: 0.25 }, "blurred"],
    ["far away", { radius: 0.08, shadow: 0.2 }, "too_far"],
    ["beside the outline", { x: 0.8 }, "off_centre"],
    ["skin alone", { mole: [214, 166, 140] }, "off_centre"],
  ])("says what is wrong when it is %s", (_, made, hint) => {
    expect(hintsOf(made)).toEqual([hint]);
  });

  it("asks to hold still when the spot moves, not when the light adapts", () => {
    expect(hintsOf({ x: 0.46 }, { x: 0.5 })).toEqual(["moving"]);
    expect(hintsOf({}, { light: 0.95 })).toEqual([]);
  });

  it("tells what matters first", () => {
    expect(hintsOf({ light: 0.2, radius: 0.05 })?.[0]).toBe("too_dark");
  });

  it("stays with a hint until it is clearly better, so that the text does not flicker", () => {
    const hints = judge([{ hint: "too_dark", measure: "light", good: 0.75, limit: 0.28 }]);
    const barely = { light: 0.36 };
    expect(hints(frame(barely))).toEqual([]);
    expect(hints(frame({ light: 0.3 }))).toEqual(["too_dark"]);
    expect(hints(frame(barely))).toEqual(["too_dark"]);
    expect(hints(frame({ light: 0.5 }))).toEqual([]);
    expect(hints(frame(barely))).toEqual([]);
  });
});

describe("rules", () => {
  const card = (measure: "light" | "spot_size" | "glare", reason: "too_dark" | "too_far" | "glare") => ({
    measure,
    reason,
    good: 0.9,
    limit: 0.4,
    refuses: true,
    chosen_on: "",
  });

  it("take the card's limit where the measure is the same, and ask for a little more", () => {
    const rules = rulesOf([card("light", "too_dark"), card("spot_size", "too_far"), card("glare", "glare")]);
    expect(rules[0]).toMatchObject({ hint: "too_dark", measure: "light", good: 0.9 });
    expect(rules[0]?.limit).toBeCloseTo(0.475);
    expect(rules.slice(1)).toEqual(RULES.slice(1));
    const dim = { light: 0.55 };
    expect(judge()(frame(dim))).toEqual([]);
    expect(judge(rules)(frame(dim))).toEqual(["too_dark"]);
  });

  it("let well lit skin of any tone pass by the rules of the bundle that ships", () => {
    const shipped = JSON.parse(
      readFileSync(new URL("../../../src/lentigo/bundles/lesions/card.json", import.meta.url), "utf8"),
    );
    for (const made of [{}, { skin: DARK_SKIN }])
      expect(judge(rulesOf(shipped.quality))(frame(made))).toEqual([]);
    expect(judge(rulesOf(shipped.quality))(frame({ light: 0.25 }))).toEqual(["too_dark"]);
  });
});

// From lentigo.export.quality.QualityMeasures(224) on the pixels that the test makes.
const SERVER = {
  brightness: 0.59838,
  light: 0.78431,
  sharpness: 0.08235,
  blur: 0.19938,
} as const;

describe("measures", () => {
  it("tell size and place of a spot beside a shadow", () => {
    const found = measurer()(frame({ radius: 0.1, x: 0.56, shadow: 0.25 }));
    expect(found.spotSize).toBeCloseTo(0.1 / Math.SQRT2, 1.5);
    expect(found.spotOffset).toBeCloseTo(0.06, 1.5);
  });

  it("agree with the server's on the same frame", () => {
    const stripes = new Uint8ClampedArray(4 * 224 * 224);
    for (let at = 0; at < stripes.length; at += 4) {
      const column = (at / 4) % 224;
      const row = Math.floor(at / 4 / 224);
      const inside = Math.hypot(column - 120, row - 100) < 50;
      stripes.set(
        [inside ? 90 : 200, inside ? 60 : 150 + ((column * 7 + row * 3) % 20), inside ? 50 : 130, 255],
        at,
      );
    }
    const found = measurer()(stripes);
    for (const [name, value] of Object.entries(SERVER))
      expect(found[name as keyof typeof SERVER], name).toBeCloseTo(value, 4);
  });
});
