import { describe, expect, it } from "vitest";
import type { AnswerSpec } from "../../src/api/client";
import { encode, parseAnswers } from "../../src/engine/answers";

const SPECS: AnswerSpec[] = [
  { kind: "number", name: "age", knots: [20, 35, 80], minimum: 0, maximum: 120 },
  { kind: "choice", name: "sex", choices: ["female", "male"] },
];
const rows = (answers: Record<string, string>) => [...encode(SPECS, parseAnswers(SPECS, answers))];

describe("answers", () => {
  it.each([
    ["20", [1, 0, 0]],
    ["0", [1, 0, 0]],
    ["27.5", [0.5, 0.5, 0]],
    ["35", [0, 1, 0]],
    ["57.5", [0, 0.5, 0.5]],
    ["120", [0, 0, 1]],
  ])("the age %s lies between its knots", (age, wanted) => {
    expect(rows({ age })).toEqual([...wanted, 0, 0]);
  });

  it("that were not given add nothing", () => {
    expect(rows({})).toEqual([0, 0, 0, 0, 0]);
    expect(rows({ age: "", sex: "male", unasked: "yes" })).toEqual([0, 0, 0, 0, 1]);
  });

  it.each([{ age: "121" }, { age: "-1" }, { age: "old" }, { sex: "no" }])("%o is refused", (answers) => {
    expect(() => parseAnswers(SPECS, answers as unknown as Record<string, string>)).toThrow("answer_invalid");
  });
});
