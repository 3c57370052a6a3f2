import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readShapes, toModule } from "../scripts/body.mjs";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

it("is drawn as lentigo describe draws it", () => {
  const shapes = readShapes(read("../../src/lentigo/datasets/description/body.toml"));
  expect(read("../src/parts/body/shapes.ts"), "run npm run body").toBe(toModule(shapes));
  expect(shapes.front.length + shapes.back.length).toBe(19);
});
