import { describe, expect, it } from "vitest";
import { ACCEPTED, isHeif } from "../src/formats";

const file = (start: string) => new Blob([`\0\0\0\x18${start}`, new Uint8Array(100)]);

describe("formats", () => {
  it("know HEIC by its first bytes, whatever the file is called", async () => {
    expect(await isHeif(file("ftypheic"))).toBe(true);
    expect(await isHeif(file("ftypmif1"))).toBe(true);
    expect(await isHeif(file("ftypmp42"))).toBe(false);
    expect(await isHeif(new Blob(["\xff\xd8\xff"]))).toBe(false);
    expect(await isHeif(new Blob([]))).toBe(false);
  });

  it("offer no HEIC", () => {
    expect(ACCEPTED).not.toMatch(/\*|hei/);
  });
});
