import { useEffect } from "preact/hooks";
import { dropDraft } from "../../draft";
import { change, itemNamed } from "../../outbox/outbox";
import { Heading } from "../../parts/heading";
import { BlobImage } from "../../parts/photo";
import { TierBadge } from "../../parts/tier";
import { go } from "../../router";
import { t } from "../../texts";
import type { ScreenProps } from "../screens";
import { Lost } from "../trouble/lost";
import { Trouble } from "../trouble/trouble";
import { AnswerShares } from "./answers";
import { Basis } from "./basis";
import { Chances } from "./chances";
import { EvidencePhoto } from "./evidence";
import { Keep } from "./keep";
import { Summary } from "./links";
import { EachPhoto } from "./photos";
import { Remarks } from "./remarks";
import { type Shown, useShown } from "./shown";

// The answer about one queue item or one kept answer, whose id is in the address.
export function Result({ rest }: ScreenProps) {
  const id = rest[0] ?? "";
  const shown = useShown(id);
  const unseen = itemNamed(id)?.seen === false;
  useEffect(() => {
    if (unseen && shown) void change(id, { seen: true });
    if (shown === "waiting") go(`/waiting/${id}`, { replace: true });
  }, [id, unseen, shown]);
  if (shown === "loading" || shown === "waiting") return null;
  if (shown === "lost") return <Lost />;
  if (typeof shown === "object" && "refused" in shown) return <Trouble code={shown.refused} />;
  return shown.assessment.outcome === "assessed" ? <Assessed shown={shown} /> : <Unanswered shown={shown} />;
}

function Assessed({ shown }: { shown: Shown }) {
  const { assessment: found } = shown;
  const first = found.diagnoses[0];
  const photo = shown.photos[found.evidence?.map.photo ?? 0];
  return (
    <article class="result-body">
      <div class="answer-side">
        <section class={`step ${found.risk?.tier ?? "none"}`}>
          <BlobImage blob={photo} alt="" class="thumb" />
          <Heading>{found.next_step.title}</Heading>
          <p>{found.next_step.text}</p>
          {found.risk && <TierBadge tier={found.risk.tier} />}
          <Basis shown={shown} />
        </section>
        <Chances found={found} />
        <EachPhoto shown={shown} />
      </div>
      <div class="photo-side">
        {found.evidence && first ? (
          <>
            <EvidencePhoto evidence={found.evidence} name={first.name} blob={photo} />
            <AnswerShares shares={found.evidence.answers} name={first.name} />
          </>
        ) : (
          <Photo shown={shown} />
        )}
      </div>
      <div class="more-side">
        {first && <Summary one={first} />}
        <Remarks found={found} />
        <Disclaimer shown={shown} />
      </div>
      <div class="actions sticky beside-all">
        <Another title={t.result.again} />
        <Keep shown={shown} />
      </div>
    </article>
  );
}

const ASK_AGAIN = ["inconclusive", "rejected"];

// The three outcomes without an estimate: what happened, what to change, and the way back to the camera.
function Unanswered({ shown }: { shown: Shown }) {
  const { assessment: found } = shown;
  const again = ASK_AGAIN.includes(found.outcome);
  return (
    <article class={`result-body unanswered ${found.outcome}`}>
      <div class="answer-side">
        <section class="step none">
          {found.outcome !== "assessed" && <p class="outcome">{t.result.outcomes[found.outcome]}</p>}
          <Heading>{found.next_step.title}</Heading>
          <p>{found.next_step.text}</p>
          {found.next_step.because.length > 0 && <p class="soft">{found.next_step.because.join(" ")}</p>}
        </section>
        {found.outcome === "not_recognised" && <p>{t.result.notRecognised}</p>}
        <Remarks found={found} />
      </div>
      <div class="photo-side">
        <Photo shown={shown} />
      </div>
      <div class="more-side">
        <Disclaimer shown={shown} />
      </div>
      <div class="actions sticky beside-all">
        {again ? <Retake spotId={shown.item?.spotId ?? shown.keptIn} /> : <Another title={t.result.again} />}
        {!again && <Keep shown={shown} />}
      </div>
    </article>
  );
}

// Back to the camera, for the same spot.
function Retake({ spotId }: { spotId: string | null }) {
  return (
    <button
      type="button"
      class="button primary"
      onClick={() => {
        void dropDraft();
        go(spotId ? `/capture/spot/${spotId}` : "/capture");
      }}
    >
      {t.result.retake}
    </button>
  );
}

function Another({ title }: { title: string }) {
  return (
    <button
      type="button"
      class="button"
      onClick={() => {
        void dropDraft();
        go("/");
      }}
    >
      {title}
    </button>
  );
}

function Photo({ shown }: { shown: Shown }) {
  return (
    <div class="photo">
      <BlobImage blob={shown.photos[0]} alt={t.result.photoAlt} />
    </div>
  );
}

function Disclaimer({ shown: { assessment, analysedOn } }: { shown: Shown }) {
  return (
    <section class="note">
      <h2>{t.result.disclaimer}</h2>
      <p>{assessment.disclaimer}</p>
      <p class="soft">
        {t.result.model(assessment.model.name, assessment.model.version)}.{" "}
        {t.phone.analysed[analysedOn ?? "server"]}
      </p>
    </section>
  );
}
