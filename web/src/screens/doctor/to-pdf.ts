// Sets the report as a PDF: one column on A4 or Letter, black on white, shapes beside every colour.

import type { Tier } from "../../api/client";
import { decode } from "../../crop";
import {
  A4,
  type Colour,
  type Jpeg,
  LETTER,
  type Page,
  type Paper,
  Pdf,
  type TextStyle,
} from "../../pdf/document";
import { encode, type Face, widthOf, wrap } from "../../pdf/fonts";
import { t } from "../../texts";
import type { Block, Report, Row } from "./report";

const MARGIN = 54;
const FOOT = 40;
const LINE = 1.35;
const GAP = 16;
const PHOTO_PX = 1200;
const QUALITY = 0.9;
const NAMES = 190;

const INK: Colour = [0.14, 0.19, 0.18];
const SOFT: Colour = [0.35, 0.39, 0.37];
const RULE: Colour = [0.8, 0.8, 0.78];
const BAR: Colour = [0.06, 0.36, 0.36];
const TIERS: Record<Tier, Colour> = {
  high: [0.64, 0.23, 0.12],
  moderate: [0.54, 0.35, 0],
  low: [0.15, 0.42, 0.27],
};

const TITLE: TextStyle = { size: 20, face: "bold", colour: INK };
const HEAD: TextStyle = { size: 12, face: "bold", colour: INK };
const TEXT: TextStyle = { size: 10.5, face: "regular", colour: INK };
const BOLD: TextStyle = { ...TEXT, face: "bold" };
const QUIET: TextStyle = { ...TEXT, colour: SOFT };
const SMALL: TextStyle = { size: 8.5, face: "regular", colour: SOFT };

// Where paper is Letter: the rest of the world writes on A4 (ISO 216).
const LETTER_REGIONS = ["US", "CA", "MX"];

export function paperOf(locale: string): Paper {
  return LETTER_REGIONS.includes(locale.split("-").at(-1) ?? "") ? LETTER : A4;
}

export async function toPdf(report: Report, language: string, paper: Paper): Promise<Blob> {
  const sheet = new Sheet(new Pdf(paper, report.title, language));
  await sheet.paragraph(report.title, TITLE);
  await sheet.paragraph(report.made, QUIET);
  for (const block of report.blocks) {
    sheet.space(GAP);
    await drawBlock(sheet, block);
  }
  sheet.space(GAP);
  await sheet.paragraph(report.note, SMALL);
  await sheet.numberPages(report.title);
  return sheet.pdf.toBlob();
}

async function drawBlock(sheet: Sheet, block: Block): Promise<void> {
  if (block.title) await sheet.heading(block.title);
  if (block.kind === "facts") await facts(sheet, block.rows);
  if (block.kind === "text") await sheet.paragraph(block.text, TEXT);
  if (block.kind === "table") await table(sheet, block.head, block.rows);
  if (block.kind === "photos") await photos(sheet, block.photos);
  if (block.kind === "estimate") {
    if (block.tier) await tier(sheet, block.tier);
    await facts(sheet, block.rows);
    sheet.space(4);
    for (const share of block.shares) await bar(sheet, share.name, share.share, share.value);
    await sheet.paragraph(block.note, SMALL);
  }
}

// The place on the page: goes down, and on to the next page where the rest is too short.
class Sheet {
  page: Page;
  y = MARGIN;

  constructor(readonly pdf: Pdf) {
    this.page = pdf.addPage();
  }

  get width(): number {
    return this.pdf.paper.width - 2 * MARGIN;
  }

  get bottom(): number {
    return this.pdf.paper.height - MARGIN - FOOT / 2;
  }

  space(height: number): void {
    this.y += height;
  }

  // A new page unless `height` is left.
  need(height: number): void {
    if (this.y + height <= this.bottom) return;
    this.page = this.pdf.addPage();
    this.y = MARGIN;
  }

  // A heading stays with at least a few lines of what follows.
  async heading(text: string): Promise<void> {
    this.need(72);
    this.page.line(MARGIN, this.y, MARGIN + this.width, this.y, 0.6, RULE);
    this.y += 8;
    await this.paragraph(text, HEAD);
    this.y += 4;
  }

  async paragraph(text: string, style: TextStyle): Promise<void> {
    for (const line of wrap(text, style.size, style.face, this.width)) {
      this.need(style.size * LINE);
      await this.write(MARGIN, line, style);
      this.y += style.size * LINE;
    }
  }

  // One line with its top at the current place; drawn as a picture where the typefaces lack a letter.
  async write(x: number, text: string, style: TextStyle): Promise<void> {
    if (text === "") return;
    if (encode(text)) {
      this.page.text(x, this.y + style.size, text, style);
      return;
    }
    const drawn = await textPicture(text, style);
    if (drawn) this.page.picture(x, this.y, drawn.width / DENSITY, drawn.height / DENSITY, drawn, text);
  }

  async numberPages(title: string): Promise<void> {
    const { pages, paper } = this.pdf;
    for (const [index, page] of pages.entries()) {
      this.page = page;
      this.y = paper.height - FOOT;
      const count = t.doctor.report.page(index + 1, pages.length);
      await this.write(paper.width - MARGIN - widthOf(count, SMALL.size, SMALL.face), count, SMALL);
      if (index > 0) await this.write(MARGIN, title, SMALL);
    }
  }
}

// Names on the left, values on the right, each as many lines as it needs.
async function facts(sheet: Sheet, rows: readonly Row[]): Promise<void> {
  for (const [name, value] of rows)
    await columns(sheet, [
      { text: name, width: NAMES, style: QUIET },
      { text: value, width: sheet.width - NAMES, style: TEXT },
    ]);
}

