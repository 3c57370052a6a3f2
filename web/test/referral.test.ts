import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { reasonOf } from "../src/screens/doctor/failures";
import { type Referral, WAYS } from "../src/screens/doctor/ways";
import { loadTexts, t } from "../src/texts";

// Every code that the server's own description names for this route.
function documented(): string[] {
  const openapi = JSON.parse(readFileSync(new URL("../openapi.json", import.meta.url), "utf8"));
  const answers: { description: string }[] = Object.values(openapi.paths["/api/v1/referrals"].post.responses);
  return answers.flatMap(({ description }) =>
    [...description.matchAll(/`([a-z_]+)`:/g)].map((one) => one[1] ?? ""),
  );
}

const referral = (change: Partial<Referral> = {}): Referral => ({
  to: "skin@clinic.example",
  replyTo: "",
  subject: "",
  message: "Please look.",
  report: new File([], "report.pdf"),
  photos: [new File([], "photo.jpg")],
  ...change,
});

beforeAll(async () => {
  Object.assign(globalThis, { document: { documentElement: {} }, navigator: { languages: ["en"] } });
  await loadTexts("en");
});

describe("a letter that was not sent", () => {
  it("gets a sentence of its own for every code of the server", () => {
    const codes = documented();
    expect(codes).toContain("mail_unsure");
    const unknown = reasonOf("some_new_code");
    for (const code of codes) {
      expect(reasonOf(code), code).not.toBe(unknown);
      expect(reasonOf(code), code).toContain(t.doctor.sending.kept);
    }
  });
});

describe("the server as a way", () => {
  const way = WAYS.find(({ id }) => id === "server");

  it("is there only where the server sends mail", () => {
    expect(way?.isThere(referral(), { referrals: true })).toBe(true);
    expect(way?.isThere(referral(), { referrals: false })).toBe(false);
  });

  it("says what it lacks", () => {
    expect(way?.lacks(referral())).toBe(null);
    expect(way?.lacks(referral({ to: "" }))).toBe("address");
    expect(way?.lacks(referral({ message: " " }))).toBe("message");
    expect(way?.lacks(referral({ photos: [] }))).toBe("photos");
    expect(way?.lacks(referral({ photos: Array(4).fill(new File([], "photo.jpg")) }))).toBe("photos");
  });
});
