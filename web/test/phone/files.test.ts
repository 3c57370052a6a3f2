import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { areKept, type FetchTrouble, fetchFiles, keepOnly } from "../../src/phone/files";

// The browser's cache, as far as it is used here.
class MadeCache {
  readonly kept = new Map<string, Response>();
  full = false;
  async match(path: string) {
    return this.kept.get(path)?.clone();
  }
  async put(path: string, response: Response) {
    if (this.full) throw new DOMException("full", "QuotaExceededError");
    this.kept.set(path, response);
  }
  async keys() {
    return [...this.kept.keys()].map((path) => new Request(`https://lentigo.example${path}`));
  }
  async delete(request: Request) {
    return this.kept.delete(new URL(request.url).pathname);
  }
}

const content: Record<string, string> = { "/a": "first file", "/b": "the second" };
const file = (path: string) => {
  const text = content[path] ?? "";
  return { path, bytes: text.length, sha256: createHash("sha256").update(text).digest("hex") };
};
const FILES = [file("/a"), file("/b")];

let cache: MadeCache;
let served: Record<string, string>;

beforeEach(() => {
  cache = new MadeCache();
  served = { ...content };
  vi.stubGlobal("caches", { open: async () => cache });
  vi.stubGlobal(
    "fetch",
    vi.fn(async (path: string) => {
      if (!(path in served)) throw new TypeError("Failed to fetch");
      return new Response(served[path]);
    }),
  );
});
afterEach(() => vi.unstubAllGlobals());

const codeOf = (work: Promise<void>) =>
  work.then(
    () => null,
    (error: FetchTrouble) => error.code,
  );

describe("a model's files", () => {
  it("are fetched once, and tell how far it is", async () => {
    const told: number[] = [];
    await fetchFiles(FILES, (bytes) => told.push(bytes));
    expect(told.at(-1)).toBe(20);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(await areKept(FILES)).toBe(true);
    await fetchFiles(FILES, () => {});
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it("are not kept when they are not what was meant, however long they are", async () => {
    for (const wrong of ["the sec0nd", "the second and more", "the"]) {
      served["/b"] = wrong;
      expect(await codeOf(fetchFiles(FILES, () => {})), wrong).toBe("damaged");
      expect([...cache.kept.keys()]).toEqual(["/a"]);
    }
  });

  it("go on after a connection that broke off with the file that it broke off in", async () => {
    delete served["/b"];
    expect(await codeOf(fetchFiles(FILES, () => {}))).toBe("network");
    expect(await areKept(FILES)).toBe(false);
    served["/b"] = content["/b"] ?? "";
    await fetchFiles(FILES, () => {});
    expect(vi.mocked(fetch).mock.calls.map(([path]) => path)).toEqual(["/a", "/b", "/b"]);
  });

  it("tell of a full disk", async () => {
    cache.full = true;
    expect(await codeOf(fetchFiles(FILES, () => {}))).toBe("full");
  });

  it("give way to those of another version", async () => {
    await fetchFiles(FILES, () => {});
    await keepOnly([file("/b")]);
    expect([...cache.kept.keys()]).toEqual(["/b"]);
  });
});
