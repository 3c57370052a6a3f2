// Why something could not be stored, as a state that a screen can show.
import { signal } from "@preact/signals";

export type StorageCode = "full" | "unavailable";

export class StorageTrouble extends Error {
  constructor(
    readonly code: StorageCode,
    cause?: unknown,
  ) {
    super(code, { cause });
  }
}

// What the shell shows above every screen until it is dismissed.
export const storageTrouble = signal<StorageCode | null>(null);

export function toTrouble(error: unknown): StorageTrouble {
  if (error instanceof StorageTrouble) return error;
  return new StorageTrouble(
    (error as Error | null)?.name === "QuotaExceededError" ? "full" : "unavailable",
    error,
  );
}

// Runs `work`; a storage that is full or missing becomes the state above, and null is returned.
export async function orTell<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof StorageTrouble)) throw error;
    storageTrouble.value = error.code;
    return null;
  }
}
