import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { en } from "../src/texts/en";

const openapi = JSON.parse(readFileSync(new URL("../openapi.json", import.meta.url), "utf8"));
const taxonomy = (name: string) =>
  readFileSync(new URL(`../../src/lentigo/taxonomy/${name}.toml`, import.meta.url), "utf8");

describe("texts", () => {
  it("know every reason that the server can give", () => {
    const reasons = openapi.components.schemas.Assessment.properties.reasons.items.enum as string[];
    expect(reasons.length).toBeGreaterThan(5);
    for (const reason of reasons) expect(en.reasons[reason], reason).toBeTruthy();
  });

  it("know every place on the body", () => {
    const sites = [...taxonomy("sites").matchAll(/^\["?([^"\]]+)"?\]$/gm)].map((match) => match[1] ?? "");
    expect(sites).toHaveLength(14);
    for (const site of sites) expect(en.choices[site], site).toBeTruthy();
  });

  it("have a short and a long form of every question", () => {
    expect(Object.keys(en.answers)).toEqual(Object.keys(en.answersShort));
  });
});
