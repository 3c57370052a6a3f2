// The taxonomy's texts and tables as the server hands them out (taxonomy.json); src/lentigo/taxonomy says what each means.
import type { Reason } from "./output";

type Strings = Record<string, string>;

interface DiagnosisText {
  name: string;
  summary: string;
  links: { title: string; url: string }[];
}

// One language, as in texts/*.toml.
export interface LanguageTexts {
  general: { disclaimer: string };
  next_steps: Record<string, { title: string; text: string }>;
  because: Strings;
  reasons: Record<Reason, string>;
  answers: { choices: Strings };
  evidence: Strings & { answers: Strings; diagnoses: Strings };
  diagnoses: Record<string, DiagnosisText>;
}

export interface StepRow {
  step: string;
  because: string[];
  sources: string[];
  weeks: number | null;
  outcomes: string[];
  tiers: string[];
  reasons: string[];
  signs: string[];
  points: number;
  uncertain: boolean;
}

export interface StepTable {
  steps: string[];
  // In the order in which they are told.
  signs: Record<string, { feature: string; points: number }>;
  uncertain_reasons: string[];
  share_of_threshold: number;
  rows: StepRow[];
  sources: Record<string, { title: string; url: string }>;
}

export interface Taxonomy {
  texts: Record<string, LanguageTexts>;
  steps: StepTable;
}

const DEFAULT_LOCALE = "en";

// The best texts for a tag such as "de-CH", shortened from its end until one fits (RFC 4647, 3.4); else English.
export function textsFor(taxonomy: Taxonomy, tag: string): LanguageTexts {
  const parts = tag.replaceAll("_", "-").toLowerCase().split("-");
  for (let length = parts.length; length > 0; length--) {
    const found = taxonomy.texts[parts.slice(0, length).join("-")];
    if (found) return found;
  }
  const english = taxonomy.texts[DEFAULT_LOCALE];
  if (!english) throw new Error("taxonomy.json holds no English texts.");
  return english;
}

// The words for a diagnosis; for a dataset's own class, its code made readable.
export function diagnosisText(texts: LanguageTexts, code: string): DiagnosisText {
  return texts.diagnoses[code] ?? { name: code.replaceAll("_", " "), summary: "", links: [] };
}
