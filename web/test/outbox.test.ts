import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { send, sendAll } from "../src/outbox/send";
import { closeDatabase } from "../src/storage/database";
import { addItem, allItems, dropItem, itemById } from "../src/storage/queue";
import { assessment, queueItem } from "./made";

// The network is this module's border.
const answer = (status: number, body: unknown) =>
  vi.stubGlobal(
    "fetch",
    vi.fn(async () => new Response(JSON.stringify(body), { status })),
  );

// The locks of browsers, which Node lacks: one holder of a name after the other.
function locks() {
  const last = new Map<string, Promise<unknown>>();
  return {
    request(name: string, work: () => Promise<unknown>) {
      const next = (last.get(name) ?? Promise.resolve()).then(work);
      last.set(
        name,
        next.catch(() => {}),
      );
      return next;
    },
  };
}

beforeEach(async () => {
  await closeDatabase();
  vi.stubGlobal("indexedDB", new IDBFactory());
  vi.stubGlobal("navigator", { onLine: true, locks: locks() });
});
afterEach(() => vi.unstubAllGlobals());

describe("outbox", () => {
  it("keeps an answer", async () => {
    answer(200, assessment);
    await addItem(queueItem());
    expect(await send("item")).toMatchObject({ state: "answered", assessment: { outcome: "assessed" } });
    expect(vi.mocked(fetch).mock.calls[0]?.[0]).toBe("/api/v1/assessments");
  });

  it("waits where another try can help, and refuses where it cannot", async () => {
    answer(503, { code: "overloaded" });
    await addItem(queueItem());
    expect(await send("item")).toMatchObject({ state: "waiting", code: "overloaded", attempts: 1 });
    answer(422, { code: "corrupt_image" });
    expect(await send("item")).toMatchObject({ state: "refused", code: "corrupt_image" });
    expect(await send("item")).toMatchObject({ attempts: 2 });
  });

  it("gives up on a photo that the server fails at again and again", async () => {
    answer(500, {});
    await addItem(queueItem());
    for (let attempt = 1; attempt < 5; attempt++) expect((await send("item"))?.state).toBe("waiting");
    expect((await send("item"))?.state).toBe("refused");
  });

  it("sends an item once, however many try at the same time", async () => {
    answer(200, assessment);
    await addItem(queueItem());
    const done = await Promise.all([sendAll(), sendAll(), sendAll()]);
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(done.flat()).toHaveLength(1);
  });

  it("never sends a photo that is to stay on the phone", async () => {
    answer(200, assessment);
    await addItem(queueItem({ analysedOn: "phone" }));
    expect(await send("item")).toMatchObject({ state: "waiting", attempts: 0 });
    expect(await sendAll()).toEqual([]);
    expect(fetch).not.toHaveBeenCalled();
  });

  it("does not bring back what was dropped while it was sent", async () => {
    vi.stubGlobal(
      "fetch",
      vi.fn(async () => {
        await dropItem("item");
        return new Response(JSON.stringify(assessment));
      }),
    );
    await addItem(queueItem());
    expect(await send("item")).toBeUndefined();
    expect(await allItems()).toEqual([]);
    expect(await itemById("item")).toBeUndefined();
  });
});
