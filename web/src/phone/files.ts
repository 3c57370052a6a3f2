// The engine's and the models' files: fetched once, checked by hash, kept in a cache of their own. Every path holds the
// hash of its content, so a file that is kept is the right one. No photo and no answer ever goes in here.
import type { components } from "../api/schema";

export type ModelFile = Pick<components["schemas"]["BundleFile"], "path" | "bytes" | "sha256">;

export const CACHE = "models";

export type FetchCode = "network" | "damaged" | "full";

export class FetchTrouble extends Error {
  constructor(
    readonly code: FetchCode,
    cause?: unknown,
  ) {
    super(code, { cause });
  }
}

export function totalBytes(files: readonly ModelFile[]): number {
  return files.reduce((sum, file) => sum + file.bytes, 0);
}

// Fetches what is not kept yet, one file after the other, and tells the bytes that are here so far. A file counts once it
// is whole and as it should be: what broke off is fetched anew, the others stay. Throws FetchTrouble.
export async function fetchFiles(
  files: readonly ModelFile[],
  onBytes: (bytes: number) => void,
): Promise<void> {
  const cache = await caches.open(CACHE);
  let before = 0;
  for (const file of files) {
    if (!(await cache.match(file.path))) {
      const whole = await fetchFile(file, (bytes) => onBytes(before + bytes));
      await keepFile(cache, file, whole);
    }
    before += file.bytes;
    onBytes(before);
  }
}

export async function areKept(files: readonly ModelFile[]): Promise<boolean> {
  const cache = await caches.open(CACHE);
  const found = await Promise.all(files.map((file) => cache.match(file.path)));
  return found.every((one) => one !== undefined);
}

// Drops what is not among `files`: what an earlier version of the model or the app had.
export async function keepOnly(files: readonly ModelFile[]): Promise<void> {
  const cache = await caches.open(CACHE);
  const paths = files.map((file) => file.path);
  for (const request of await cache.keys())
    if (!paths.includes(new URL(request.url).pathname)) await cache.delete(request);
}

export async function contentOf(path: string): Promise<Response> {
  const found = await (await caches.open(CACHE)).match(path);
  if (!found) throw new Error(`${path} is not kept.`);
  return found;
}

async function fetchFile(file: ModelFile, onBytes: (bytes: number) => void): Promise<Response> {
  // Not through the browser's own cache, which would keep it a second time.
  const response = await fetch(file.path, { cache: "no-store" }).catch((error: unknown) => {
    throw new FetchTrouble("network", error);
  });
  if (!response.ok || !response.body) throw new FetchTrouble("network");
  const content = new Uint8Array(file.bytes);
  let length = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw new FetchTrouble("network", error);
    });
    if (done) break;
    if (length + value.length > file.bytes) throw new FetchTrouble("damaged");
    content.set(value, length);
    length += value.length;
    onBytes(length);
  }
  if (length !== file.bytes || (await sha256(content)) !== file.sha256) throw new FetchTrouble("damaged");
  // A script's type and policy count also where it comes from a cache; it is unpacked by now.
  const headers = new Headers(response.headers);
  for (const name of ["content-encoding", "content-length"]) headers.delete(name);
  return new Response(content, { headers });
}

async function keepFile(cache: Cache, file: ModelFile, whole: Response): Promise<void> {
  try {
    await cache.put(file.path, whole);
  } catch (error) {
    throw new FetchTrouble("full", error);
  }
}

async function sha256(content: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
