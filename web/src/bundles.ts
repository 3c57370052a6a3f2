// The bundles that the server answers with. The last list is kept, so that the questions and "About" work offline.
import { computed, signal } from "@preact/signals";
import { type Bundle, fetchBundles, Trouble } from "./api/client";
import { readSetting, writeSetting } from "./storage/settings";
import { StorageTrouble } from "./storage/trouble";
import { locale } from "./texts";

export const bundles = signal<readonly Bundle[]>([]);
export const chosenBundle = signal<string | null>(null);

// The bundle that a new photo is asked about: the chosen one, else the server's first.
export const bundle = computed(() => bundleNamed(chosenBundle.value));

export function bundleNamed(name: string | null): Bundle | null {
  return bundles.value.find((one) => one.name === name) ?? bundles.value[0] ?? null;
}

export async function loadBundles(): Promise<void> {
  try {
    chosenBundle.value = (await readSetting<string>("bundle")) ?? null;
    bundles.value = (await readSetting<Bundle[]>("bundles")) ?? [];
  } catch (error) {
    if (!(error instanceof StorageTrouble)) throw error;
  }
  try {
    bundles.value = await fetchBundles(locale);
    await writeSetting("bundles", bundles.value);
  } catch (error) {
    // Without the list the app still works: it asks no questions, and the server takes its first bundle.
    if (!(error instanceof Trouble || error instanceof StorageTrouble)) throw error;
  }
}

export async function chooseBundle(name: string): Promise<void> {
  chosenBundle.value = name;
  await writeSetting("bundle", name);
}
