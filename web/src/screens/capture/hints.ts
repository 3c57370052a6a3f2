// What to change for a better picture: the rules, and the one place where their limits stand. A rule has the shape of
// the quality rules in a bundle's card, so that a card's rules can take the place of these.
import { type Measures, measurer, type Pixels } from "./measures";

export type Hint = "too_dark" | "too_bright" | "moving" | "off_centre" | "too_far" | "blurred";

export interface Rule {
  hint: Hint;
  measure: keyof Measures;
  // A usual value of a good photo; it says which way is bad: away from it, past the limit.
  good: number;
  limit: number;
}

// In the order in which they are worth telling: nothing can be judged in the dark, and motion blurs. The limits of light,
// blur and spot size are near those of lentigo.export.quality_rules, a little stricter: here, asking costs nothing yet.
// Very dark skin in good light has a `light` of about 0.36, and is not "too dark".
export const RULES: readonly Rule[] = [
  { hint: "too_dark", measure: "light", good: 0.75, limit: 0.28 },
  { hint: "too_bright", measure: "brightness", good: 0.6, limit: 0.85 },
  { hint: "moving", measure: "motion", good: 0.02, limit: 0.07 },
  { hint: "off_centre", measure: "contrast", good: 0.15, limit: 0.04 },
  { hint: "off_centre", measure: "spotOffset", good: 0.06, limit: 0.15 },
  { hint: "too_far", measure: "spotSize", good: 0.26, limit: 0.13 },
  { hint: "blurred", measure: "blur", good: 0.31, limit: 0.42 },
  { hint: "blurred", measure: "sharpness", good: 0.03, limit: 0.01 },
];

// A hint that was given stays until the measure is past the limit by this share of the way to a good value.
const MARGIN = 0.12;

// Gives the hints for one frame after the other, the most important first; none when all is good.
export type Judge = (frame: Pixels) => Hint[];

export function judge(rules: readonly Rule[] = RULES): Judge {
  const measure = measurer();
  let broken: ReadonlySet<Rule> = new Set();
  return (frame) => {
    const measures = measure(frame);
    broken = new Set(rules.filter((rule) => isBroken(rule, measures, broken.has(rule))));
    return [...new Set([...broken].map((rule) => rule.hint))];
  };
}

function isBroken({ measure, good, limit }: Rule, measures: Measures, was: boolean): boolean {
  // 0 at the limit, 1 where the photo is good.
  const score = (measures[measure] - limit) / (good - limit);
  return score < (was ? MARGIN : 0);
}
