// The engine as build.mjs wrote it. It is fetched with the model; the service worker hands out its scripts.
import type { ModelFile } from "./files";

interface EngineFiles {
  // Our worker.
  worker: ModelFile;
  // The script with which onnxruntime-web starts its threads.
  threads: ModelFile;
  wasm: ModelFile;
}

declare const ENGINE_FILES: EngineFiles;

export const engineFiles = (): EngineFiles => ENGINE_FILES;
