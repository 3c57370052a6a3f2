// The one place that decides the language.
import { en, type Texts } from "./en";

const languages: Record<string, Texts> = { en };

export const locale: string = navigator.languages.find((one) => one.slice(0, 2) in languages) ?? "en";

export const t: Texts = languages[locale.slice(0, 2)] ?? en;
