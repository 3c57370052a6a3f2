// Dates and numbers as the person's language writes them.
import { locale } from "./texts";

const DAY_MS = 86_400_000;

export function date(time: number): string {
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" }).format(time);
}

export function mediumDate(time: number): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(time);
}

export function shortDate(time: number): string {
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" }).format(time);
}

export function dateAndTime(time: number): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(time);
}

export function number(value: number, digits = 0): string {
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

// With so many digits that say something, however small it is: 0.00001.
export function significant(value: number, digits = 2): string {
  return new Intl.NumberFormat(locale, { maximumSignificantDigits: digits }).format(value);
}

export function percent(value: number): string {
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 }).format(value);
}

export function megabytes(bytes: number): string {
  const mb = bytes / 1e6;
  if (mb >= 1000) return `${number(mb / 1000, 1)} GB`;
  return `${number(mb, mb < 10 ? 1 : 0)} MB`;
}

// Of 100 spots that look like this, how many; the ends are never told as certain.
export function outOf100(probability: number): string {
  if (probability < 0.005) return "<1";
  if (probability > 0.995) return ">99";
  return number(Math.round(100 * probability));
}

// "today", "in 3 weeks", "2 months ago": from `now` to `time`.
export function fromNow(time: number, now = Date.now()): string {
  const days = Math.round((startOfDay(time) - startOfDay(now)) / DAY_MS);
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  if (Math.abs(days) < 14) return words.format(days, "day");
  if (Math.abs(days) < 60) return words.format(Math.round(days / 7), "week");
  return words.format(Math.round(days / 30.44), "month");
}

function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

export function weeksLater(weeks: number, from = Date.now()): number {
  return from + 7 * weeks * DAY_MS;
}
