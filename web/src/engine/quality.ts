// What a photo is like: the graph's measures, judged by the rules in the card; src/lentigo/inference/quality.py.
import type { ModelCard, QualityRule } from "./card";
import type { Quality, RawOutput, Reason, Size } from "./output";
import { round } from "./vectors";

// A photo of less is sent back: the graph sees it enlarged, so no measure of the graph can tell.
const SMALLEST_SIDE_PX = 100;

export function qualityOf(card: ModelCard, size: Size, output: RawOutput): Quality {
  const scores = new Map<Reason, number>();
  scores.set("too_small", Math.min(1, (0.5 * Math.min(size.width_px, size.height_px)) / SMALLEST_SIDE_PX));
  for (const rule of card.quality)
    scores.set(
      rule.reason,
      Math.min(scores.get(rule.reason) ?? 1, score(rule, measure(output, rule.measure))),
    );
  return {
    ...size,
    brightness: round(measure(output, "brightness"), 4),
    sharpness: round(measure(output, "sharpness"), 4),
    checks: [...scores].map(([reason, exact]) => {
      const rounded = round(exact, 4);
      return { reason, score: rounded, ok: rounded >= 0.5 };
    }),
  };
}

// Why a photo is not good enough to answer about; empty when it is.
export function problems(card: ModelCard, quality: Quality): Reason[] {
  const refusing: Reason[] = [
    "too_small",
    ...card.quality.filter((rule) => rule.refuses).map((rule) => rule.reason),
  ];
  return quality.checks
    .filter((check) => !check.ok && refusing.includes(check.reason))
    .map((one) => one.reason);
}

// 0 (bad) to 1 (good): 1 where the measure is good or better, 0.5 at the limit, straight through both.
function score({ good, limit }: QualityRule, value: number): number {
  return Math.min(1, Math.max(0, 0.5 + (0.5 * (value - limit)) / (good - limit)));
}

function measure(output: RawOutput, name: string): number {
  const value = output.quality[name];
  if (value === undefined) throw new Error(`The graph does not measure ${name}.`);
  return value;
}
