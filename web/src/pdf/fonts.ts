// The two typefaces that every PDF reader has by itself, and the characters they write (ISO 32000-1, annex D.2,
// WinAnsiEncoding). They cover the languages of the app; what they cannot write is drawn as a picture by the caller.

export type Face = "regular" | "bold";

// Advance widths of the codes 32 to 255 in thousandths of the size: Adobe's Core 14 metrics of Helvetica.
const WIDTHS: Record<Face, readonly number[]> = {
  regular: (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 " +
    "556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 " +
    "667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 " +
    "556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584 350 " +
    "556 350 222 556 333 1000 556 556 333 1000 667 333 1000 350 611 350 350 222 222 333 333 350 556 " +
    "1000 333 1000 500 333 944 350 500 667 278 333 556 556 556 556 260 556 333 737 370 556 584 333 " +
    "737 333 400 584 333 333 333 556 537 278 333 333 365 556 834 834 834 611 667 667 667 667 667 667 " +
    "1000 722 667 667 667 667 278 278 278 278 722 722 778 778 778 778 778 584 778 722 722 722 722 667 " +
    "667 611 556 556 556 556 556 556 889 500 556 556 556 556 278 278 278 278 556 556 556 556 556 556 " +
    "556 584 611 556 556 556 556 500 556 500"
  )
    .split(" ")
    .map(Number),
  bold: (
    "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 " +
    "556 556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 " +
    "667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 " +
    "611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584 350 " +
    "556 350 278 556 500 1000 556 556 333 1000 667 333 1000 350 611 350 350 278 278 500 500 350 556 " +
    "1000 333 1000 556 333 944 350 500 667 278 333 556 556 556 556 280 556 333 737 370 556 584 333 " +
    "737 333 400 584 333 333 333 611 556 278 333 333 365 556 834 834 834 611 722 722 722 722 722 722 " +
    "1000 722 667 667 667 667 278 278 278 278 722 722 778 778 778 778 778 584 778 722 722 722 722 667 " +
    "667 611 556 556 556 556 556 556 889 556 556 556 556 556 278 278 278 278 611 611 611 611 611 611 " +
    "611 584 611 611 611 611 611 556 611 556"
  )
    .split(" ")
    .map(Number),
};

// Codes 128 to 159; the rest is as in Latin-1.
const SPECIAL = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";

// The code of each character, or null when the typefaces cannot write the text.
export function encode(text: string): number[] | null {
  const codes = [...text].map(codeOf);
  return codes.every((code) => code !== null) ? codes : null;
}

function codeOf(character: string): number | null {
  const point = character.codePointAt(0) ?? 0;
  // French puts narrow spaces before some marks, and numbers have them between groups.
  if (point === 0x202f || point === 0x2009) return 0xa0;
  if ((point >= 32 && point < 127) || (point >= 0xa0 && point < 256)) return point;
  const special = character === " " ? -1 : SPECIAL.indexOf(character);
  return special < 0 ? null : 128 + special;
}

// The width of a text in points; characters that cannot be written count as wide as an "m".
export function widthOf(text: string, size: number, face: Face): number {
  const widths = WIDTHS[face];
  const sum = [...text].reduce((total, character) => {
    const code = codeOf(character);
    return total + (code === null ? 889 : (widths[code - 32] ?? 0));
  }, 0);
  return (sum * size) / 1000;
}

// Breaks a text into lines at most `width` points wide, at spaces; a longer word is cut.
export function wrap(text: string, size: number, face: Face, width: number): string[] {
  return text.split("\n").flatMap((paragraph) => wrapLine(paragraph, size, face, width));
}

function wrapLine(text: string, size: number, face: Face, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((one) => cut(one, size, face, width))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && widthOf(longer, size, face) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

function cut(word: string, size: number, face: Face, width: number): string[] {
  const parts: string[] = [];
  let part = "";
  for (const character of word) {
    if (part !== "" && widthOf(part + character, size, face) > width) {
      parts.push(part);
      part = "";
    }
    part += character;
  }
  return [...parts, part];
}
