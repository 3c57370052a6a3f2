import { afterEach, describe, expect, it, vi } from "vitest";
import { assess, fetchBundles, Trouble } from "../src/api/client";

// The network is this module's border: a fetch that answers like the server, and one that fails.
const answer = (status: number, body: string) =>
  vi.stubGlobal(
    "fetch",
    vi.fn(async () => new Response(body, { status })),
  );

afterEach(() => vi.unstubAllGlobals());

const codeOf = async (promise: Promise<unknown>) => {
  const error = await promise.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(Trouble);
  return (error as Trouble).code;
};

describe("client", () => {
  it("sends the photo without its name, and only answers that were given", async () => {
    answer(200, "{}");
    const photos = [new File(["x"], "beach-2026.jpg")];
    await assess({ photos, answers: { age: "71", sex: "" }, bundle: null, locale: "en" });
    const form = vi.mocked(fetch).mock.calls[0]?.[1]?.body as FormData;
    expect((form.get("photo") as File).name).toBe("photo");
    expect(form.get("age")).toBe("71");
    expect(form.has("sex")).toBe(false);
    expect(form.has("bundle")).toBe(false);
  });

  it("passes on the code of a problem", async () => {
    answer(415, JSON.stringify({ code: "unsupported_format" }));
    expect(await codeOf(fetchBundles("en"))).toBe("unsupported_format");
  });

  it("has a code for answers that are no problem document", async () => {
    answer(502, "<html>bad gateway</html>");
    expect(await codeOf(fetchBundles("en"))).toBe("internal_error");
  });

  it("tells a dead server from no network", async () => {
    vi.stubGlobal(
      "fetch",
      vi.fn(async () => Promise.reject(new TypeError())),
    );
    vi.stubGlobal("navigator", { onLine: true });
    expect(await codeOf(fetchBundles("en"))).toBe("network");
    vi.stubGlobal("navigator", { onLine: false });
    expect(await codeOf(fetchBundles("en"))).toBe("offline");
  });
});
