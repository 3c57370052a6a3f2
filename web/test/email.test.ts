import { describe, expect, it } from "vitest";
import { encodedWords, isAddress, toDraft } from "../src/screens/doctor/email";

const email = {
  to: "praxis@example.org",
  subject: "Fleck auf dem Rücken, zur Beurteilung, mit Fotos und Bericht im Anhang",
  text: "Guten Tag,\nkönnen Sie sich das ansehen?",
  attachments: [new File([new Uint8Array([0, 255, 10, 13])], "report.pdf", { type: "application/pdf" })],
};

describe("an e-mail draft", () => {
  it("is plain ASCII with lines that mail may carry", async () => {
    const draft = await (await toDraft(email)).text();
    expect(draft).toMatch(/^[\r\n\x20-\x7e]*$/);
    for (const line of draft.split("\r\n")) expect(line.length).toBeLessThanOrEqual(998);
    expect(draft.startsWith("X-Unsent: 1\r\n")).toBe(true);
    expect(draft).toContain("To: praxis@example.org\r\n");
    expect(draft).toContain("AP8KDQ==");
  });
  it("lets no address begin another header", async () => {
    for (const to of ["a@b.c\r\nBcc: x@y.z", "a b@c.d", "a@b", "<a@b.c>", "a@b.c, d@e.f", "ü@b.de"]) {
      expect(isAddress(to)).toBe(false);
      expect(await (await toDraft({ ...email, to })).text()).not.toMatch(/^(To|Bcc):/m);
    }
    expect(isAddress("dr.o'neil+skin@clinic.example.co.uk")).toBe(true);
  });
  it("encodes a subject in words that are short enough and whole", () => {
    const words = encodedWords("ß".repeat(60)).split("\r\n ");
    expect(words.length).toBeGreaterThan(1);
    for (const word of words) {
      expect(`Subject: ${word}`.length).toBeLessThanOrEqual(76);
      const bytes = Uint8Array.from(atob(word.slice(10, -2)), (one) => one.charCodeAt(0));
      expect(new TextDecoder("utf-8", { fatal: true }).decode(bytes)).toMatch(/^ß+$/);
    }
    expect(encodedWords("a\r\nBcc: b")).not.toContain("\r\n");
  });
});
