// One encrypted file with all that is kept.
//
// Header, 61 bytes, in clear and authenticated: "LENTIGO\n", version (1 byte), PBKDF2 iterations (4, big-endian),
// salt (16), nonce of the check (12), nonce of the content (12), then the bytes of the content (8).
// Then the check: the tag (16) of nothing encrypted, which tells a wrong passphrase from a damaged file.
// Then the content, AES-256-GCM: length of the JSON (4), JSON, and the photos' bytes one after the other.
import type { Everything } from "./everything";
import type { Photo } from "./records";

export type BackupCode = "not_a_backup" | "newer_version" | "wrong_passphrase" | "damaged";

export class BackupTrouble extends Error {
  constructor(readonly code: BackupCode) {
    super(code);
  }
}

const MAGIC = new TextEncoder().encode("LENTIGO\n");
const VERSION = 1;
// OWASP's Password Storage Cheat Sheet asks for 600,000 with SHA-256.
const ITERATIONS = 600_000;
// A file that asks for more is no backup of ours, and would keep the phone busy for minutes.
const MOST_ITERATIONS = 10_000_000;
const HEADER = 61;
const TAG = 16;

type Bytes = Uint8Array<ArrayBuffer>;
type StoredPhoto = Omit<Photo, "blob"> & { type: string; bytes: number };

export async function encryptBackup(everything: Everything, passphrase: string): Promise<Blob> {
  const content = await pack(everything);
  const header = newHeader(content.byteLength);
  const key = await deriveKey(passphrase, header);
  const check = await encrypt(key, checkNonce(header), header, new Uint8Array());
  const body = await encrypt(key, contentNonce(header), header, content);
  return new Blob([header, check, body], { type: "application/octet-stream" });
}

// Throws BackupTrouble.
export async function decryptBackup(file: Blob, passphrase: string): Promise<Everything> {
  const all = new Uint8Array(await file.arrayBuffer());
  const header = all.slice(0, HEADER);
  verifyHeader(header);
  const key = await deriveKey(passphrase, header);
  const check = all.slice(HEADER, HEADER + TAG);
  if (check.length < TAG) throw new BackupTrouble("damaged");
  await decrypt(key, checkNonce(header), header, check, "wrong_passphrase");
  const content = await decrypt(key, contentNonce(header), header, all.slice(HEADER + TAG), "damaged");
  return unpack(content);
}

function newHeader(contentBytes: number): Bytes {
  const header = new Uint8Array(HEADER);
  const view = new DataView(header.buffer);
  header.set(MAGIC);
  view.setUint8(8, VERSION);
  view.setUint32(9, ITERATIONS);
  crypto.getRandomValues(header.subarray(13, 53));
  view.setBigUint64(53, BigInt(contentBytes));
  return header;
}

const salt = (header: Bytes) => header.slice(13, 29);
const checkNonce = (header: Bytes) => header.slice(29, 41);
const contentNonce = (header: Bytes) => header.slice(41, 53);
const iterations = (header: Bytes) => new DataView(header.buffer).getUint32(9);

function verifyHeader(header: Bytes): void {
  if (!MAGIC.every((byte, place) => header[place] === byte)) throw new BackupTrouble("not_a_backup");
  if (header.length < HEADER) throw new BackupTrouble("damaged");
  if ((header[8] ?? 0) > VERSION) throw new BackupTrouble("newer_version");
  if (iterations(header) < ITERATIONS || iterations(header) > MOST_ITERATIONS)
    throw new BackupTrouble("damaged");
}

async function deriveKey(passphrase: string, header: Bytes): Promise<CryptoKey> {
  // The same letters can be typed as different code points on different keyboards.
  const bytes = new TextEncoder().encode(passphrase.normalize("NFKC"));
  const base = await crypto.subtle.importKey("raw", bytes, "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt: salt(header), iterations: iterations(header) },
    base,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}

async function encrypt(key: CryptoKey, iv: Bytes, header: Bytes, content: Bytes): Promise<Bytes> {
  return new Uint8Array(
    await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: header }, key, content),
  );
}

async function decrypt(
  key: CryptoKey,
  iv: Bytes,
  header: Bytes,
  content: Bytes,
  code: BackupCode,
): Promise<Bytes> {
  try {
    return new Uint8Array(
      await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: header }, key, content),
    );
  } catch {
    throw new BackupTrouble(code);
  }
}

async function pack(everything: Everything): Promise<Bytes> {
  const blobs = await Promise.all(everything.photos.map((photo) => photo.blob.arrayBuffer()));
  const photos: StoredPhoto[] = everything.photos.map(({ blob, ...photo }) => ({
    ...photo,
    type: blob.type,
    bytes: blob.size,
  }));
  const json = new TextEncoder().encode(JSON.stringify({ ...everything, photos }));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, json.length);
  return new Uint8Array(await new Blob([length, json, ...blobs]).arrayBuffer());
}

function unpack(content: Bytes): Everything {
  const length = new DataView(content.buffer).getUint32(0);
  const read = JSON.parse(new TextDecoder().decode(content.subarray(4, 4 + length)));
  let place = 4 + length;
  const photos = (read.photos as StoredPhoto[]).map(({ type, bytes, ...photo }) => {
    const blob = new Blob([content.slice(place, place + bytes)], { type });
    place += bytes;
    return { ...photo, blob };
  });
  return { ...read, photos };
}
