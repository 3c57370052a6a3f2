import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { de } from "../src/texts/de";
import { en } from "../src/texts/en";
import { es } from "../src/texts/es";
import { fr } from "../src/texts/fr";
import { LANGUAGES, languageOfBrowser, named } from "../src/texts/index";
import { it as italian } from "../src/texts/it";
import { nl } from "../src/texts/nl";

const ALL = { en, fr, de, es, it: italian, nl };
const taxonomy = (name: string) =>
  readFileSync(new URL(`../../src/lentigo/taxonomy/${name}.toml`, import.meta.url), "utf8");

// Every text by its path; functions as what they say of 1 and 2.
function flat(value: unknown, path = ""): [string, string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value === "function") return [[path, value(1, 2)]];
  return Object.entries(value as object).flatMap(([key, one]) => flat(one, `${path}.${key}`));
}

describe("texts", () => {
  it.each(LANGUAGES)("%s lacks nothing and has nothing over", (language) => {
    const mine = flat(ALL[language]);
    expect(mine.map(([path]) => path)).toEqual(flat(en).map(([path]) => path));
    for (const [path, text] of mine) expect(text.trim(), path).not.toBe("");
  });

  it.each(LANGUAGES)("%s names every number it is given", (language) => {
    const mine = new Map(flat(ALL[language]));
    for (const [path, text] of flat(en))
      for (const number of ["1", "2"])
        if (
          /\.(answered|outOfRange|remove|photoNumber|imported|counts|used)$/.test(path) &&
          text.includes(number)
        )
          expect(mine.get(path), path).toContain(number);
  });

  it.each(LANGUAGES.filter((one) => one !== "en"))("%s is translated", (language) => {
    const english = new Map(flat(en));
    const same = flat(ALL[language]).filter(([path, text]) => text.length > 20 && english.get(path) === text);
    expect(same).toEqual([]);
  });

  it("know every place on the body", () => {
    const sites = [...taxonomy("sites").matchAll(/^\["?([^"\]]+)"?\]$/gm)].map((match) => match[1] ?? "");
    expect(sites).toHaveLength(14);
    for (const site of sites) expect(named(en.choices, site), site).toBeTruthy();
  });

  it("have a short and a long form of every question", () => {
    expect(Object.keys(en.answers)).toEqual(Object.keys(en.answersShort));
  });

  it("follow the first language of the browser that there is", () => {
    expect(languageOfBrowser(["pt-BR", "fr-CH", "de"])).toBe("fr");
    expect(languageOfBrowser(["pt-BR"])).toBe("en");
  });

  it("give nothing for names that nobody knows, nor for what every object has", () => {
    expect(named(en.choices, "new_place")).toBeUndefined();
    expect(named(en.choices, "toString")).toBeUndefined();
  });
});
