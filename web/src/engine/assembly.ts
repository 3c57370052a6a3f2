// From what the photos of one spot say to the whole answer; src/lentigo/inference/assembly.py.
import type { Assessment } from "../api/client";
import { disagreementOf } from "./agreement";
import type { Given } from "./answers";
import type { ModelCard } from "./card";
import { type Combination, combine, type Reading } from "./combination";
import { explain } from "./explanation";
import { isUncertain, nextStep, type Situation, signsOf } from "./next-step";
import type { DiagnosisEstimate, Evidence, Vector } from "./output";
import { Sentences } from "./sentences";
import { diagnosisText, type LanguageTexts, type StepTable, type Taxonomy, textsFor } from "./taxonomy";
import { largestPlace } from "./vectors";

// The same answer as the server's to these photos and answers, with its evidence.
export function assemble(
  card: ModelCard,
  taxonomy: Taxonomy,
  readings: readonly Reading[],
  given: Given,
  locale: string,
): Assessment {
  const found = combine(card, readings);
  const texts = textsFor(taxonomy, locale);
  const sentences = new Sentences(texts);
  const assessed = found.outcome === "assessed";
  const lead = readings[found.lead];
  if (!lead) throw new Error("There is no photo.");
  return {
    outcome: found.outcome,
    reasons: found.reasons,
    advice: found.reasons.map((reason) => ({ reason, text: texts.reasons[reason] })),
    risk: assessed ? found.risk : null,
    next_step: nextStep(taxonomy.steps, texts, situation(card, taxonomy.steps, found, readings, given)),
    diagnoses: assessed ? estimates(card, texts, found.probabilities) : [],
    evidence: assessed ? evidence(card, found, readings, given, sentences) : null,
    novelty: found.novelty,
    quality: lead.quality,
    photos: found.photos,
    disagreement: disagreementOf(found.photos, sentences),
    model: { name: card.name, version: card.version, sha256: card.graph.sha256 },
    disclaimer: texts.general.disclaimer,
  };
}

function situation(
  card: ModelCard,
  steps: StepTable,
  found: Combination,
  readings: readonly Reading[],
  given: Given,
): Situation {
  const used = readings.filter((_, place) => found.photos[place]?.used).map((one) => one.output.logits);
  return {
    outcome: found.outcome,
    tier: found.risk?.tier ?? null,
    reasons: found.reasons,
    signs: signsOf(steps, given),
    uncertain: isUncertain(steps, card, found.probabilities, used, found.reasons),
  };
}

// The likeliest first.
function estimates(card: ModelCard, texts: LanguageTexts, probabilities: Vector): DiagnosisEstimate[] {
  return card.diagnoses
    .map(({ code, tier }, place) => {
      const { name, summary, links } = diagnosisText(texts, code);
      return { code, name, probability: probabilities[place] ?? 0, tier, summary, links };
    })
    .sort((a, b) => b.probability - a.probability);
}

function evidence(
  card: ModelCard,
  found: Combination,
  readings: readonly Reading[],
  given: Given,
  sentences: Sentences,
): Evidence {
  const used = new Map(
    readings.map((one, place) => [place, one.output] as const).filter(([place]) => found.photos[place]?.used),
  );
  return explain(card, used, largestPlace(found.probabilities), given, sentences);
}
