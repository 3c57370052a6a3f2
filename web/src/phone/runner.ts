// The page's end of the worker: starts it when it is needed, ends it when it has been idle.
import { type Assessment, type Question, Trouble } from "../api/client";
import { engineFiles } from "./engine-files";
import type { ModelPaths, Reply, Request } from "./messages";
import { pixelsOf } from "./pixels";
import type { KeptModel } from "./state";

// A model that is not used gives its memory back.
const IDLE_MS = 120_000;

// The time from files to an answer, in the browser's own list of measures.
const MEASURE = "assess";

type Model = Pick<KeptModel, "files">;
type Body = Request extends infer One ? (One extends Request ? Omit<One, "id" | "model"> : never) : never;

interface Running {
  worker: Worker;
  waiting: Map<number, { resolve: (reply: Reply) => void; reject: (error: Error) => void }>;
  idle: ReturnType<typeof setTimeout> | undefined;
}

let running: Running | null = null;
let latest = 0;

// Loads the model, so that the first photo does not wait for it. Whether that works is told by the photo.
export async function prepare(model: Model): Promise<void> {
  await call(model, { kind: "open" }).catch(() => {});
}

// Milliseconds that a photo takes; null where this browser cannot run the model.
export async function measure(model: Model): Promise<number | null> {
  const reply = await call(model, { kind: "measure" }).catch(() => null);
  return reply?.kind === "measured" ? reply.photo_ms : null;
}

// Throws Trouble: answer_invalid as the server does, phone_unreadable or phone_failed.
export async function assessHere(model: Model, { photos, answers, locale }: Question): Promise<Assessment> {
  const start = performance.now();
  const pixels = await Promise.all(photos.map(pixelsOf));
  const read = pixels.filter((one) => one !== null);
  if (read.length < pixels.length) throw new Trouble("phone_unreadable");
  const asked = { photos: read, answers, locale };
  const moved = read.map((one) => one.rgba.buffer);
  const reply = await call(model, { kind: "assess", asked }, moved).catch(() => null);
  if (reply?.kind === "assessed") {
    // For whoever measures: `python -m benchmarks browser`.
    performance.measure(MEASURE, { start });
    return reply.assessment;
  }
  throw new Trouble((reply?.kind === "failed" && reply.code) || "phone_failed");
}

export function closeRunner(): void {
  if (!running) return;
  clearTimeout(running.idle);
  running.worker.terminate();
  for (const one of running.waiting.values()) one.reject(new Error("The worker was ended."));
  running = null;
}

function call(model: Model, body: Body, moved: Transferable[] = []): Promise<Reply> {
  const now = start();
  const id = ++latest;
  clearTimeout(now.idle);
  return new Promise<Reply>((resolve, reject) => {
    now.waiting.set(id, { resolve, reject });
    now.worker.postMessage({ ...body, id, model: paths(model) } satisfies Request, moved);
  }).finally(() => {
    now.waiting.delete(id);
    if (running === now && now.waiting.size === 0) now.idle = setTimeout(closeRunner, IDLE_MS);
  });
}

function start(): Running {
  if (running) return running;
  const worker = new Worker(engineFiles().worker.path, { type: "module" });
  const now: Running = { worker, waiting: new Map(), idle: undefined };
  worker.addEventListener("message", (event: MessageEvent<Reply>) =>
    now.waiting.get(event.data.id)?.resolve(event.data),
  );
  // It could not be loaded, or ran out of memory.
  worker.addEventListener("error", () => {
    if (running === now) closeRunner();
  });
  running = now;
  return now;
}

function paths({ files }: Model): ModelPaths {
  return {
    graph: files.graph.path,
    card: files.card.path,
    taxonomy: files.taxonomy.path,
    wasm: files.wasm.path,
    threads: new URL(engineFiles().threads.path, location.href).href,
  };
}
