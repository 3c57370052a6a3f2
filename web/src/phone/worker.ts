// The worker in which models run, so that the page stays quick. It holds one model; another takes its place.
import { Trouble } from "../api/client";
import type { ModelPaths, Reply, Request } from "./messages";
import { Predictor } from "./predictor";

const worker = self as unknown as DedicatedWorkerGlobalScope;

let opened: { graph: string; predictor: Promise<Predictor> } | null = null;

worker.addEventListener("message", (event: MessageEvent<Request>) => void answer(event.data));

async function answer(request: Request): Promise<void> {
  worker.postMessage(await reply(request));
}

async function reply(request: Request): Promise<Reply> {
  const { id } = request;
  try {
    const predictor = await open(request.model);
    if (request.kind === "measure") return { id, kind: "measured", photo_ms: await predictor.measure() };
    if (request.kind === "open") return { id, kind: "opened" };
    return { id, kind: "assessed", assessment: await predictor.assess(request.asked) };
  } catch (error) {
    return { id, kind: "failed", code: error instanceof Trouble ? error.code : null, message: String(error) };
  }
}

function open(model: ModelPaths): Promise<Predictor> {
  if (opened?.graph !== model.graph) opened = { graph: model.graph, predictor: Predictor.open(model) };
  return opened.predictor;
}
