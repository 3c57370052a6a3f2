// Talks to the server. Every failure becomes a Trouble with a code that the texts know; nothing else is shown.
import type { components } from "./schema";

export type Assessment = components["schemas"]["Assessment"];
export type Bundle = components["schemas"]["BundleSummary"];
export type AnswerSpec = Bundle["answers"][number];
export type Tier = "high" | "moderate" | "low";
export type Answers = Record<string, string>;

export class Trouble extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

const TIMEOUT_MS = 60_000;

export async function fetchBundles(locale: string): Promise<Bundle[]> {
  const body = await request(`/api/v1/bundles?locale=${encodeURIComponent(locale)}`, {});
  return (body as components["schemas"]["BundleList"]).bundles;
}

export async function assess(photo: Blob, answers: Answers, locale: string): Promise<Assessment> {
  const form = new FormData();
  // Never the file's own name: it can tell when and where a photo was taken.
  form.append("photo", photo, "photo");
  for (const [name, value] of Object.entries(answers)) if (value !== "") form.append(name, value);
  form.append("explain", "true");
  form.append("locale", locale);
  return (await request("/api/v1/assessments", { method: "POST", body: form })) as Assessment;
}

async function request(path: string, options: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch {
    throw new Trouble(navigator.onLine ? "network" : "offline");
  }
  const body: unknown = await response.json().catch(() => null);
  if (response.ok && body !== null) return body;
  throw new Trouble(codeOf(body));
}

function codeOf(body: unknown): string {
  const code = (body as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "internal_error";
}
