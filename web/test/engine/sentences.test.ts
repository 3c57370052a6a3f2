import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Sentences } from "../../src/engine/sentences";
import { type Taxonomy, textsFor } from "../../src/engine/taxonomy";

const taxonomy = JSON.parse(
  readFileSync(new URL("../../../tests/golden/taxonomy.json", import.meta.url), "utf8"),
) as Taxonomy;

describe("sentences", () => {
  // As Python rounds: format(0.25, ".1f") is 0.2, format(0.75, ".1f") 0.8, format(0.05, ".1f") 0.1.
  it.each([
    [0.25, "+0.2"],
    [0.75, "+0.8"],
    [1.25, "+1.2"],
    [0.05, "+0.1"],
    [0.15, "+0.1"],
    [0.349999, "+0.3"],
    [12.34, "+12.3"],
  ])("round %d as the server does", (evidence, wanted) => {
    const text = new Sentences(textsFor(taxonomy, "en")).share("age", 71, "bcc", evidence);
    expect(text).toBe(`age 71: ${wanted} towards basal-cell carcinoma`);
  });

  it("are in the language that was asked for, else in English", () => {
    const said = (tag: string) => new Sentences(textsFor(taxonomy, tag)).share("age", 62.5, "mel", -1.2);
    expect(said("de-CH")).toContain("62,5");
    expect(said("de-CH")).toContain("−1,2");
    expect(said("pt")).toBe(said("en"));
  });

  it("tell what has no words by its code", () => {
    const text = new Sentences(textsFor(taxonomy, "en")).share("smokes", "often", "own_class", 0.4);
    expect(text).toBe("smokes often: +0.4 towards own class");
  });
});
