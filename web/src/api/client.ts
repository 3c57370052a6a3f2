// Talks to the server. Every failure becomes a Trouble with a code that the texts know; nothing else is shown.
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Assessment = Schemas["Assessment"];
export type Bundle = Schemas["BundleSummary"];
export type AnswerSpec = Bundle["answers"][number];
export type QualityRule = Bundle["quality"][number];
export type Features = Schemas["Features"];
export type Tier = "high" | "moderate" | "low";
export type Answers = Record<string, string>;

export interface Question {
  photos: readonly Blob[];
  answers: Answers;
  bundle: string | null;
  locale: string;
}

export class Trouble extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

// Where another try with the same photo can help; with the others only another photo can.
const PASSING = ["rate_limited", "overloaded", "too_slow", "offline", "network", "internal_error"];

export function isPassing(code: string): boolean {
  return PASSING.includes(code);
}

const TIMEOUT_MS = 60_000;

export async function fetchBundles(locale: string): Promise<Bundle[]> {
  const body = await request(`/api/v1/bundles?locale=${encodeURIComponent(locale)}`, {});
  return (body as Schemas["BundleList"]).bundles;
}

export async function assess({ photos, answers, bundle, locale }: Question): Promise<Assessment> {
  const form = new FormData();
  // Never the file's own name: it can tell when and where a photo was taken.
  for (const photo of photos) form.append("photo", photo, "photo");
  for (const [name, value] of Object.entries(answers)) if (value !== "") form.append(name, value);
  if (bundle) form.append("bundle", bundle);
  form.append("explain", "true");
  form.append("locale", locale);
  return (await request("/api/v1/assessments", { method: "POST", body: form })) as Assessment;
}

// What the server does besides assessing photos.
export async function fetchFeatures(): Promise<Features> {
  return (await request("/api/v1/features", {})) as Features;
}

// A person's letter to a doctor, which the server mails: photos as JPEG or PNG, the report as a PDF.
export interface Letter {
  to: string;
  replyTo: string;
  message: string;
  photos: readonly Blob[];
  report: Blob;
  locale: string;
}

// Throws Trouble; only the code tells whether anything was sent, see docs/reference/http-api.md.
export async function refer({ to, replyTo, message, photos, report, locale }: Letter): Promise<void> {
  const form = new FormData();
  form.append("to", to);
  form.append("message", message);
  if (replyTo) form.append("reply_to", replyTo);
  form.append("locale", locale);
  for (const photo of photos) form.append("photo", photo, "photo");
  form.append("report", report, "report");
  await request("/api/v1/referrals", { method: "POST", body: form });
}

async function request(path: string, options: RequestInit): Promise<unknown> {
  // Not AbortSignal.timeout, which Chrome 90 lacks.
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(path, { ...options, signal: abort.signal });
    const body: unknown = await response.json().catch(() => null);
    if (response.ok && body !== null) return body;
    throw new Trouble(codeOf(body));
  } catch (error) {
    if (error instanceof Trouble) throw error;
    throw new Trouble(navigator.onLine ? "network" : "offline");
  } finally {
    clearTimeout(timer);
  }
}

function codeOf(body: unknown): string {
  const code = (body as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "internal_error";
}
