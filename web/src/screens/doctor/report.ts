// The report as plain data: what the page shows, what is printed and what the PDF holds come from here.
import type { Tier } from "../../api/client";
import { date, number, outOf100 } from "../../numbers";
import type { Photo, Spot } from "../../storage/records";
import { named, t } from "../../texts";
import type { Check } from "../spot/course";

export const SECTIONS = ["estimate", "answers", "course", "notes"] as const;
export type Section = (typeof SECTIONS)[number];

export interface Person {
  name: string;
  // As the date field writes it, YYYY-MM-DD, or empty.
  born: string;
}

export interface Choice {
  photoIds: readonly string[];
  sections: readonly Section[];
  person: Person;
}

export interface Share {
  name: string;
  tier: Tier | null;
  // 0 to 1, and as it is written.
  share: number;
  value: string;
}

export type Row = readonly [name: string, value: string];

export type Block =
  | { kind: "facts"; title: string | null; rows: readonly Row[] }
  | { kind: "photos"; title: string; photos: readonly { blob: Blob; caption: string }[] }
  | {
      kind: "estimate";
      title: string;
      tier: Tier | null;
      rows: readonly Row[];
      shares: readonly Share[];
      note: string;
    }
  | { kind: "table"; title: string; head: readonly string[]; rows: readonly (readonly string[])[] }
  | { kind: "text"; title: string; text: string };

export interface Report {
  title: string;
  made: string;
  blocks: readonly Block[];
  note: string;
}

// Diagnoses below this are left out; with them the list would be long and say nothing.
const LEAST_SHARE = 0.01;
const MOST_SHARES = 5;

export function toReport(spot: Spot, checks: readonly Check[], choice: Choice, now = Date.now()): Report {
  const texts = t.doctor.report;
  const photos = checks.flatMap((check) => check.photos).filter(({ id }) => choice.photoIds.includes(id));
  const chosen = checks.filter((check) => check.photos.some((photo) => photos.includes(photo)));
  const has = (section: Section) => choice.sections.includes(section);
  return {
    title: texts.title(spot.name),
    made: texts.made(date(now)),
    note: texts.made_by,
    blocks: [
      { kind: "facts", title: null, rows: facts(spot, checks, choice.person) },
      ...(photos.length > 0 ? [photoBlock(photos)] : []),
      ...[...chosen]
        .reverse()
        .flatMap((check): Block[] => [
          ...(has("estimate") ? [estimateBlock(check)] : []),
          ...(has("answers") ? answersBlock(check) : []),
        ]),
      ...(has("course") && checks.length > 1 ? [courseBlock(checks)] : []),
      ...(has("notes") && spot.notes.trim() ? [notesBlock(spot)] : []),
    ],
  };
}

function facts(spot: Spot, checks: readonly Check[], person: Person): Row[] {
  const texts = t.doctor.report;
  const first = checks[0];
  const born = person.born ? new Date(`${person.born}T12:00`).getTime() : null;
  const rows: (Row | null)[] = [
    person.name.trim() ? [texts.person, person.name.trim()] : null,
    born ? [texts.born, date(born)] : null,
    spot.site ? [texts.place, named(t.choices, spot.site) ?? spot.site] : null,
    first ? [texts.followed, date(first.time)] : null,
    [texts.photoCount, number(checks.reduce((sum, check) => sum + check.photos.length, 0))],
  ];
  return rows.filter((row) => row !== null);
}

function photoBlock(photos: readonly Photo[]): Block {
  return {
    kind: "photos",
    title: t.doctor.report.photos,
    photos: photos.map(({ blob, taken, size }) => ({
      blob,
      caption: size ? `${date(taken)} · ${sizeOf(size)}` : date(taken),
    })),
  };
}

function sizeOf({ diameter_mm, error_mm }: { diameter_mm: number; error_mm: number }): string {
  return t.history.plusMinus(number(diameter_mm, 1), number(error_mm, 1));
}

function estimateBlock({ kept: { assessment, created } }: Check): Block {
  const texts = t.doctor.report;
  const { risk, diagnoses, model, next_step, outcome } = assessment;
  return {
    kind: "estimate",
    title: texts.estimate(date(created)),
    tier: risk?.tier ?? null,
    rows: [
      risk
        ? [texts.chance, texts.of100(outOf100(risk.p_malignant))]
        : [texts.outcome, (outcome !== "assessed" && t.result.outcomes[outcome]) || next_step.title],
    ],
    shares: diagnoses
      .filter((one) => one.probability >= LEAST_SHARE)
      .slice(0, MOST_SHARES)
      .map((one) => ({
        name: one.name,
        tier: (one.tier as Tier | null) ?? null,
        share: one.probability,
        value: texts.of100(outOf100(one.probability)),
      })),
    note: `${texts.model}: ${model.name} ${model.version}`,
  };
}

function answersBlock({ kept: { answers, created } }: Check): Block[] {
  const rows = Object.entries(answers)
    .filter(([, value]) => value !== "")
    .map(([name, value]): Row => [named(t.answersShort, name) ?? name, named(t.choices, value) ?? value]);
  if (rows.length === 0) return [];
  return [{ kind: "facts", title: `${t.doctor.report.answers} · ${date(created)}`, rows }];
}

function courseBlock(checks: readonly Check[]): Block {
  const texts = t.history;
  return {
    kind: "table",
    title: t.doctor.report.course,
    head: [texts.date, texts.tier, t.doctor.report.chance, texts.size],
    rows: checks.map((check) => [
      date(check.time),
      check.tier ? t.result.tiers[check.tier] : texts.noAnswer,
      check.chance === null ? "–" : t.doctor.report.of100(outOf100(check.chance)),
      check.size ? sizeOf(check.size) : "–",
    ]),
  };
}

function notesBlock(spot: Spot): Block {
  return { kind: "text", title: t.doctor.report.notes, text: spot.notes.trim() };
}
