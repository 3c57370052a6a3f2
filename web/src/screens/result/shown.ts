// What a result screen shows: an item of the queue, or an answer that was kept with a spot.
import { useEffect, useState } from "preact/hooks";
import type { Answers, Assessment } from "../../api/client";
import { items } from "../../outbox/outbox";
import { itemById } from "../../storage/queue";
import type { Analysed, QueueItem } from "../../storage/records";
import { assessmentById } from "../../storage/spots";
import { orTell } from "../../storage/trouble";

export interface Shown extends Analysed {
  id: string;
  created: number;
  photos: readonly Blob[];
  answers: Answers;
  bundle: string | null;
  assessment: Assessment;
  // The item it comes from, when it can still be kept.
  item: QueueItem | null;
  keptIn: string | null;
}

type State = Shown | { refused: string } | "loading" | "waiting" | "lost";

export function useShown(id: string): State {
  const [kept, setKept] = useState<Shown | "loading" | "lost">("loading");
  const [early, setEarly] = useState<QueueItem>();
  const item = items.value.find((one) => one.id === id) ?? early;
  useEffect(() => {
    // Opened by its address, the queue may not be read yet.
    void orTell(itemById(id)).then((found) => setEarly(found ?? undefined));
    void orTell(readKept(id)).then((found) => setKept(found ?? "lost"));
  }, [id]);
  if (!item) return kept;
  if (item.state === "waiting") return "waiting";
  if (item.assessment === null) return { refused: item.code ?? "internal_error" };
  return { ...item, assessment: item.assessment, item };
}

async function readKept(id: string): Promise<Shown | null> {
  const found = await assessmentById(id);
  if (!found) return null;
  const { kept, photos } = found;
  return { ...kept, photos: photos.map((photo) => photo.blob), item: null, keptIn: kept.spotId };
}
