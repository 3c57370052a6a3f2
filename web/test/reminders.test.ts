import { describe, expect, it } from "vitest";
import { toCalendar } from "../src/reminders/calendar";
import { monthsLater, untold } from "../src/reminders/reminders";
import type { Spot } from "../src/storage/records";

const spot = (id: string, due: number | null, told?: number): Spot => ({
  id,
  name: id,
  site: null,
  bundle: null,
  created: 0,
  notes: "",
  due,
  ...(told === undefined ? {} : { told }),
});

describe("reminders", () => {
  it("tell of what is due, each once, and again when a new day is set", () => {
    const spots = [
      spot("never", null),
      spot("later", 200),
      spot("due", 100),
      spot("told", 90, 90),
      spot("new", 95, 50),
    ];
    expect(untold(spots, 100).map((one) => one.id)).toEqual(["due", "new"]);
  });
  it("fall on the same day of a later month, or on its last", () => {
    const later = (from: Date, months: number) => new Date(monthsLater(months, from.getTime()));
    expect(later(new Date(2026, 0, 15, 12), 3)).toEqual(new Date(2026, 3, 15, 12));
    expect(later(new Date(2026, 10, 30, 12), 3)).toEqual(new Date(2027, 1, 28, 12));
  });
});

describe("a calendar entry", () => {
  const entry = {
    id: "ab12",
    day: new Date(2027, 1, 3, 15).getTime(),
    title: "Look; again, now",
    text: "é".repeat(60),
  };
  const lines = toCalendar(entry, Date.UTC(2026, 10, 21, 8, 5, 9)).split("\r\n");
  it("is a whole day with an alarm", () => {
    expect(lines).toContain("DTSTART;VALUE=DATE:20270203");
    expect(lines).toContain("DTSTAMP:20261121T080509Z");
    expect(lines).toContain("TRIGGER:PT9H");
    expect(lines.at(-1)).toBe("");
  });
  it("escapes what would be read as a list", () => {
    expect(lines).toContain("SUMMARY:Look\\; again\\, now");
  });
  it("folds long lines without cutting a character", () => {
    for (const line of lines) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
    expect(lines.join("\r\n").replaceAll("\r\n ", "")).toContain(`DESCRIPTION:${"é".repeat(60)}`);
  });
});
