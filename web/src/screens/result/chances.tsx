import { useState } from "preact/hooks";
import type { Assessment } from "../../api/client";
import { outOf100 } from "../../numbers";
import { t } from "../../texts";

const TOP = 3;

export function Chances({ found }: { found: Assessment }) {
  const [all, setAll] = useState(false);
  const shown = all ? found.diagnoses : found.diagnoses.slice(0, TOP);
  return (
    <section>
      <h2>{t.result.likely}</h2>
      <p class="soft">{t.result.chances}</p>
      <ul class="bars">
        {shown.map((one) => (
          <li key={one.code}>
            <span class="bar-name">{one.name}</span>
            <span class="bar-value">{outOf100(one.probability)}</span>
            <span class="bar" aria-hidden="true">
              <span class={`fill ${one.tier ?? "none"}`} style={{ width: `${100 * one.probability}%` }} />
            </span>
          </li>
        ))}
      </ul>
      {found.diagnoses.length > TOP && (
        <button type="button" class="link" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t.result.showFewer : t.result.showAll}
        </button>
      )}
    </section>
  );
}
