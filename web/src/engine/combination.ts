// Several photos of one spot: which of them count, and what they say together; src/lentigo/inference/combination.py.
import type { ModelCard } from "./card";
import { decideOutcome, decideRisk, isUnsure, mostUrgent, softmax } from "./decision";
import { centredMap, total } from "./explanation";
import type { Outcome, PhotoUse, Quality, RawOutput, Reason, Risk, Size } from "./output";
import { problems, qualityOf } from "./quality";
import { largestPlace, meanVector, round } from "./vectors";

// The answer is about the photos of the first of these outcomes that any photo has.
const PREFERENCE: readonly Outcome[] = ["assessed", "not_recognised", "inconclusive", "rejected"];

// One photo: what the graph says, and what the answer would be if it were the only one.
export interface Reading {
  output: RawOutput;
  quality: Quality;
  outcome: Outcome;
  reasons: Reason[];
}

export interface Combination {
  outcome: Outcome;
  reasons: Reason[];
  // (C,) of the averaged logits.
  probabilities: number[];
  // Null for a model whose classes have no tiers, and where every photo was rejected.
  risk: Risk | null;
  // Place of the photo with the most evidence for the likeliest diagnosis, among those the answer is about.
  lead: number;
  photos: PhotoUse[];
  novelty: number;
}

// `refusal` is what somebody has against the photo before the model is asked. On the phone nobody has: the server looks
// for faces so as not to look at more of a person than it must, and here nothing leaves the person's own phone.
export function readPhoto(
  card: ModelCard,
  size: Size,
  output: RawOutput,
  refusal: Reason | null = null,
): Reading {
  const quality = qualityOf(card, size, output);
  if (refusal) return { output, quality, outcome: "rejected", reasons: [refusal] };
  return { output, quality, ...decideOutcome(card, problems(card, quality), output) };
}

export function combine(card: ModelCard, readings: readonly Reading[]): Combination {
  let outcome = PREFERENCE.find((one) => readings.some((reading) => reading.outcome === one)) ?? "rejected";
  const judged = readings.filter((one) => one.outcome === outcome);
  const probabilities = softmax(meanVector(judged.map((one) => one.output.logits)));
  const views = meanViews(judged).map(softmax);
  const likeliest = largestPlace(probabilities);
  let reasons = [...new Set(judged.flatMap((one) => one.reasons))];
  // Where nothing is assessed, danger in any photo still sends to a doctor (see next_steps.toml);
  // but what the model makes of a face or a cat says nothing.
  const heard = outcome === "assessed" ? judged : readings.filter((one) => one.outcome !== "rejected");
  const risks = heard.map((one) => decideRisk(card, softmax(one.output.logits)));
  if (outcome === "assessed" && isUnsure(card, probabilities, views)) {
    outcome = "inconclusive";
    reasons = ["low_confidence"];
    risks.push(...views.map((one) => decideRisk(card, one)));
  }
  const evidence = judged.map((one) => total(centredMap(one.output, likeliest)));
  const lead = judged[largestPlace(evidence)];
  if (!lead) throw new Error("There is no photo.");
  return {
    outcome,
    reasons,
    probabilities,
    risk: risks.length > 0 ? mostUrgent(decideRisk(card, probabilities), risks) : null,
    lead: readings.indexOf(lead),
    photos: readings.map((one) => use(card, one, outcome === "assessed")),
    novelty: round(lead.output.novelty, 4),
  };
}

// (V, C): each view, averaged over the photos.
function meanViews(judged: readonly Reading[]): number[][] {
  const views = judged[0]?.output.view_logits ?? [];
  return views.map((_, view) => meanVector(judged.map((one) => one.output.view_logits[view] ?? [])));
}

// What was made of a photo; what it says by itself only where an answer is `shown`.
function use(card: ModelCard, reading: Reading, shown: boolean): PhotoUse {
  const used = reading.outcome === "assessed";
  const probabilities = softmax(reading.output.logits);
  const risk = used && shown ? decideRisk(card, probabilities) : null;
  return {
    used,
    reasons: reading.reasons,
    quality: reading.quality,
    code: used && shown ? (card.diagnoses[largestPlace(probabilities)]?.code ?? null) : null,
    tier: risk?.tier ?? null,
    p_malignant: risk?.p_malignant ?? null,
  };
}
