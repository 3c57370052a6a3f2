// When to look again at a spot that a result is kept with: a reminder it already has is not lost by keeping.
import { weeksLater } from "../../numbers";

// The choice of leaving the reminder as it is; the others are weeks, 0 for none.
export const AS_IT_IS = -1;

// What is proposed for a spot that is `due`: the earlier of its own date and what the answer advises (in weeks). A date
// that has passed has done its work.
export function proposed(due: number | null, advised: number | null, now = Date.now()): number {
  if (due === null || due <= now) return advised ?? 0;
  return advised !== null && weeksLater(advised, now) < due ? advised : AS_IT_IS;
}

export function dueBy(choice: number, due: number | null, now = Date.now()): number | null {
  if (choice === AS_IT_IS) return due;
  return choice > 0 ? weeksLater(choice, now) : null;
}
