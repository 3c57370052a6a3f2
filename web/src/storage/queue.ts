// Queue items in the database. What sends them is ../outbox.
import { changed } from "./changes";
import { stored } from "./database";
import type { QueueItem } from "./records";

export async function allItems(): Promise<QueueItem[]> {
  const items = await stored((database) => database.getAll("queue"));
  return items.sort((a, b) => b.created - a.created);
}

export function itemById(id: string): Promise<QueueItem | undefined> {
  return stored((database) => database.get("queue", id));
}

export async function addItem(item: QueueItem): Promise<void> {
  await stored((database) => database.add("queue", item));
  changed("queue");
}

// Changes an item unless it was dropped meanwhile; returns it as it then is.
export async function changeItem(id: string, change: Partial<QueueItem>): Promise<QueueItem | undefined> {
  const item = await stored(async (database) => {
    const write = database.transaction("queue", "readwrite");
    const found = await write.store.get(id);
    const next = found && { ...found, ...change };
    await Promise.all([next && write.store.put(next), write.done]);
    return next;
  });
  changed("queue");
  return item;
}

export async function dropItem(id: string): Promise<void> {
  await stored((database) => database.delete("queue", id));
  changed("queue");
}
