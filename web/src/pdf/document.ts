// Writes a PDF file (ISO 32000-1): text, lines, areas and JPEG pictures, which is all a report needs. Lengths are in
// points (1/72 inch) from the upper left corner of the page.
import { encode, type Face } from "./fonts";

export interface Paper {
  width: number;
  height: number;
}

export const A4: Paper = { width: 595.28, height: 841.89 };
export const LETTER: Paper = { width: 612, height: 792 };

export interface Jpeg {
  bytes: Uint8Array<ArrayBuffer>;
  width: number;
  height: number;
}

// Red, green and blue from 0 to 1.
export type Colour = readonly [number, number, number];

export interface TextStyle {
  size: number;
  face: Face;
  colour: Colour;
}

type Chunk = string | Uint8Array<ArrayBuffer>;

const FACES: Record<Face, string> = { regular: "F1", bold: "F2" };

export class Pdf {
  readonly pages: Page[] = [];

  constructor(
    readonly paper: Paper,
    private readonly title: string,
    private readonly language: string,
  ) {}

  addPage(): Page {
    const page = new Page(this.paper.height);
    this.pages.push(page);
    return page;
  }

  toBlob(): Blob {
    return new Blob(this.write(), { type: "application/pdf" });
  }

  // Objects 1 to 5 are the catalogue, the page tree, the fonts and the information; the pages and pictures follow.
  private write(): BlobPart[] {
    const jpegs = [...new Set(this.pages.flatMap((page) => page.jpegs))];
    const firstPage = 6;
    const firstJpeg = firstPage + 2 * this.pages.length;
    const kids = this.pages.map((_, index) => `${firstPage + 2 * index} 0 R`).join(" ");
    const { width, height } = this.paper;
    const objects: Chunk[][] = [
      [
        `<</Type/Catalog/Pages 2 0 R/Lang ${hexText(this.language)}/ViewerPreferences<</DisplayDocTitle true>>>>`,
      ],
      [`<</Type/Pages/Kids[${kids}]/Count ${this.pages.length}/MediaBox[0 0 ${width} ${height}]>>`],
      ["<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"],
      ["<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>"],
      [`<</Title ${hexText(this.title)}/Producer(Lentigo)>>`],
    ];
    this.pages.forEach((page, index) => {
      const content = page.content(jpegs);
      const own = jpegs.flatMap((jpeg, place) =>
        page.jpegs.includes(jpeg) ? [`/I${place} ${firstJpeg + place} 0 R`] : [],
      );
      const resources = `<</Font<</F1 3 0 R/F2 4 0 R>>/XObject<<${own.join(" ")}>>>>`;
      objects.push(
        [`<</Type/Page/Parent 2 0 R/Contents ${firstPage + 2 * index + 1} 0 R`, `/Resources${resources}>>`],
        [`<</Length ${content.length}>>\nstream\n${content}\nendstream`],
      );
    });
    for (const { bytes, width: across, height: down } of jpegs)
      objects.push([
        `<</Type/XObject/Subtype/Image/Width ${across}/Height ${down}/ColorSpace/DeviceRGB`,
        `/BitsPerComponent 8/Filter/DCTDecode/Length ${bytes.length}>>\nstream\n`,
        bytes,
        "\nendstream",
      ]);
    return assemble(objects);
  }
}

export class Page {
  readonly jpegs: Jpeg[] = [];
  private readonly parts: ((jpegs: readonly Jpeg[]) => string)[] = [];

  constructor(private readonly height: number) {}

  // `y` is the baseline. Throws for characters that the typefaces lack.
  text(x: number, y: number, text: string, { size, face, colour }: TextStyle): void {
    const codes = encode(text);
    if (!codes) throw new Error("The typefaces of a PDF cannot write this text; draw it as a picture.");
    const hex = codes.map((code) => code.toString(16).padStart(2, "0")).join("");
    this.add(
      `BT ${colour.map(short).join(" ")} rg /${FACES[face]} ${short(size)} Tf ${this.at(x, y)} Td <${hex}> Tj ET`,
    );
  }

  area(x: number, y: number, width: number, height: number, colour: Colour): void {
    this.add(
      `${colour.map(short).join(" ")} rg ${this.at(x, y + height)} ${short(width)} ${short(height)} re f`,
    );
  }

  polygon(points: readonly (readonly [number, number])[], colour: Colour): void {
    const path = points.map(([x, y], index) => `${this.at(x, y)} ${index === 0 ? "m" : "l"}`).join(" ");
    this.add(`${colour.map(short).join(" ")} rg ${path} h f`);
  }

  line(x1: number, y1: number, x2: number, y2: number, thickness: number, colour: Colour): void {
    this.add(
      `${colour.map(short).join(" ")} RG ${short(thickness)} w ${this.at(x1, y1)} m ${this.at(x2, y2)} l S`,
    );
  }

  // `says` is what the picture is of when it stands for text, for search and screen readers.
  picture(x: number, y: number, width: number, height: number, jpeg: Jpeg, says?: string): void {
    this.jpegs.push(jpeg);
    const matrix = `${short(width)} 0 0 ${short(height)} ${this.at(x, y + height)} cm`;
    const [begin, end] = says ? [`/Span<</ActualText ${hexText(says)}>>BDC `, " EMC"] : ["", ""];
    this.parts.push((jpegs) => `${begin}q ${matrix} /I${jpegs.indexOf(jpeg)} Do Q${end}`);
  }

  content(jpegs: readonly Jpeg[]): string {
    return this.parts.map((part) => part(jpegs)).join("\n");
  }

  private add(operators: string): void {
    this.parts.push(() => operators);
  }

  // PDF counts from the lower left corner.
  private at(x: number, y: number): string {
    return `${short(x)} ${short(this.height - y)}`;
  }
}

function short(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

// A text string as UTF-16 with its byte order mark.
function hexText(text: string): string {
  let hex = "<FEFF";
  for (let index = 0; index < text.length; index++)
    hex += text.charCodeAt(index).toString(16).padStart(4, "0");
  return `${hex}>`;
}

// The objects, where each begins, and the trailer.
function assemble(objects: readonly (readonly Chunk[])[]): BlobPart[] {
  // The second line tells programs that the file holds bytes that are no text.
  const parts: Chunk[] = ["%PDF-1.7\n", new Uint8Array([37, 226, 227, 207, 211, 10])];
  const bytes = (chunk: Chunk) => chunk.length;
  let place = parts.reduce((sum, part) => sum + bytes(part), 0);
  const begins: number[] = [];
  objects.forEach((object, index) => {
    begins.push(place);
    const whole: Chunk[] = [`${index + 1} 0 obj\n`, ...object, "\nendobj\n"];
    parts.push(...whole);
    place += whole.reduce((sum, chunk) => sum + bytes(chunk), 0);
  });
  const rows = begins.map((begin) => `${String(begin).padStart(10, "0")} 00000 n \n`).join("");
  const count = objects.length + 1;
  parts.push(`xref\n0 ${count}\n0000000000 65535 f \n${rows}`);
  parts.push(`trailer\n<</Size ${count}/Root 1 0 R/Info 5 0 R>>\nstartxref\n${place}\n%%EOF\n`);
  return parts;
}
