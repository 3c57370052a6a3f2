import { signal } from "@preact/signals";
import { storageTrouble } from "../storage/trouble";
import { t } from "../texts";
import { applyUpdate, updateReady } from "../update";
import { Undo } from "./undo";

const putOff = signal(false);

// What the app has to say above every screen: a new version, a full storage.
export function Notices() {
  return (
    <div class="notices">
      <Undo />
      {storageTrouble.value && (
        <div class="notice" role="alert">
          <p>{t.shell.storage[storageTrouble.value]}</p>
          <button
            type="button"
            class="link"
            onClick={() => {
              storageTrouble.value = null;
            }}
          >
            {t.shell.close}
          </button>
        </div>
      )}
      {updateReady.value && !putOff.value && (
        <div class="notice" role="status">
          <p>{t.shell.update}</p>
          <button type="button" class="link" onClick={applyUpdate}>
            {t.shell.updateNow}
          </button>
          <button
            type="button"
            class="link"
            onClick={() => {
              putOff.value = true;
            }}
          >
            {t.shell.later}
          </button>
        </div>
      )}
    </div>
  );
}
