import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { onChange } from "../src/storage/changes";
import { closeDatabase, MIGRATIONS, type Migration, openDatabase, stored } from "../src/storage/database";
import { addEverything, deleteEverything, readEverything } from "../src/storage/everything";
import { addItem, allItems, changeItem, dropItem } from "../src/storage/queue";
import {
  allSpots,
  assessmentById,
  assessmentsOf,
  deleteAssessment,
  deleteSpot,
  keep,
  photosOf,
  saveSpot,
} from "../src/storage/spots";
import { orTell, StorageTrouble, storageTrouble, toTrouble } from "../src/storage/trouble";
import { assessment, madeSpot, queueItem } from "./made";

beforeEach(async () => {
  await closeDatabase();
  vi.stubGlobal("indexedDB", new IDBFactory());
  storageTrouble.value = null;
});

const answered = (id: string) => queueItem({ id, state: "answered", assessment });

describe("spots", () => {
  it("keep an answer with its photos in their order", async () => {
    await keep(answered("one"), madeSpot());
    const found = await assessmentById("one");
    expect(await Promise.all(found?.photos.map((photo) => photo.blob.text()) ?? [])).toEqual([
      "first",
      "second",
    ]);
    expect(await assessmentsOf("spot")).toHaveLength(1);
  });

  it("lose one answer, or all that belongs to a spot, and nothing else", async () => {
    await keep(answered("one"), madeSpot());
    await keep(answered("two"), madeSpot());
    await keep(answered("other"), madeSpot({ id: "elsewhere" }));
    await deleteAssessment("one");
    expect(await photosOf("spot")).toHaveLength(2);
    await deleteSpot("spot");
    expect((await allSpots()).map((spot) => spot.id)).toEqual(["elsewhere"]);
    const left = await readEverything();
    expect([left.photos.length, left.assessments.length]).toEqual([2, 1]);
  });

  it("refuse to keep what has no answer", async () => {
    await expect(keep(queueItem(), madeSpot())).rejects.toThrow("answered");
  });
});

describe("queue", () => {
  it("changes an item, but does not bring back one that was dropped", async () => {
    await addItem(queueItem());
    expect(await changeItem("item", { attempts: 1 })).toMatchObject({ attempts: 1, state: "waiting" });
    await dropItem("item");
    expect(await changeItem("item", { state: "answered" })).toBeUndefined();
    expect(await allItems()).toEqual([]);
  });

  it("tells that it has changed", async () => {
    const told = vi.fn();
    const stop = onChange("queue", told);
    await addItem(queueItem());
    await saveSpot(madeSpot());
    expect(told).toHaveBeenCalledTimes(1);
    stop();
  });
});

describe("everything", () => {
  it("can be read, deleted and added again", async () => {
    await keep(answered("one"), madeSpot());
    await addItem(queueItem({ id: "waiting" }));
    const all = await readEverything();
    await deleteEverything();
    expect(await allSpots()).toEqual([]);
    expect(await allItems()).toEqual([]);
    await addEverything(all);
    expect((await assessmentById("one"))?.photos).toHaveLength(2);
  });

  it("is brought back by what deleting gives, with what still waits", async () => {
    await keep(answered("one"), madeSpot());
    await addItem(queueItem({ id: "waiting" }));
    const gone = await deleteEverything();
    await addEverything(gone);
    expect((await assessmentById("one"))?.photos).toHaveLength(2);
    expect(await allItems()).toMatchObject([{ id: "waiting", photos: [{ type: "image/jpeg" }, {}] }]);
  });
});

describe("migrations", () => {
  it("go on from the version that a phone has, and keep what it holds", async () => {
    const first = await openDatabase("old");
    await first.put("spots", madeSpot());
    first.close();
    const seen: string[] = [];
    const next: Migration = (_database, transaction) => {
      seen.push("next");
      transaction.objectStore("spots").createIndex("name" as never, "name");
    };
    const second = await openDatabase("old", [...MIGRATIONS, next]);
    expect(seen).toEqual(["next"]);
    expect(await second.getFromIndex("spots", "name" as never, "Arm" as never)).toMatchObject({ id: "spot" });
    second.close();
  });
});

describe("trouble", () => {
  it("tells a full storage from one that is not there", () => {
    expect(toTrouble(new DOMException("", "QuotaExceededError")).code).toBe("full");
    expect(toTrouble(new DOMException("", "InvalidStateError")).code).toBe("unavailable");
  });

  it("becomes a state that a screen can show", async () => {
    const full = stored(() => Promise.reject(new DOMException("", "QuotaExceededError")));
    expect(await orTell(full)).toBeNull();
    expect(storageTrouble.value).toBe("full");
    await expect(orTell(Promise.reject(new TypeError("a mistake")))).rejects.toThrow("a mistake");
  });

  it("is all that a missing database throws", async () => {
    vi.stubGlobal("indexedDB", {
      open() {
        throw new DOMException("", "SecurityError");
      },
    });
    await expect(allSpots()).rejects.toBeInstanceOf(StorageTrouble);
  });
});
