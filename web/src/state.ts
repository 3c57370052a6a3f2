// What the page knows: the screen, the photo, the answers, the result. One photo at a time, in memory only.
import { computed, signal } from "@preact/signals";
import { type Answers, type Assessment, assess, type Bundle, fetchBundles, Trouble } from "./api/client";
import { isHeif } from "./formats";
import { locale } from "./texts";

export type Screen = "start" | "review" | "result" | "trouble";

export const screen = signal<Screen>("start");
export const photo = signal<{ file: Blob; url: string } | null>(null);
export const answers = signal<Answers>({});
export const assessment = signal<Assessment | null>(null);
export const trouble = signal<string | null>(null);
export const working = signal(false);
export const bundles = signal<Bundle[]>([]);
export const bundle = computed(() => bundles.value[0] ?? null);

// Answers about the person hold for the next spot too; those about the spot must not be sent with another one.
const ABOUT_THE_PERSON = ["age", "sex"];

function forgetSpot(): void {
  answers.value = Object.fromEntries(
    Object.entries(answers.value).filter(([name]) => ABOUT_THE_PERSON.includes(name)),
  );
}

// A request whose screen was left must not bring its result into another one.
let current = 0;

export function show(next: Screen): void {
  if (next === screen.value) return;
  history.pushState({ screen: next }, "");
  enter(next);
}

function enter(next: Screen): void {
  current += 1;
  working.value = false;
  screen.value = reachable(next) ? next : "start";
  scrollTo(0, 0);
}

function reachable(next: Screen): boolean {
  if (next === "review") return photo.value !== null;
  if (next === "result") return assessment.value !== null;
  return next !== "trouble" || trouble.value !== null;
}

export function begin(): void {
  history.replaceState({ screen: "start" }, "");
  addEventListener("popstate", (event) =>
    enter((event.state as { screen?: Screen } | null)?.screen ?? "start"),
  );
  fetchBundles(locale)
    .then((found) => {
      bundles.value = found;
    })
    // Without the list the page still works: it only cannot ask questions.
    .catch(() => {});
}

export async function choose(file: Blob): Promise<void> {
  current += 1;
  const mine = current;
  const heif = await isHeif(file);
  if (mine !== current) return;
  if (heif) {
    trouble.value = "heif";
    return show("trouble");
  }
  if (photo.value) URL.revokeObjectURL(photo.value.url);
  photo.value = { file, url: URL.createObjectURL(file) };
  assessment.value = null;
  forgetSpot();
  show("review");
}

export async function send(): Promise<void> {
  const chosen = photo.value;
  if (!chosen || working.value) return;
  working.value = true;
  current += 1;
  const mine = current;
  try {
    const found = await assess(chosen.file, answers.value, locale);
    if (mine !== current) return;
    assessment.value = found;
    show("result");
  } catch (error) {
    if (mine !== current) return;
    trouble.value = error instanceof Trouble ? error.code : "internal_error";
    show("trouble");
  }
}

export function startOver(): void {
  if (photo.value) URL.revokeObjectURL(photo.value.url);
  photo.value = null;
  assessment.value = null;
  forgetSpot();
  show("start");
}
