// The files of onnxruntime-web, as build.mjs wrote them.
import type { ModelFile } from "./files";

interface EngineFiles {
  // Our worker, and the script with which onnxruntime-web starts its threads: small, and precached with the app.
  worker: string;
  threads: string;
  // Large, and fetched with the model.
  wasm: ModelFile;
}

declare const ENGINE_FILES: EngineFiles;

export const engineFiles = (): EngineFiles => ENGINE_FILES;
