import { useState } from "preact/hooks";
import { fromNow, weeksLater } from "../../numbers";
import { change } from "../../outbox/outbox";
import { Dialog } from "../../parts/dialog";
import { useSpots } from "../../spots";
import { newId, type QueueItem, type Spot } from "../../storage/records";
import { keep } from "../../storage/spots";
import { StorageTrouble, storageTrouble } from "../../storage/trouble";
import { named, t } from "../../texts";
import { AS_IT_IS, dueBy, proposed } from "./reminder";
import type { Shown } from "./shown";

const REMINDERS_WEEKS = [4, 12, 26];

// The one action of a result: keep it with a spot. Once kept, the way to that spot.
export function Keep({ shown }: { shown: Shown }) {
  const [asking, setAsking] = useState(false);
  const { item } = shown;
  if (shown.keptIn)
    return (
      <a class="button primary" href={`#/spots/${shown.keptIn}`}>
        {t.result.openSpot}
      </a>
    );
  if (!item) return null;
  return (
    <>
      <button type="button" class="button primary" onClick={() => setAsking(true)}>
        {t.result.keep}
      </button>
      {asking && <KeepDialog item={item} onClose={() => setAsking(false)} />}
    </>
  );
}

function KeepDialog({ item, onClose }: { item: QueueItem; onClose: () => void }) {
  const spots = useSpots().map((one) => one.spot);
  const [chosen, setChosen] = useState(item.spotId ?? "");
  const [name, setName] = useState(named(t.choices, item.answers.site ?? "") ?? t.result.spotNameDefault);
  const advised = item.assessment?.next_step.weeks ?? null;
  const existing = spots.find((spot) => spot.id === chosen);
  const due = existing?.due ?? null;
  // Null until the person chooses: each spot has its own proposal.
  const [wanted, setWanted] = useState<number | null>(null);
  const choice = wanted ?? proposed(due, advised);

  const save = async () => {
    const next = dueBy(choice, due);
    const spot = existing ? { ...existing, due: next } : newSpot(item, name, next);
    try {
      await keep(item, spot);
      await change(item.id, { keptIn: spot.id });
    } catch (error) {
      if (!(error instanceof StorageTrouble)) throw error;
      storageTrouble.value = error.code;
    }
    onClose();
  };

  return (
    <Dialog title={t.result.keepTitle} onClose={onClose}>
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <p class="soft">{t.result.keepLead}</p>
        {spots.length > 0 && (
          <label class="field">
            <span>{t.result.keepIn}</span>
            <select
              value={chosen}
              onChange={(event) => {
                setChosen(event.currentTarget.value);
                setWanted(null);
              }}
            >
              <option value="">{t.result.newSpot}</option>
              {spots.map((spot) => (
                <option key={spot.id} value={spot.id}>
                  {spot.name}
                </option>
              ))}
            </select>
          </label>
        )}
        {!existing && (
          <label class="field">
            <span>{t.result.spotName}</span>
            <input
              type="text"
              value={name}
              maxLength={60}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          </label>
        )}
        <label class="field">
          <span>{t.result.remind}</span>
          <select value={choice} onChange={(event) => setWanted(Number(event.currentTarget.value))}>
            {due !== null && due > Date.now() && (
              <option value={AS_IT_IS}>{t.result.remindKeep(fromNow(due))}</option>
            )}
            <option value={0}>{t.result.remindNever}</option>
            {reminders(advised).map((one) => (
              <option key={one} value={one}>
                {fromNow(weeksLater(one))}
              </option>
            ))}
          </select>
        </label>
        <div class="actions pair">
          <button type="button" class="button" onClick={onClose}>
            {t.shell.cancel}
          </button>
          <button type="submit" class="button primary">
            {t.result.save}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function reminders(advised: number | null): number[] {
  const weeks = new Set([...REMINDERS_WEEKS, ...(advised ? [advised] : [])]);
  return [...weeks].sort((a, b) => a - b);
}

function newSpot(item: QueueItem, name: string, due: number | null): Spot {
  return {
    id: newId(),
    name: name.trim() || t.result.spotNameDefault,
    site: item.answers.site || null,
    bundle: item.bundle,
    created: item.created,
    notes: "",
    due,
  };
}
