// What the page and its worker say to each other.
import type { Answers, Assessment } from "../api/client";
import type { Pixels } from "./pixels";

// A model by the paths of its files in the cache.
export interface ModelPaths {
  graph: string;
  card: string;
  taxonomy: string;
  wasm: string;
  threads: string;
}

export interface Asked {
  photos: Pixels[];
  answers: Answers;
  locale: string;
}

export type Request = { id: number; model: ModelPaths } & (
  | { kind: "open" }
  | { kind: "measure" }
  | { kind: "assess"; asked: Asked }
);

export type Reply = { id: number } & (
  | { kind: "opened" }
  | { kind: "measured"; photo_ms: number }
  | { kind: "assessed"; assessment: Assessment }
  // `code` is a Trouble's, as of an answer that is not understood; null for anything else.
  | { kind: "failed"; code: string | null; message: string }
);
