// The one database, by idb. A change of its shape is one more step at the end of MIGRATIONS, never a changed one.
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from "idb";
import type { Draft, KeptAssessment, Photo, QueueItem, Spot } from "./records";
import { toTrouble } from "./trouble";

export interface Shape extends DBSchema {
  spots: { key: string; value: Spot };
  photos: { key: string; value: Photo; indexes: { spotId: string } };
  assessments: { key: string; value: KeptAssessment; indexes: { spotId: string } };
  queue: { key: string; value: QueueItem };
  drafts: { key: string; value: Draft };
  settings: { key: string; value: unknown };
}

export type Database = IDBPDatabase<Shape>;
type Upgrade = IDBPTransaction<Shape, StoreNames<Shape>[], "versionchange">;
export type Migration = (database: Database, transaction: Upgrade) => void;

export const MIGRATIONS: readonly Migration[] = [
  (database) => {
    database.createObjectStore("spots", { keyPath: "id" });
    database.createObjectStore("photos", { keyPath: "id" }).createIndex("spotId", "spotId");
    database.createObjectStore("assessments", { keyPath: "id" }).createIndex("spotId", "spotId");
    database.createObjectStore("queue", { keyPath: "id" });
    database.createObjectStore("drafts", { keyPath: "id" });
    database.createObjectStore("settings");
  },
];

export const NAME = "lentigo";

let opened: Promise<Database> | null = null;

export function openDatabase(name = NAME, migrations = MIGRATIONS): Promise<Database> {
  return openDB<Shape>(name, migrations.length, {
    upgrade(database, from, _to, transaction) {
      for (const migrate of migrations.slice(from)) migrate(database, transaction);
    },
    // A newer version of the app waits in another tab: let it through.
    blocking(_from, _to, event) {
      (event.target as IDBDatabase).close();
      opened = null;
    },
    terminated() {
      opened = null;
    },
  });
}

// Runs `work` on the database. Throws StorageTrouble alone.
export async function stored<T>(work: (database: Database) => Promise<T>): Promise<T> {
  try {
    opened ??= openDatabase();
    return await work(await opened);
  } catch (error) {
    throw toTrouble(error);
  }
}

// For tests, and before everything is deleted.
export async function closeDatabase(): Promise<void> {
  const database = await opened?.catch(() => null);
  database?.close();
  opened = null;
}
