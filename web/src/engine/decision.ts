// From probabilities to an outcome and a tier; src/lentigo/inference/decision.py.
import type { ModelCard } from "./card";
import type { Outcome, RawOutput, Reason, Risk, Vector } from "./output";
import { DANGEROUS, shownTier, TIERS, tierProbability } from "./tiers";
import { sum } from "./vectors";

// With one of these, skin too looks like no skin: the photo must be better before that can be told.
const UNSEEN: readonly Reason[] = ["too_small", "too_dark", "too_bright", "blurred"];

export function softmax(logits: Vector): number[] {
  const largest = Math.max(...logits);
  const exponentials = logits.map((logit) => Math.exp(logit - largest));
  const total = sum(exponentials);
  return exponentials.map((one) => one / total);
}

// The tier by the card's thresholds; null for a model whose classes have no tiers.
export function decideRisk(card: ModelCard, probabilities: Vector): Risk | null {
  const tier = shownTier(card, probabilities);
  return tier && { tier, p_malignant: Math.min(1, tierProbability(card, probabilities, DANGEROUS)) };
}

// The average's risk, with the most urgent tier of it and of each photo alone.
export function mostUrgent(average: Risk | null, alone: readonly (Risk | null)[]): Risk | null {
  if (!average) return null;
  const tiers = [average.tier, ...alone.flatMap((one) => (one ? [one.tier] : []))];
  return { ...average, tier: TIERS.find((tier) => tiers.includes(tier)) ?? average.tier };
}

// What kind of answer one photo gets, and why if it is none; whether it is sure enough is another question.
export function decideOutcome(
  card: ModelCard,
  problems: readonly Reason[],
  output: RawOutput,
): { outcome: Outcome; reasons: Reason[] } {
  const noSkin = card.no_skin !== null && output.no_skin > card.no_skin.threshold;
  if (noSkin && !problems.some((one) => UNSEEN.includes(one)))
    return { outcome: "rejected", reasons: ["no_skin"] };
  if (problems.length > 0) return { outcome: "inconclusive", reasons: [...problems] };
  if (card.novelty !== null && output.novelty > card.novelty.threshold)
    return { outcome: "not_recognised", reasons: ["unlike_training"] };
  return { outcome: "assessed", reasons: [] };
}

// Whether an answer is too unsure to give: no diagnosis is likely enough, or seen another way it would be another.
export function isUnsure(card: ModelCard, probabilities: Vector, views: readonly Vector[]): boolean {
  if (card.confidence !== null && Math.max(...probabilities) < card.confidence.threshold) return true;
  const seen = views.map((one) => decideRisk(card, one)).filter((one) => one !== null);
  return new Set(seen.map((risk) => risk.tier === "low")).size > 1;
}
