import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { place } from "../router";
import { addEverything, type Everything } from "../storage/everything";
import { orTell } from "../storage/trouble";
import { t } from "../texts";

// What was deleted last and can still be brought back: until another screen is opened, and never longer than the page.
const removed = signal<Everything | null>(null);

export function offerUndo(gone: Everything): void {
  removed.value = gone;
}

export function Undo() {
  const gone = removed.value;
  const { screen, rest } = place.value;
  const path = [screen, ...rest].join("/");
  useEffect(() => {
    if (!gone) return;
    return () => {
      if (removed.peek() === gone) removed.value = null;
    };
  }, [path, gone]);
  if (!gone) return null;
  return (
    <div class="notice" role="status">
      <p>{t.history.deleted}</p>
      <button
        type="button"
        class="link"
        onClick={() => {
          removed.value = null;
          void orTell(addEverything(gone));
        }}
      >
        {t.history.undo}
      </button>
      <button
        type="button"
        class="link"
        onClick={() => {
          removed.value = null;
        }}
      >
        {t.shell.close}
      </button>
    </div>
  );
}
