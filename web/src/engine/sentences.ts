// Sentences about evidence, in any language; src/lentigo/inference/sentences.py.
import { diagnosisText, type LanguageTexts } from "./taxonomy";

// Log-odds below which, after rounding to one digit, nothing would be left to tell.
const LITTLE = 0.05;

export class Sentences {
  constructor(private readonly texts: LanguageTexts) {}

  // What an answer adds, for example "age 71: +0.8 towards basal-cell carcinoma". What the taxonomy has no words for, as
  // of a dataset's own, is told by its code.
  share(answer: string, value: string | number, code: string, evidence: number): string {
    const kind = Math.abs(evidence) < LITTLE ? "neither" : evidence > 0 ? "towards" : "away";
    return fill(this.text(kind), {
      answer: this.answer(answer, value),
      evidence: this.number(evidence),
      diagnosis: this.texts.evidence.diagnoses[code] || diagnosisText(this.texts, code).name,
    });
  }

  // Whether the photos of one spot say the same.
  disagreement(diagnosis: boolean, tier: boolean): string {
    return this.text(tier ? "photos_differ_in_risk" : diagnosis ? "photos_differ" : "photos_agree");
  }

  private text(key: string): string {
    return this.texts.evidence[key] ?? "";
  }

  private answer(answer: string, value: string | number): string {
    const words = this.texts.evidence.answers;
    const whole = words[`${answer}_${value}`];
    if (whole !== undefined) return whole;
    const said =
      typeof value === "string"
        ? (this.texts.answers.choices[value] ?? value)
        : String(Number(value.toPrecision(6))).replace(".", this.text("decimal"));
    return fill(words[answer] ?? "{answer} {value}", { answer, value: said });
  }

  private number(evidence: number): string {
    const sign = evidence > 0 ? "+" : "\u2212";
    return sign + toOneDigit(Math.abs(evidence)).replace(".", this.text("decimal"));
  }
}

// Puts words into the {places} of a text.
export function fill(text: string, words: Record<string, string | number | null>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(words[name] ?? place));
}

// As Python writes it: of two equally near numbers the even one. Only quarters lie in the middle, all else is told by
// toFixed as by Python.
function toOneDigit(value: number): string {
  const middle = Number.isInteger(value * 4) && !Number.isInteger(value * 2);
  if (!middle) return value.toFixed(1);
  const below = Math.floor(value * 10);
  return ((below % 2 === 0 ? below : below + 1) / 10).toFixed(1);
}
