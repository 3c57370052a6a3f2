import { render } from "preact";
import { App } from "./app";
import { loadBundles } from "./bundles";
import { loadDraft } from "./draft";
import { watchInstall } from "./install";
import { loadOutbox } from "./outbox/outbox";
import { loadPhone } from "./phone/state";
import { watchReminders } from "./reminders/watch";
import { startRouter } from "./router";
import { loadSettings } from "./settings";
import { startWorker } from "./update";

async function start(root: HTMLElement): Promise<void> {
  watchInstall();
  await Promise.all([loadSettings(), loadDraft(), loadPhone()]);
  startRouter();
  render(<App />, root);
  void loadOutbox();
  void loadBundles().then(keepModels);
  void watchReminders();
  // After the first screen, so that filling the cache does not slow it.
  if (document.readyState === "complete") void startWorker();
  else addEventListener("load", () => void startWorker());
}

// Once the first screen has settled: what is fetched here is many times larger than the app.
const SETTLED_MS = 3000;

function keepModels(): void {
  setTimeout(() => void import("./later").then(({ keepUp }) => keepUp()), SETTLED_MS);
}

const root = document.getElementById("app");
if (root) void start(root);
