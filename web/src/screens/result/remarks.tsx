import type { Assessment } from "../../api/client";
import { named, t } from "../../texts";

// What there is to say about the photo: advice in the server's words, and each check.
export function Remarks({ found }: { found: Assessment }) {
  const remarks = found.advice.map((one) => one.text);
  const checks = found.quality.checks.filter((check) => named(t.result.checks, check.reason));
  if (remarks.length === 0 && checks.length === 0) return null;
  const change = found.outcome === "inconclusive" || found.outcome === "rejected";
  return (
    <section>
      <h2>{change ? t.result.change : t.result.quality}</h2>
      <ul class="plain remarks">
        {remarks.map((remark) => (
          <li key={remark}>{remark}</li>
        ))}
      </ul>
      <ul class="checks">
        {checks.map((check) => (
          <li key={check.reason} class={check.ok ? "ok" : "poor"}>
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d={check.ok ? "M5 12.5l4.5 4.5L19 7.5" : "M12 6v8M12 17.5v.5"} />
            </svg>
            <span>{named(t.result.checks, check.reason)}</span>
            <span class="soft">{check.ok ? t.result.checkOk : t.result.checkPoor}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
