// What to do next, by the table that the server reads too; src/lentigo/inference/next_step.py.
import type { Tier } from "../api/client";
import type { Given } from "./answers";
import type { ModelCard } from "./card";
import { decideRisk, softmax } from "./decision";
import type { NextStep, Outcome, Reason, Vector } from "./output";
import { fill } from "./sentences";
import type { LanguageTexts, StepRow, StepTable } from "./taxonomy";
import { DANGEROUS, tierProbability } from "./tiers";
import { sum } from "./vectors";

// Stands in the table for a model whose classes have no tiers.
const NO_TIER = "none";

// All that the next step depends on. `signs` are those that the person answered with yes, in the table's order.
export interface Situation {
  outcome: Outcome;
  tier: Tier | null;
  reasons: readonly Reason[];
  signs: readonly string[];
  uncertain: boolean;
}

export function signsOf(table: StepTable, given: Given): string[] {
  return Object.keys(table.signs).filter((name) => given[name] === "yes");
}

// The points of these signs, each feature of the checklist counted once.
function pointsOf(table: StepTable, signs: readonly string[]): number {
  const points = new Map(signs.map((name) => [table.signs[name]?.feature, table.signs[name]?.points ?? 0]));
  return sum([...points.values()]);
}

// Whether a low tier should be trusted less. `photoLogits` are those of each used photo by itself.
export function isUncertain(
  table: StepTable,
  card: ModelCard,
  probabilities: Vector,
  photoLogits: readonly Vector[],
  reasons: readonly Reason[],
): boolean {
  if (reasons.some((one) => table.uncertain_reasons.includes(one))) return true;
  const shown = [probabilities, ...photoLogits.map(softmax)].flatMap((one) => decideRisk(card, one) ?? []);
  if (new Set(shown.map((risk) => risk.tier)).size > 1) return true;
  return isNear(table.share_of_threshold, card, probabilities);
}

// Whether a summed probability is below its threshold, yet reaches `share` of it.
function isNear(share: number, card: ModelCard, probabilities: Vector): boolean {
  const { high, malignant } = card.thresholds;
  const near = (point: { threshold: number } | null, summed: number) =>
    point !== null && share * point.threshold <= summed && summed < point.threshold;
  return (
    near(high, tierProbability(card, probabilities, ["high"])) ||
    near(malignant, tierProbability(card, probabilities, DANGEROUS))
  );
}

// The first row that fits.
function findRow(table: StepTable, situation: Situation): StepRow {
  const points = pointsOf(table, situation.signs);
  const row = table.rows.find((one) => fits(one, situation, points));
  if (!row) throw new Error(`The table of next steps has no row for ${JSON.stringify(situation)}.`);
  return row;
}

function fits(row: StepRow, situation: Situation, points: number): boolean {
  const { outcome, tier, reasons, signs, uncertain } = situation;
  return (
    (row.outcomes.length === 0 || row.outcomes.includes(outcome)) &&
    (row.tiers.length === 0 || row.tiers.includes(tier ?? NO_TIER)) &&
    (row.reasons.length === 0 || (reasons.length > 0 && reasons.every((one) => row.reasons.includes(one)))) &&
    row.signs.every((one) => signs.includes(one)) &&
    row.points <= points &&
    (uncertain || !row.uncertain)
  );
}

export function nextStep(table: StepTable, texts: LanguageTexts, situation: Situation): NextStep {
  const row = findRow(table, situation);
  const words = texts.next_steps[row.step];
  const source = table.sources[row.sources[0] ?? ""];
  if (!words || !source) throw new Error(`There are no words for the step ${row.step}.`);
  const because = row.because.flatMap((name) => (name === "signs" ? situation.signs : [name]));
  return {
    code: row.step as NextStep["code"],
    title: words.title,
    text: fill(words.text, { weeks: row.weeks }),
    weeks: row.weeks,
    because: because.map((name) => texts.because[name] ?? ""),
    source: source.title,
    url: source.url,
  };
}
