// The risk tier that is shown for summed probabilities; src/lentigo/metrics/tiers.py.
import type { Tier } from "../api/client";
import type { ModelCard } from "./card";
import type { Vector } from "./output";

// From most to least urgent.
export const TIERS: readonly Tier[] = ["high", "moderate", "low"];

// Tiers of what a doctor should see.
export const DANGEROUS: readonly Tier[] = ["high", "moderate"];

export function tierProbability(card: ModelCard, probabilities: Vector, tiers: readonly Tier[]): number {
  return probabilities.reduce((total, probability, place) => {
    const tier = card.diagnoses[place]?.tier;
    return tier && tiers.includes(tier) ? total + probability : total;
  }, 0);
}

// Null for a model without tiers.
export function shownTier(card: ModelCard, probabilities: Vector): Tier | null {
  const { high, malignant } = card.thresholds;
  if (!malignant) return null;
  if (high && tierProbability(card, probabilities, ["high"]) >= high.threshold) return "high";
  return tierProbability(card, probabilities, DANGEROUS) >= malignant.threshold ? "moderate" : "low";
}
