import type { Tier } from "../api/client";
import { t } from "../texts";

export const TIER_SHAPES: Record<Tier, string> = {
  high: "M12 3 22 21H2z",
  moderate: "M12 2 22 12 12 22 2 12z",
  low: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
};

// A tier is told by word, shape and colour together.
export function TierBadge({ tier }: { tier: Tier }) {
  return (
    <p class={`tier ${tier}`}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d={TIER_SHAPES[tier]} />
      </svg>
      {t.result.tiers[tier]}
    </p>
  );
}
