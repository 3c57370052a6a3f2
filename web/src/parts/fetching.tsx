import { percent } from "../numbers";
import { progress } from "../phone/state";
import { t } from "../texts";

// How far the model is on its way to this device; nothing where it is not.
export function Fetching() {
  const now = progress.value;
  if (!now || !("share" in now)) return null;
  const share = percent(now.share);
  return (
    <div class="fetching">
      <label>
        {t.phone.fetching(share)}
        <progress max={1} value={now.share} aria-valuetext={share} />
      </label>
    </div>
  );
}
