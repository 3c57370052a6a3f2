import { describe, expect, it } from "vitest";
import { parse } from "../src/router";

describe("router", () => {
  it("reads the screen and what follows it", () => {
    expect(parse("")).toEqual({ screen: "", rest: [] });
    expect(parse("#/")).toEqual({ screen: "", rest: [] });
    expect(parse("#/spots/ab%2012/photo")).toEqual({ screen: "spots", rest: ["ab 12", "photo"] });
  });

  it("takes an address that is not encoded as it is", () => {
    expect(parse("#/spots/%E0%A4%A")).toEqual({ screen: "spots", rest: ["%E0%A4%A"] });
  });
});
