// Small values by name: settings, remembered answers, the list of bundles as last seen.
import { stored } from "./database";

export async function readSetting<T>(name: string): Promise<T | undefined> {
  return (await stored((database) => database.get("settings", name))) as T | undefined;
}

export async function writeSetting(name: string, value: unknown): Promise<void> {
  await stored((database) => database.put("settings", value, name));
}
