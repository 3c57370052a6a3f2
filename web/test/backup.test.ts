import { beforeAll, describe, expect, it } from "vitest";
import { BackupTrouble, decryptBackup, encryptBackup } from "../src/storage/backup";
import type { Everything } from "../src/storage/everything";
import { assessment, madeSpot } from "./made";

const PASSPHRASE = "four plain words here";
const PHOTO = new Uint8Array(5000).map((_, place) => place % 251);

const everything: Everything = {
  spots: [madeSpot({ name: "Épaule" })],
  photos: [
    {
      id: "a",
      spotId: "spot",
      assessmentId: "one",
      taken: 5,
      blob: new Blob([PHOTO], { type: "image/jpeg" }),
    },
    {
      id: "b",
      spotId: "spot",
      assessmentId: "one",
      taken: 6,
      blob: new Blob(["second"], { type: "image/png" }),
    },
  ],
  assessments: [
    { id: "one", spotId: "spot", created: 5, photoIds: ["a", "b"], bundle: null, answers: {}, assessment },
  ],
};

let bytes: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  bytes = new Uint8Array(await (await encryptBackup(everything, PASSPHRASE)).arrayBuffer());
});

const codeOf = async (content: Uint8Array<ArrayBuffer>, passphrase = PASSPHRASE) => {
  const error = await decryptBackup(new Blob([content]), passphrase).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(BackupTrouble);
  return (error as BackupTrouble).code;
};

const changedAt = (place: number, value: number) => {
  const copy = bytes.slice();
  copy[place] = value;
  return copy;
};

describe("backup", () => {
  it("brings back all that went in", async () => {
    const back = await decryptBackup(new Blob([bytes]), PASSPHRASE);
    expect(back.spots).toEqual(everything.spots);
    expect(back.assessments).toEqual(everything.assessments);
    expect(back.photos.map((photo) => [photo.id, photo.taken, photo.blob.type])).toEqual([
      ["a", 5, "image/jpeg"],
      ["b", 6, "image/png"],
    ]);
    const [first] = back.photos;
    expect(new Uint8Array((await first?.blob.arrayBuffer()) ?? [])).toEqual(PHOTO);
  });

  it("shows nothing of what is inside, and is never the same twice", async () => {
    const again = new Uint8Array(await (await encryptBackup(everything, PASSPHRASE)).arrayBuffer());
    expect(again).not.toEqual(bytes);
    expect(new TextDecoder("latin1").decode(bytes)).not.toContain("second");
  });

  it("asks for 600,000 rounds", () => {
    expect(new DataView(bytes.buffer).getUint32(9)).toBe(600_000);
  });

  it("takes the passphrase however a keyboard composes it", async () => {
    const file = await encryptBackup(everything, "caf\u00e9 caf\u00e9 caf\u00e9");
    await expect(decryptBackup(file, "cafe\u0301 cafe\u0301 cafe\u0301")).resolves.toBeTruthy();
  });

  it("tells a wrong passphrase from a damaged file", async () => {
    expect(await codeOf(bytes, "four plain words her")).toBe("wrong_passphrase");
    expect(await codeOf(changedAt(bytes.length - 40, (bytes[bytes.length - 40] ?? 0) ^ 1))).toBe("damaged");
    expect(await codeOf(bytes.slice(0, bytes.length - 9))).toBe("damaged");
    expect(await codeOf(bytes.slice(0, 70))).toBe("damaged");
    expect(await codeOf(bytes.slice(0, 30))).toBe("damaged");
  });

  it("knows other files, newer versions, and headers that would keep the phone busy or weaken the key", async () => {
    expect(await codeOf(new TextEncoder().encode("hello, this is text"))).toBe("not_a_backup");
    expect(await codeOf(new Uint8Array())).toBe("not_a_backup");
    expect(await codeOf(changedAt(8, 2))).toBe("newer_version");
    expect(await codeOf(changedAt(9, 0xff))).toBe("damaged");
    expect(await codeOf(changedAt(10, 0))).toBe("damaged");
  });
});
