import { describe, expect, it } from "vitest";
import { weeksLater } from "../src/numbers";
import { AS_IT_IS, dueBy, proposed } from "../src/screens/result/reminder";

const NOW = new Date(2026, 4, 3, 12).getTime();
const inWeeks = (weeks: number) => weeksLater(weeks, NOW);

describe("the reminder of a spot that a result is kept with", () => {
  it("stays when it is earlier than what the answer advises", () => {
    expect(proposed(inWeeks(4), 12, NOW)).toBe(AS_IT_IS);
    expect(proposed(inWeeks(4), null, NOW)).toBe(AS_IT_IS);
    expect(dueBy(AS_IT_IS, inWeeks(4), NOW)).toBe(inWeeks(4));
  });

  it("gives way to an earlier one, and to any once it is past or where there is none", () => {
    expect(proposed(inWeeks(26), 12, NOW)).toBe(12);
    expect(proposed(inWeeks(-1), 12, NOW)).toBe(12);
    expect(proposed(inWeeks(-1), null, NOW)).toBe(0);
    expect(proposed(null, 12, NOW)).toBe(12);
    expect(dueBy(12, inWeeks(26), NOW)).toBe(inWeeks(12));
    expect(dueBy(0, inWeeks(4), NOW)).toBe(null);
  });
});
