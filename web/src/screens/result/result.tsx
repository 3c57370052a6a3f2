import { useState } from "preact/hooks";
import type { Assessment, Tier } from "../../api/client";
import { Heading } from "../../parts/heading";
import { TierBadge } from "../../parts/tier";
import { assessment, bundle, photo, startOver } from "../../state";
import { t } from "../../texts";
import { AnswerShares } from "./answers";
import { EvidencePhoto } from "./evidence";

const TOP = 3;

export function Result() {
  const found = assessment.value;
  if (!found) return null;
  return (
    <article class="result-body">
      <div class="answer-side">
        <NextStep found={found} />
        {found.reasons.length > 0 && <Reasons found={found} />}
        {found.diagnoses.length > 0 && <Chances found={found} />}
      </div>
      <div class="photo-side">
        {found.evidence ? <EvidencePhoto evidence={found.evidence} name={nameOf(found)} /> : <PlainPhoto />}
        {found.evidence && <AnswerShares shares={found.evidence.answers} name={nameOf(found)} />}
      </div>
      <div class="more-side">
        {found.diagnoses[0] && <Summary found={found} />}
        <section class="note">
          <h2>{t.result.disclaimer}</h2>
          <p>{found.disclaimer}</p>
          <p class="soft">{t.result.model(found.model.name, found.model.version)}</p>
        </section>
      </div>
      <div class="actions">
        <button type="button" class="button primary" onClick={startOver}>
          {t.result.again}
        </button>
      </div>
    </article>
  );
}

function nameOf(found: Assessment): string {
  return found.diagnoses[0]?.name ?? "";
}

const OUTCOMES = {
  inconclusive: t.result.outcomeInconclusive,
  not_recognised: t.result.outcomeNotRecognised,
  rejected: t.result.outcomeRejected,
};

function NextStep({ found }: { found: Assessment }) {
  return (
    <section class={`step ${found.risk?.tier ?? "none"}`}>
      {found.risk ? (
        <TierBadge tier={found.risk.tier} />
      ) : (
        found.outcome !== "assessed" && <p class="outcome">{OUTCOMES[found.outcome]}</p>
      )}
      <Heading>{found.next_step.title}</Heading>
      <p>{found.next_step.text}</p>
      <p class="soft">{found.next_step.because.join(" ")}</p>
      {found.risk && (
        <details class="basis">
          <summary>{t.result.basis}</summary>
          <p>{t.result.why[found.risk.tier](lineOf(found.risk.tier))}</p>
          <p>
            <ExternalLink url={found.next_step.url} title={found.next_step.source} />
          </p>
        </details>
      )}
    </section>
  );
}

// From how many in 100 a spot counts to a tier; null where the model's card does not say.
function lineOf(tier: Tier): string | null {
  const { high, malignant } = bundle.value?.thresholds ?? {};
  const point = tier === "high" ? high : malignant;
  return point ? percent(point.threshold) : null;
}

function Reasons({ found }: { found: Assessment }) {
  return (
    <section>
      <h2>{found.outcome === "inconclusive" ? t.result.change : t.result.quality}</h2>
      <ul class="plain">
        {found.reasons.map((reason) => (
          <li key={reason}>{t.reasons[reason] ?? reason}</li>
        ))}
      </ul>
    </section>
  );
}

function Chances({ found }: { found: Assessment }) {
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
            <span class="bar-value">{percent(one.probability)}</span>
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

export function percent(probability: number): string {
  if (probability < 0.005) return "<1";
  if (probability > 0.995) return ">99";
  return String(Math.round(100 * probability));
}

function Summary({ found }: { found: Assessment }) {
  const first = found.diagnoses[0];
  if (!first?.summary) return null;
  return (
    <section>
      <h2>{first.name}</h2>
      <p>{first.summary}</p>
      <ul class="plain">
        {first.links.map((link) => (
          <li key={link.url}>
            <ExternalLink url={link.url} title={link.title} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function ExternalLink({ url, title }: { url: string; title: string }) {
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {title}
      <span class="sr-only"> ({t.result.opensNew})</span>
    </a>
  );
}

function PlainPhoto() {
  return <div class="photo">{photo.value && <img src={photo.value.url} alt={t.result.photoAlt} />}</div>;
}
