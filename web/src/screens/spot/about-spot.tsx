import { useEffect, useRef, useState } from "preact/hooks";
import type { Spot } from "../../storage/records";
import { changeSpot } from "../../storage/spots";
import { orTell } from "../../storage/trouble";
import { t } from "../../texts";

const SAVE_AFTER_MS = 600;

// Choices of an answer that are no place on the body.
const NO_PLACE = ["yes", "no", "female", "male"];

// Name, place and notes, saved by themselves.
export function AboutSpot({ spot }: { spot: Spot }) {
  const [told, setTold] = useState("");
  const save = async (change: Partial<Spot>) => {
    if ((await orTell(changeSpot(spot.id, change).then(() => true))) === true) setTold(t.history.saved);
  };
  const places = Object.entries(t.choices).filter(([place]) => !NO_PLACE.includes(place));
  return (
    <section class="panel about-spot">
      <h2>{t.history.about}</h2>
      <TextField
        label={t.history.notes}
        help={t.history.notesHelp}
        value={spot.notes}
        long
        onSave={(notes) => void save({ notes })}
        onType={() => setTold("")}
      />
      <TextField
        label={t.history.name}
        value={spot.name}
        onSave={(name) => name.trim() && void save({ name: name.trim() })}
        onType={() => setTold("")}
      />
      <label class="field">
        <span>{t.history.place}</span>
        <select
          value={spot.site ?? ""}
          onChange={(event) => void save({ site: event.currentTarget.value || null })}
        >
          <option value="">{t.history.placeNone}</option>
          {places.map(([place, name]) => (
            <option key={place} value={place}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <p class="soft caption saved" role="status">
        {told}
      </p>
    </section>
  );
}

interface TextProps {
  label: string;
  help?: string;
  value: string;
  long?: boolean;
  onSave: (value: string) => void;
  onType: () => void;
}

// Saves a moment after the last key, and at once when the field or the page is left.
function TextField({ label, help, value, long, onSave, onType }: TextProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const latest = useRef({ typed, onSave });
  latest.current = { typed, onSave };
  const flush = () => {
    const now = latest.current;
    if (now.typed === null) return;
    now.onSave(now.typed);
    setTyped(null);
  };
  const flushing = useRef(flush);
  flushing.current = flush;
  useEffect(() => {
    if (typed === null) return;
    const timer = setTimeout(() => flushing.current(), SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  useEffect(() => {
    const leave = () => flushing.current();
    addEventListener("pagehide", leave);
    return () => {
      removeEventListener("pagehide", leave);
      leave();
    };
  }, []);
  const shared = {
    value: typed ?? value,
    onBlur: flush,
    onInput: (event: Event & { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => {
      onType();
      setTyped(event.currentTarget.value);
    },
  };
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: it holds one of the two fields
    <label class={long ? "field long" : "field"}>
      <span>{label}</span>
      {long ? (
        <textarea rows={4} maxLength={4000} {...shared} />
      ) : (
        <input type="text" maxLength={60} {...shared} />
      )}
      {help && <span class="soft caption">{help}</span>}
    </label>
  );
}
