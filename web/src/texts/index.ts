// The one place that decides the language. `t` holds the texts of the moment; each language is a file of its own that
// is loaded when it is needed.
import { signal } from "@preact/signals";
import type { Texts } from "./en";

export type { Texts };

const LOADERS = {
  en: () => import("./en").then((module) => module.en),
  fr: () => import("./fr").then((module) => module.fr),
  de: () => import("./de").then((module) => module.de),
  es: () => import("./es").then((module) => module.es),
  it: () => import("./it").then((module) => module.it),
  nl: () => import("./nl").then((module) => module.nl),
} satisfies Record<string, () => Promise<Texts>>;

export type Language = keyof typeof LOADERS;

export const LANGUAGES = Object.keys(LOADERS) as Language[];

// Each in its own language, for the list in the settings.
export const LANGUAGE_NAMES: Record<Language, string> = {
  en: "English",
  fr: "Français",
  de: "Deutsch",
  es: "Español",
  it: "Italiano",
  nl: "Nederlands",
};

export const language = signal<Language>("en");
export let t: Texts;

// The language with its region where the browser tells one, e.g. "en-GB": for dates, and for the server.
export let locale = "en";

export function isLanguage(value: string): value is Language {
  return (LANGUAGES as string[]).includes(value);
}

export function languageOfBrowser(wanted: readonly string[] = navigator.languages): Language {
  return wanted.map((one) => one.slice(0, 2).toLowerCase()).find(isLanguage) ?? "en";
}

export async function loadTexts(next: Language): Promise<void> {
  t = await LOADERS[next]();
  locale = navigator.languages.find((one) => one.slice(0, 2).toLowerCase() === next) ?? next;
  language.value = next;
  document.documentElement.lang = next;
}

// A text by a name that comes from the server, which may know names that this version of the app does not.
export function named(table: object, name: string): string | undefined {
  return Object.entries(table as Record<string, string>).find(([key]) => key === name)?.[1];
}
