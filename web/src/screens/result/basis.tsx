import type { Tier } from "../../api/client";
import { bundleNamed } from "../../bundles";
import { outOf100 } from "../../numbers";
import { t } from "../../texts";
import { ExternalLink } from "./links";
import type { Shown } from "./shown";

// Why this step: the reasons that the server gives, the threshold, and the guideline behind it.
export function Basis({ shown: { assessment, bundle } }: { shown: Shown }) {
  const { risk, next_step: step } = assessment;
  if (!risk) return null;
  return (
    <details class="basis">
      <summary>{t.result.basis}</summary>
      {step.because.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <p>{t.result.why[risk.tier](lineOf(risk.tier, bundle))}</p>
      <p>
        <ExternalLink url={step.url} title={step.source} />
      </p>
    </details>
  );
}

// From how many in 100 a spot counts to a tier; null where the model's card does not say.
function lineOf(tier: Tier, bundle: string | null): string | null {
  const { high, malignant } = bundleNamed(bundle)?.thresholds ?? {};
  const point = tier === "high" ? high : malignant;
  return point ? outOf100(point.threshold) : null;
}
