// A reminder as a calendar entry (RFC 5545): a whole day, with an alarm on its morning.

const FOLD_BYTES = 75;

export interface Entry {
  id: string;
  // A moment of the day.
  day: number;
  title: string;
  text: string;
}

export function toCalendar(entry: Entry, now = Date.now()): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Lentigo//Lentigo//EN",
    "BEGIN:VEVENT",
    `UID:${entry.id}@lentigo`,
    `DTSTAMP:${new Date(now).toISOString().replace(/[-:]|\.\d+/g, "")}`,
    `DTSTART;VALUE=DATE:${day(entry.day)}`,
    `SUMMARY:${escaped(entry.title)}`,
    `DESCRIPTION:${escaped(entry.text)}`,
    "TRANSP:TRANSPARENT",
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    `DESCRIPTION:${escaped(entry.title)}`,
    "TRIGGER:PT9H",
    "END:VALARM",
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return lines
    .flatMap(folded)
    .map((line) => `${line}\r\n`)
    .join("");
}

// The day as the person's clock has it.
function day(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
}

function escaped(text: string): string {
  return text.replace(/[\\;,]/g, "\\$&").replace(/\r?\n/g, "\\n");
}

// No line is longer than 75 bytes, and no character is cut.
function folded(line: string): string[] {
  const parts: string[] = [];
  let part = "";
  for (const character of line) {
    if (new TextEncoder().encode(part + character).length > FOLD_BYTES) {
      parts.push(part);
      part = " ";
    }
    part += character;
  }
  return [...parts, part];
}
