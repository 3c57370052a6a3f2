// The spots that are followed, as screens list them.
import { useEffect, useState } from "preact/hooks";
import { onChange } from "./storage/changes";
import type { Photo, Spot } from "./storage/records";
import { allSpots, photosOf } from "./storage/spots";
import { orTell } from "./storage/trouble";

export interface SpotSummary {
  spot: Spot;
  latest: Photo | undefined;
}

// What is due soonest first, then what has no reminder, the newest first.
export function inOrder(summaries: readonly SpotSummary[]): SpotSummary[] {
  const due = ({ spot }: SpotSummary) => spot.due ?? Number.POSITIVE_INFINITY;
  return [...summaries].sort((a, b) =>
    due(a) === due(b) ? b.spot.created - a.spot.created : due(a) - due(b),
  );
}

async function summaries(): Promise<SpotSummary[]> {
  const spots = await allSpots();
  return inOrder(
    await Promise.all(spots.map(async (spot) => ({ spot, latest: (await photosOf(spot.id)).pop() }))),
  );
}

// All spots, anew whenever one changes, in this tab or another.
export function useSpots(): readonly SpotSummary[] {
  const [found, setFound] = useState<readonly SpotSummary[]>([]);
  useEffect(() => {
    const read = () => void orTell(summaries()).then((all) => setFound(all ?? []));
    read();
    const stops = [onChange("spots", read), onChange("photos", read)];
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  return found;
}
