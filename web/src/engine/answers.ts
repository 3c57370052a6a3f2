// Answers about the person, as numbers; src/lentigo/answers.py.
import { type AnswerSpec, type Answers, Trouble } from "../api/client";

// By the name of the answer; one that was not given is missing.
export type Given = Readonly<Record<string, string | number>>;

type NumberSpec = Extract<AnswerSpec, { kind: "number" }>;

// What the form gave, as the model takes it. Throws answer_invalid, as the server does.
export function parseAnswers(specs: readonly AnswerSpec[], answers: Answers): Given {
  const given: Record<string, string | number> = {};
  for (const spec of specs) {
    const text = (answers[spec.name] ?? "").trim();
    if (text !== "") given[spec.name] = parse(spec, text);
  }
  return given;
}

function parse(spec: AnswerSpec, text: string): string | number {
  if (spec.kind === "choice") {
    if (!spec.choices.includes(text)) throw new Trouble("answer_invalid");
    return text;
  }
  const value = Number(text);
  if (!(value >= spec.minimum && value <= spec.maximum)) throw new Trouble("answer_invalid");
  return value;
}

// The graph's `answers` input (A,): zeros where nothing was answered.
export function encode(specs: readonly AnswerSpec[], given: Given): Float32Array {
  return Float32Array.from(specs.flatMap((spec) => encodeOne(spec, given[spec.name])));
}

function encodeOne(spec: AnswerSpec, value: string | number | undefined): number[] {
  if (spec.kind === "choice") return spec.choices.map((choice) => (choice === value ? 1 : 0));
  return spec.knots.map((_, place) => (typeof value === "number" ? weight(spec, place, value) : 0));
}

// Of one knot: 1 at it, 0 at its neighbours, straight between; beyond the first and the last knot it stays.
function weight({ knots }: NumberSpec, place: number, value: number): number {
  const at = (index: number) => knots[index] ?? Number.NaN;
  const within = Math.min(at(knots.length - 1), Math.max(at(0), value));
  if (within === at(place)) return 1;
  const neighbour = within < at(place) ? at(place - 1) : at(place + 1);
  return Math.max(0, (within - neighbour) / (at(place) - neighbour));
}
