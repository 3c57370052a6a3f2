// What this phone has for analysing photos itself. Small: the first screen needs it. What fetches and runs is loaded later.
import { computed, signal } from "@preact/signals";
import { bundleNamed } from "../bundles";
import { settings } from "../settings";
import { onChange } from "../storage/changes";
import { readSetting } from "../storage/settings";
import { orTell } from "../storage/trouble";
import { choosePlace, type Place, type Why } from "./choice";
import { engineFiles } from "./engine-files";
import { CACHE, type FetchCode, type ModelFile } from "./files";

// A bundle that is here whole, and how fast it was in its trial; null where the trial failed.
export interface KeptModel {
  name: string;
  version: string;
  files: { graph: ModelFile; card: ModelFile; taxonomy: ModelFile; wasm: ModelFile };
  photo_ms: number | null;
}

export type Progress = { share: number } | { trouble: FetchCode } | null;

export const KEPT = "models";

export const keptModels = signal<readonly KeptModel[]>([]);

// Of the fetching that goes on, or why it ended; null where there is none.
export const progress = signal<Progress>(null);

const online = signal(true);

// Whether this browser can keep and run a model. Over plain http it has neither caches nor hashes.
export function isSupported(): boolean {
  return (
    isSecureContext &&
    typeof caches !== "undefined" &&
    typeof crypto.subtle !== "undefined" &&
    typeof Worker !== "undefined" &&
    typeof WebAssembly !== "undefined" &&
    WebAssembly.validate(SIMD)
  );
}

// The smallest module with an instruction of 128 bits: (func (result v128) i32.const 0, i8x16.splat).
const SIMD = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11,
]);

// Whether the server hands the model out, or one is here already.
export const canRun = computed(
  () => isSupported() && (keptModels.value.length > 0 || (bundleNamed(null)?.files?.length ?? 0) > 0),
);

export function keptModel(bundle: string | null): KeptModel | undefined {
  const name = bundleNamed(bundle)?.name ?? bundle;
  return keptModels.value.find((one) => one.name === name);
}

export function placeFor(bundle: string | null): { place: Place; why: Why } {
  return choosePlace({
    chosen: settings.value.engine,
    photo_ms: keptModel(bundle)?.photo_ms,
    online: online.value,
  });
}

export async function loadPhone(): Promise<void> {
  online.value = navigator.onLine;
  addEventListener("online", () => {
    online.value = true;
  });
  addEventListener("offline", () => {
    online.value = false;
  });
  await read();
  onChange("settings", () => void read());
}

async function read(): Promise<void> {
  const kept = (await orTell(readSetting<KeptModel[]>(KEPT))) ?? [];
  // After an update of the app, an engine that goes with it is fetched first.
  keptModels.value = kept.filter((one) => one.files.wasm.path === engineFiles().wasm.path);
}

// With all that the person deletes. It is fetched again when the app needs it.
export async function dropModels(): Promise<void> {
  keptModels.value = [];
  progress.value = null;
  if (isSupported()) await caches.delete(CACHE);
}
