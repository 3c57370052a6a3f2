// One bundle's graph, run by onnxruntime-web; src/lentigo/inference/engine.py.
import * as ort from "onnxruntime-web/wasm";
import { type ModelCard, SCHEMA_VERSION } from "../engine/card";
import type { RawOutput } from "../engine/output";
import { contentOf } from "./files";
import type { Rgb } from "./shrink";

// More threads than this wait for each other.
const MOST_THREADS = 4;

export interface Paths {
  graph: string;
  wasm: string;
  // Absolute address of the script with which onnxruntime-web starts its threads.
  threads: string;
}

export class Session {
  private constructor(
    private readonly card: ModelCard,
    private readonly session: ort.InferenceSession,
  ) {}

  static async open(card: ModelCard, paths: Paths): Promise<Session> {
    if (card.schema_version !== SCHEMA_VERSION)
      throw new Error(`The card has version ${card.schema_version}; this app reads ${SCHEMA_VERSION}.`);
    ort.env.wasm.wasmBinary = await (await contentOf(paths.wasm)).arrayBuffer();
    ort.env.wasm.wasmPaths = { mjs: paths.threads };
    // Threads share memory, which browsers allow to isolated pages alone.
    ort.env.wasm.numThreads = crossOriginIsolated ? Math.min(MOST_THREADS, navigator.hardwareConcurrency) : 1;
    const graph = await (await contentOf(paths.graph)).arrayBuffer();
    const session = await ort.InferenceSession.create(graph, {
      logSeverityLevel: 3,
      // Weights are stored in 8 bits and computed in float: unpack them once, when the graph is loaded.
      extra: { session: { disable_quant_qdq: "1" } },
    });
    return new Session(card, session);
  }

  async run({ data, width, height }: Rgb, answers: Float32Array): Promise<RawOutput> {
    const found = await this.session.run({
      pixels: new ort.Tensor("uint8", data, [height, width, 3]),
      answers: new ort.Tensor("float32", answers, [answers.length]),
    });
    const numbers = (name: string): number[] => {
      const tensor = found[name];
      if (!tensor) throw new Error(`The graph gives no ${name}.`);
      return Array.from(tensor.data as Float32Array);
    };
    const { diagnoses, answers: specs, graph } = this.card;
    const map = split(numbers("evidence_map"), diagnoses.length);
    const quality = numbers("quality");
    return {
      logits: numbers("logits"),
      evidence_map: map.map((one) => split(one, graph.evidence_rows)),
      answer_evidence: split(numbers("answer_evidence"), specs.length),
      view_logits: split(numbers("view_logits"), graph.views),
      novelty: numbers("novelty")[0] ?? Number.NaN,
      no_skin: numbers("no_skin")[0] ?? Number.NaN,
      quality: Object.fromEntries(
        graph.quality_measures.map((name, place) => [name, quality[place] ?? Number.NaN]),
      ),
    };
  }
}

// So many rows of equal length.
function split(values: readonly number[], rows: number): number[][] {
  const length = values.length / rows;
  return Array.from({ length: rows }, (_, row) => values.slice(row * length, (row + 1) * length));
}
