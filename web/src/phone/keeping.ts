// Keeps the models that the server has: fetches what is new, tries it once, drops what is old.
import type { Bundle } from "../api/client";
import { bundles } from "../bundles";
import { deliver } from "../outbox/outbox";
import { changeSettings, settings } from "../settings";
import { changed } from "../storage/changes";
import { writeSetting } from "../storage/settings";
import { orTell } from "../storage/trouble";
import { engineFiles } from "./engine-files";
import { areKept, FetchTrouble, fetchFiles, keepOnly, type ModelFile, totalBytes } from "./files";
import { closeRunner, measure } from "./runner";
import { dropModels, isSupported, KEPT, type KeptModel, keptModels, progress } from "./state";

interface Connection {
  saveData?: boolean;
  effectiveType?: string;
  type?: string;
}

// Fetches by itself where that costs the person nothing: not after they deleted it or chose the server, and not over a
// network that they pay for or wait for.
export async function keepUp(): Promise<void> {
  const { engine, keepModel } = settings.value;
  if (!isSupported() || keepModel === false || engine === "server") return;
  const connection = (navigator as { connection?: Connection }).connection ?? {};
  const costs =
    connection.saveData || connection.type === "cellular" || (connection.effectiveType ?? "4g") !== "4g";
  if (costs && keepModel !== true) return;
  if (await isUpToDate()) return;
  await fetchModels();
}

// Fetches what is missing, whatever it costs: the person asked for it, or keepUp found it cheap.
export async function fetchModels(): Promise<void> {
  // One tab at a time; the next finds everything here.
  if (navigator.locks) await navigator.locks.request("models", fetchNow);
  else await fetchNow();
}

// Deletes them, and does not fetch them again until the person asks for it.
export async function deleteModels(): Promise<void> {
  closeRunner();
  await orTell(changeSettings({ keepModel: false }));
  await dropModels();
  await write([]);
}

async function isUpToDate(): Promise<boolean> {
  const wanted = wantedModels();
  const same = wanted.every(({ files }) =>
    keptModels.value.some((kept) => samePaths(listed(kept.files), listed(files))),
  );
  return same && areKept(filesOf(wanted));
}

async function fetchNow(): Promise<void> {
  const wanted = wantedModels();
  if (wanted.length === 0 || (await isUpToDate())) return;
  const files = filesOf(wanted);
  const total = totalBytes(files);
  progress.value = { share: 0 };
  try {
    await fetchFiles(files, (bytes) => {
      progress.value = { share: bytes / total };
    });
  } catch (error) {
    if (!(error instanceof FetchTrouble)) throw error;
    progress.value = { trouble: error.code };
    return;
  }
  // An old model must not run on: the next photo is the new one's.
  closeRunner();
  const models: KeptModel[] = [];
  for (const one of wanted) models.push({ ...one, photo_ms: await measure(one) });
  await write(models);
  await keepOnly(files);
  progress.value = null;
  // What waited for the model.
  void deliver();
}

type Wanted = Omit<KeptModel, "photo_ms">;

function wantedModels(): Wanted[] {
  return bundles.value.flatMap((bundle) => {
    const graph = fileOf(bundle, "model.onnx");
    const card = fileOf(bundle, "card.json");
    const taxonomy = fileOf(bundle, "taxonomy.json");
    if (!graph || !card || !taxonomy) return [];
    const files = { graph, card, taxonomy, wasm: engineFiles().wasm };
    return [{ name: bundle.name, version: bundle.version, files }];
  });
}

function fileOf(bundle: Bundle, name: string): ModelFile | undefined {
  // A list that an older app kept has no files.
  return bundle.files?.find((one) => one.name === name);
}

const listed = ({ wasm, graph, card, taxonomy }: Wanted["files"]): ModelFile[] => [
  wasm,
  graph,
  card,
  taxonomy,
];

// The engine's, and those of each model, each once.
function filesOf(wanted: readonly Wanted[]): ModelFile[] {
  const { worker, threads } = engineFiles();
  const files = [worker, threads, ...wanted.flatMap((one) => listed(one.files))];
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

function samePaths(some: readonly ModelFile[], others: readonly ModelFile[]): boolean {
  return some.every((file, place) => file.path === others[place]?.path);
}

async function write(models: KeptModel[]): Promise<void> {
  keptModels.value = models;
  await orTell(writeSetting(KEPT, models));
  changed("settings");
}
