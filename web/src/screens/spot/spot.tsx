import { useEffect, useState } from "preact/hooks";
import { date, fromNow } from "../../numbers";
import { Confirm } from "../../parts/dialog";
import { Heading } from "../../parts/heading";
import { BlobImage } from "../../parts/photo";
import { TierBadge } from "../../parts/tier";
import { go } from "../../router";
import { onChange } from "../../storage/changes";
import type { KeptAssessment, Photo, Spot } from "../../storage/records";
import { assessmentsOf, deleteAssessment, deleteSpot, photosOf, spotById } from "../../storage/spots";
import { orTell } from "../../storage/trouble";
import { t } from "../../texts";
import type { ScreenProps } from "../screens";
import { Lost } from "../trouble/lost";

interface History {
  spot: Spot;
  photos: Photo[];
  assessments: KeptAssessment[];
}

// One spot that is followed: its photos and answers, the newest first.
export function SpotScreen({ rest }: ScreenProps) {
  const id = rest[0] ?? "";
  const history = useHistory(id);
  if (history === null) return null;
  if (history === "lost") return <Lost />;
  const { spot } = history;
  return (
    <section class="spot-body">
      <Heading>{spot.name}</Heading>
      {spot.due !== null && (
        <p class="lead">
          {spot.due < Date.now() ? t.start.overdue(fromNow(spot.due)) : t.start.due(fromNow(spot.due))}
        </p>
      )}
      {history.assessments.length === 0 && <p class="lead">{t.spot.none}</p>}
      <ul class="history">
        {[...history.assessments].reverse().map((one) => (
          <Entry
            key={one.id}
            kept={one}
            photo={history.photos.find((photo) => photo.assessmentId === one.id)}
          />
        ))}
      </ul>
      <DeleteSpot id={id} />
      <div class="actions sticky">
        <a class="button primary" href={`#/capture/spot/${id}`}>
          {t.spot.take}
        </a>
      </div>
    </section>
  );
}

function Entry({ kept, photo }: { kept: KeptAssessment; photo: Photo | undefined }) {
  const [asking, setAsking] = useState(false);
  const when = date(kept.created);
  const { risk } = kept.assessment;
  return (
    <li class="history-item">
      <BlobImage blob={photo?.blob} alt={t.spot.photoAlt(when)} class="photo" />
      <div class="row">
        <a href={`#/result/${kept.id}`}>{t.spot.look(when)}</a>
        {risk && <TierBadge tier={risk.tier} />}
        <button
          type="button"
          class="link"
          aria-label={t.spot.deletePhoto(when)}
          onClick={() => setAsking(true)}
        >
          {t.spot.deleteYes}
        </button>
      </div>
      {asking && (
        <Confirm
          title={t.spot.deleteTitle}
          text={t.spot.deleteText}
          yes={t.spot.deleteYes}
          onYes={() => void orTell(deleteAssessment(kept.id))}
          onNo={() => setAsking(false)}
        />
      )}
    </li>
  );
}

function DeleteSpot({ id }: { id: string }) {
  const [asking, setAsking] = useState(false);
  return (
    <p>
      <button type="button" class="link" onClick={() => setAsking(true)}>
        {t.spot.deleteSpot}
      </button>
      {asking && (
        <Confirm
          title={t.spot.deleteTitle}
          text={t.spot.deleteText}
          yes={t.spot.deleteYes}
          onYes={() => void orTell(deleteSpot(id)).then(() => go("/", { replace: true }))}
          onNo={() => setAsking(false)}
        />
      )}
    </p>
  );
}

function useHistory(id: string): History | "lost" | null {
  const [history, setHistory] = useState<History | "lost" | null>(null);
  useEffect(() => {
    const read = () => void orTell(readHistory(id)).then((found) => setHistory(found ?? "lost"));
    read();
    const stops = [onChange("spots", read), onChange("assessments", read)];
    return () => {
      for (const stop of stops) stop();
    };
  }, [id]);
  return history;
}

async function readHistory(id: string): Promise<History | null> {
  const spot = await spotById(id);
  return spot ? { spot, photos: await photosOf(id), assessments: await assessmentsOf(id) } : null;
}
