import { describe, expect, it } from "vitest";
import { A4, Pdf } from "../src/pdf/document";
import { encode, widthOf, wrap } from "../src/pdf/fonts";
import { LANGUAGES } from "../src/texts";

const style = { size: 10, face: "regular", colour: [0, 0, 0] } as const;

describe("the typefaces", () => {
  it("have the widths of Helvetica", () => {
    // Adobe's metrics: W 944, i 222, space 278.
    expect(widthOf("Wi ", 1000, "regular")).toBe(944 + 222 + 278);
    expect(widthOf("€", 1000, "bold")).toBe(556);
  });
  it("write the letters of every language of the app, and say what they cannot", () => {
    expect(LANGUAGES).toHaveLength(6);
    expect(encode("ÄÖÜäöüß «œuvre» ¿año? città één “x” ‘y’ – … € ± Δ".replace("Δ", ""))).not.toBeNull();
    expect(encode("1\u202f234")).toEqual([49, 0xa0, 50, 51, 52]);
    expect(encode("Łódź")).toBeNull();
    expect(encode("ΔE")).toBeNull();
  });
  it("break lines at spaces, and words that are too long anywhere", () => {
    const text = "Ein Bericht über einen Fleck\nund Donaudampfschifffahrtsgesellschaft";
    const lines = wrap(text, 10, "regular", 90);
    for (const line of lines) expect(widthOf(line, 10, "regular")).toBeLessThanOrEqual(90);
    expect(lines.join("").replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
  });
});

describe("a PDF file", () => {
  it("says truly where each object begins", async () => {
    const pdf = new Pdf(A4, "Bericht ß", "de");
    const page = pdf.addPage();
    page.text(50, 60, "Größe: 6,2 mm", style);
    const jpeg = { bytes: new Uint8Array([255, 216, 255, 217]), width: 1, height: 1 };
    page.picture(0, 0, 10, 10, jpeg);
    pdf.addPage().picture(0, 0, 10, 10, jpeg, "Łódź");
    const bytes = new Uint8Array(await pdf.toBlob().arrayBuffer());
    const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
    const begin = Number(/startxref\n(\d+)/.exec(text)?.[1]);
    expect(text.slice(begin, begin + 4)).toBe("xref");
    const begins = [...text.matchAll(/(\d{10}) 00000 n /g)].map((match) => Number(match[1]));
    begins.forEach((place, index) => {
      expect(text.slice(place).startsWith(`${index + 1} 0 obj`)).toBe(true);
    });
    // The same picture on two pages is stored once.
    expect(text.match(/DCTDecode/g)).toHaveLength(1);
  });
  it("refuses text that it cannot write", () => {
    expect(() => new Pdf(A4, "", "en").addPage().text(0, 0, "ΔE", style)).toThrow("draw it as a picture");
  });
});
