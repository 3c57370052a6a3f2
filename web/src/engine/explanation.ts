// Why: the parts that the log-odds of a diagnosis are the sum of; src/lentigo/inference/explanation.py.
//
// The map is told in numbers. The server can also draw it (overlay.py); the app never asks for that, and draws it over
// the photo itself (screens/result/overlay.ts), so there is nothing to draw here.
import type { Given } from "./answers";
import type { ModelCard } from "./card";
import type { Evidence, RawOutput, Vector } from "./output";
import type { Sentences } from "./sentences";
import { largestPlace, mean, round, sum } from "./vectors";

// Six digits after the point: finer than any use of it.
const DIGITS = 6;

// (h, w): the photo's evidence for the diagnosis at `place` of the card's list, against the mean diagnosis.
export function centredMap(output: RawOutput, place: number): number[][] {
  const chosen = output.evidence_map[place] ?? [];
  return chosen.map((row, y) =>
    row.map((value, x) => value - mean(output.evidence_map.map((one) => one[y]?.[x] ?? 0))),
  );
}

export function total(map: readonly Vector[]): number {
  return sum(map.map(sum));
}

// `outputs`: what the graph says of each used photo, by the photo's place among those given.
export function explain(
  card: ModelCard,
  outputs: ReadonlyMap<number, RawOutput>,
  place: number,
  given: Given,
  sentences: Sentences,
): Evidence {
  const code = card.diagnoses[place]?.code ?? "";
  const maps = [...outputs].map(([photo, output]) => ({ photo, output, values: centredMap(output, place) }));
  const totals = maps.map((one) => total(one.values));
  const first = maps[largestPlace(totals)];
  if (!first) throw new Error("Nothing was used that could be explained.");
  const shares = first.output.answer_evidence.map((row) => (row[place] ?? 0) - mean(row));
  const told = ({ photo, values }: (typeof maps)[number]) => ({
    code,
    photo,
    values: values.map((row) => row.map((value) => round(value, DIGITS))),
    total: round(total(values), DIGITS),
    overlay: null,
  });
  const answers = card.answers.flatMap((spec, index) => {
    const value = given[spec.name];
    if (value === undefined) return [];
    const evidence = round(shares[index] ?? 0, DIGITS);
    return [
      { answer: spec.name, value, code, evidence, text: sentences.share(spec.name, value, code, evidence) },
    ];
  });
  return {
    map: told(first),
    others: maps.filter((one) => one !== first).map(told),
    answers: answers.sort((a, b) => Math.abs(b.evidence) - Math.abs(a.evidence)),
    total: round(mean(totals) + sum(shares), DIGITS),
  };
}