interface Cell {
  text: string;
  width: number;
  style: TextStyle;
}

async function columns(sheet: Sheet, cells: readonly Cell[]): Promise<void> {
  const lines = cells.map(({ text, width, style }) => wrap(text, style.size, style.face, width - 10));
  const step = Math.max(...cells.map((cell) => cell.style.size)) * LINE;
  const height = step * Math.max(...lines.map((one) => one.length));
  sheet.need(height);
  const top = sheet.y;
  let x = MARGIN;
  for (const [index, { width, style }] of cells.entries()) {
    sheet.y = top;
    for (const line of lines[index] ?? []) {
      await sheet.write(x, line, style);
      sheet.y += step;
    }
    x += width;
  }
  sheet.y = top + height;
}

async function table(
  sheet: Sheet,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): Promise<void> {
  const width = sheet.width / head.length;
  await columns(
    sheet,
    head.map((text) => ({ text, width, style: QUIET })),
  );
  for (const row of rows) {
    sheet.need(24);
    sheet.page.line(MARGIN, sheet.y + 2, MARGIN + sheet.width, sheet.y + 2, 0.4, RULE);
    sheet.y += 5;
    await columns(
      sheet,
      row.map((text) => ({ text, width, style: TEXT })),
    );
  }
}

async function tier(sheet: Sheet, one: Tier): Promise<void> {
  sheet.need(20);
  const [x, y] = [MARGIN, sheet.y + 1];
  // The shapes of parts/tier.tsx, as corners.
  const shapes: Record<Tier, [number, number][]> = {
    high: [
      [6, 1],
      [12, 11],
      [0, 11],
    ],
    moderate: [
      [6, 0],
      [12, 6],
      [6, 12],
      [0, 6],
    ],
    low: Array.from({ length: 32 }, (_, step) => [
      6 + 5.5 * Math.cos((step * Math.PI) / 16),
      6 + 5.5 * Math.sin((step * Math.PI) / 16),
    ]),
  };
  sheet.page.polygon(
    shapes[one].map(([dx, dy]) => [x + dx, y + dy] as const),
    TIERS[one],
  );
  await sheet.write(MARGIN + 18, t.result.tiers[one], { ...BOLD, colour: TIERS[one] });
  sheet.y += BOLD.size * LINE + 4;
}

async function bar(sheet: Sheet, name: string, share: number, value: string): Promise<void> {
  const lines = wrap(name, TEXT.size, TEXT.face, NAMES - 10);
  sheet.need(lines.length * TEXT.size * LINE);
  const width = sheet.width - NAMES - 80;
  sheet.page.area(MARGIN + NAMES, sheet.y + 3, width, 7, [0.92, 0.92, 0.9]);
  sheet.page.area(MARGIN + NAMES, sheet.y + 3, Math.max(1, width * share), 7, BAR);
  await columns(sheet, [
    { text: name, width: NAMES, style: TEXT },
    { text: "", width: width + 12, style: TEXT },
    { text: value, width: 78, style: BOLD },
  ]);
}

async function photos(sheet: Sheet, all: readonly { blob: Blob; caption: string }[]): Promise<void> {
  const across = all.length < 3 ? 2 : 3;
  const gap = 12;
  const side = (sheet.width - (across - 1) * gap) / across;
  for (let first = 0; first < all.length; first += across) {
    sheet.need(side + 24);
    const top = sheet.y;
    for (const [column, { blob, caption }] of all.slice(first, first + across).entries()) {
      const jpeg = await toJpeg(blob);
      const x = MARGIN + column * (side + gap);
      if (jpeg) {
        const scale = side / Math.max(jpeg.width, jpeg.height);
        sheet.page.picture(x, top, jpeg.width * scale, jpeg.height * scale, jpeg, caption);
      }
      sheet.y = top + side + 4;
      await sheet.write(x, caption, SMALL);
    }
    sheet.y = top + side + 22;
  }
}

// At most PHOTO_PX along each side; null where this browser cannot decode the photo.
export async function toJpeg(blob: Blob): Promise<Jpeg | null> {
  const image = await decode(blob);
  if (!image) return null;
  const scale = Math.min(1, PHOTO_PX / Math.max(image.naturalWidth, image.naturalHeight));
  const [width, height] = [Math.round(image.naturalWidth * scale), Math.round(image.naturalHeight * scale)];
  return fromCanvas(width, height, (context) => context.drawImage(image, 0, 0, width, height));
}

const DENSITY = 4;

function textPicture(text: string, { size, face, colour }: TextStyle): Promise<Jpeg | null> {
  const font = `${face === ("bold" satisfies Face) ? 600 : 400} ${size * DENSITY}px Helvetica, Arial, sans-serif`;
  const measuring = document.createElement("canvas").getContext("2d");
  if (!measuring) return Promise.resolve(null);
  measuring.font = font;
  const width = Math.ceil(measuring.measureText(text).width);
  return fromCanvas(width, Math.ceil(size * LINE * DENSITY), (context) => {
    context.font = font;
    context.fillStyle = `rgb(${colour.map((one) => Math.round(255 * one)).join(" ")})`;
    context.fillText(text, 0, size * DENSITY);
  });
}

async function fromCanvas(
  width: number,
  height: number,
  draw: (context: CanvasRenderingContext2D) => void,
): Promise<Jpeg | null> {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (!context) return null;
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  draw(context);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  return blob && { bytes: new Uint8Array(await blob.arrayBuffer()), width, height };
}
