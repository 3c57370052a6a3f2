// The draft: one at a time.
import { stored } from "./database";
import type { Draft } from "./records";

export function readDraft(): Promise<Draft | undefined> {
  return stored(async (database) => (await database.getAll("drafts"))[0]);
}

export async function writeDraft(draft: Draft | null): Promise<void> {
  await stored(async (database) => {
    const write = database.transaction("drafts", "readwrite");
    await Promise.all([write.store.clear(), draft && write.store.put(draft), write.done]);
  });
}
