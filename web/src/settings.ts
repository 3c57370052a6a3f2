// What the person chose, kept in the database and applied to the page.
import { effect, signal } from "@preact/signals";
import type { Place } from "./phone/choice";
import { readSetting, writeSetting } from "./storage/settings";
import { StorageTrouble } from "./storage/trouble";
import { type Language, languageOfBrowser, loadTexts } from "./texts";

export type Scheme = "system" | "light" | "dark";

export const TEXT_SIZES = [100, 125, 150, 200] as const;

export interface Settings {
  // Null follows the browser.
  language: Language | null;
  scheme: Scheme;
  // In percent of the browser's own size.
  textSize: (typeof TEXT_SIZES)[number];
  // Null until the person chooses; the app then takes what is fast enough.
  engine: Place | null;
  // Whether the model is kept here. Null until the person says: then it is fetched where that costs them nothing.
  keepModel: boolean | null;
}

const DEFAULTS: Settings = { language: null, scheme: "system", textSize: 100, engine: null, keepModel: null };

export const settings = signal<Settings>(DEFAULTS);

export async function loadSettings(): Promise<void> {
  try {
    settings.value = { ...DEFAULTS, ...(await readSetting<Partial<Settings>>("settings")) };
  } catch (error) {
    // Without storage the app runs with the defaults; the first save tells.
    if (!(error instanceof StorageTrouble)) throw error;
  }
  await loadTexts(settings.value.language ?? languageOfBrowser());
  applyLook();
}

export async function changeSettings(change: Partial<Settings>): Promise<void> {
  settings.value = { ...settings.value, ...change };
  if ("language" in change) await loadTexts(settings.value.language ?? languageOfBrowser());
  await writeSetting("settings", settings.value);
}

function applyLook(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const { scheme, textSize } = settings.value;
    const root = document.documentElement;
    root.dataset.scheme = scheme === "system" ? (dark.matches ? "dark" : "light") : scheme;
    root.style.fontSize = textSize === 100 ? "" : `${textSize}%`;
    const paper = getComputedStyle(root).getPropertyValue("--paper").trim();
    for (const meta of document.querySelectorAll("meta[name=theme-color]"))
      meta.setAttribute("content", paper);
  };
  effect(apply);
  dark.addEventListener("change", apply);
}
