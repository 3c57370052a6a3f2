// What to change for a better picture. Limits of what is measured live as in the model's graph come from the card's
// quality rules; what only a live picture has, and what a card does not judge, has its limits here.
import type { QualityRule } from "../../api/client";
import { type Measures, measurer, type Pixels } from "./measures";

export type Hint = "too_dark" | "too_bright" | "moving" | "off_centre" | "too_far" | "blurred";

export interface Rule {
  hint: Hint;
  measure: keyof Measures;
  // A usual value of a good photo; it says which way is bad: away from it, past the limit.
  good: number;
  limit: number;
}

// In the order in which they are worth telling: nothing can be judged in the dark, and motion blurs. Very dark skin in
// good light has a `light` of about 0.36, and is not "too dark".
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

// Computed as in lentigo.export.quality, so that a card's limits hold; a live spot's size and place are not.
const SHARED: readonly (keyof Measures)[] = ["light", "brightness", "sharpness", "blur"];

// Asking costs nothing yet, so a live picture has to be better than the limit at which a photo is sent back, by this
// share of the way to a good one.
const STRICTER = 0.15;

// The rules with the limits of a card, where it has any.
export function rulesOf(card: readonly QualityRule[]): Rule[] {
  return RULES.map((rule) => {
    const known = SHARED.includes(rule.measure)
      ? card.find(({ measure, reason }) => measure === rule.measure && reason === rule.hint)
      : undefined;
    if (!known) return rule;
    const { good, limit } = known;
    return { ...rule, good, limit: limit + STRICTER * (good - limit) };
  });
}

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
