// The same cases as tests/golden/test_cases.py: from what the graph gives to the whole answer.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Given } from "../../src/engine/answers";
import { assemble } from "../../src/engine/assembly";
import type { ModelCard } from "../../src/engine/card";
import { readPhoto } from "../../src/engine/combination";
import type { RawOutput, Reason } from "../../src/engine/output";
import { diagnosisText, type Taxonomy, textsFor } from "../../src/engine/taxonomy";
import { sum } from "../../src/engine/vectors";

interface Case {
  photos: (Omit<RawOutput, "logits"> & { size_px: [number, number]; refusal: Reason | null })[];
  answers: Given;
  locale: string;
  assessment: Record<string, unknown>;
}

const read = (name: string) =>
  readFileSync(new URL(`../../../tests/golden/${name}`, import.meta.url), "utf8");
const card = JSON.parse(read("card.json")) as ModelCard;
const taxonomy = JSON.parse(read("taxonomy.json")) as Taxonomy;
const cases = read("assessments.jsonl")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line) as Case);

function answer({ photos, answers, locale }: Case) {
  const readings = photos.map(({ size_px, refusal, ...given }) => {
    const logits = card.diagnoses.map(
      (_, place) =>
        sum((given.evidence_map[place] ?? []).map(sum)) +
        sum(given.answer_evidence.map((row) => row[place] ?? 0)),
    );
    const [width_px, height_px] = size_px;
    return readPhoto(card, { width_px, height_px }, { ...given, logits }, refusal);
  });
  return assemble(card, taxonomy, readings, answers, locale);
}

// Numbers are written with six digits.
function expectAlike(found: unknown, wanted: unknown, path: string): void {
  if (typeof wanted === "number" && typeof found === "number")
    expect(Math.abs(found - wanted), path).toBeLessThan(2e-6);
  else if (wanted !== null && typeof wanted === "object") {
    expect(Object.keys(found ?? {}).sort(), path).toEqual(Object.keys(wanted).sort());
    for (const [name, one] of Object.entries(wanted))
      expectAlike((found as Record<string, unknown>)[name], one, `${path}.${name}`);
  } else expect(found, path).toBe(wanted);
}

describe("golden cases", () => {
  it.each(cases.map((one, place) => [place, one] as const))("case %i is answered alike", (place, one) => {
    const { disclaimer, model, ...found } = answer(one);
    const texts = textsFor(taxonomy, one.locale);
    const diagnoses = found.diagnoses.map(({ name, summary, links, ...estimate }) => {
      expect({ name, summary, links }).toEqual(diagnosisText(texts, estimate.code));
      return estimate;
    });
    expectAlike({ ...found, diagnoses }, one.assessment, `case ${place}`);
    expect(disclaimer).toBe(texts.general.disclaimer);
    expect(model.name).toBe("golden");
  });

  it("are all there", () => expect(cases).toHaveLength(200));
});
