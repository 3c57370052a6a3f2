// Writes src/parts/body/shapes.ts from the outline that `lentigo describe` draws: npm run body.
import { readFile, writeFile } from "node:fs/promises";

const source = new URL("../../src/lentigo/datasets/description/body.toml", import.meta.url);
const target = new URL("../src/parts/body/shapes.ts", import.meta.url);

// As much of TOML as body.toml uses.
export function readShapes(toml) {
  const shapes = { front: [], back: [] };
  for (const block of toml.split(/^\[/m).slice(1)) {
    const [, view, quoted, bare] = block.match(/^(front|back)\.(?:"([^"]+)"|(\w+))\]/);
    const [, long, short] = block.match(/^path = (?:"""([^"]+)"""|"([^"]+)")/m);
    const path = (long ?? short).replace(/\s*\n/g, " ");
    shapes[view].push({ site: quoted ?? bare, path, bothSides: /^both_sides = true/m.test(block) });
  }
  return shapes;
}

export function toModule(shapes) {
  const list = (view) =>
    shapes[view].map(
      (one) =>
        `    ${JSON.stringify(one)
          .replace(/"(\w+)":/g, "$1: ")
          .replace(/,(\w+): /g, ", $1: ")},`,
    );
  return `// Written by scripts/body.mjs from lentigo/datasets/description/body.toml; a test compares them.
// In a box of 140 by 364. What lies on both sides is drawn once, at the left, and mirrored.

export interface BodyShape {
  site: string;
  path: string;
  bothSides: boolean;
}

// biome-ignore format: written by a script
export const BODY: Record<"front" | "back", readonly BodyShape[]> = {
  front: [
${list("front").join("\n")}
  ],
  back: [
${list("back").join("\n")}
  ],
};
`;
}

if (process.argv[1] === new URL(import.meta.url).pathname)
  await writeFile(target, toModule(readShapes(await readFile(source, "utf8"))));
