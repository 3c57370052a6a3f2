import type { Assessment } from "../../api/client";
import { number } from "../../numbers";
import { named, t } from "../../texts";

type Share = NonNullable<Assessment["evidence"]>["answers"][number];

const LITTLE = 0.05;

// What each answer added to the likeliest diagnosis, in words and as a bar to either side.
export function AnswerShares({ shares, name }: { shares: readonly Share[]; name: string }) {
  if (shares.length === 0) return null;
  const largest = Math.max(...shares.map((share) => Math.abs(share.evidence)), LITTLE);
  return (
    <section>
      <h2>{t.result.answersTitle}</h2>
      <ul class="shares">
        {shares.map((share) => (
          <li key={share.answer}>
            <span>
              <b>{label(share)}</b> {effect(share, name)}
            </span>
            {share.text && <span class="soft caption">{share.text}</span>}
            <span class="share" aria-hidden="true">
              <span
                class={share.evidence < 0 ? "fill against" : "fill"}
                style={{ width: `${(50 * Math.abs(share.evidence)) / largest}%` }}
              />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function label(share: Share): string {
  const answer = named(t.answersShort, share.answer) ?? share.answer;
  const value =
    typeof share.value === "number" ? number(share.value) : (named(t.choices, share.value) ?? share.value);
  return share.value === "yes" ? answer : `${answer}: ${value}`;
}

function effect(share: Share, name: string): string {
  if (Math.abs(share.evidence) < LITTLE) return t.result.answerNeutral;
  return share.evidence > 0 ? t.result.answerFor(name) : t.result.answerAgainst(name);
}
