import { useState } from "preact/hooks";
import { date, fromNow, shortDate } from "../../numbers";
import { Confirm } from "../../parts/dialog";
import { Heading } from "../../parts/heading";
import { BlobImage } from "../../parts/photo";
import { TierBadge } from "../../parts/tier";
import { offerUndo } from "../../parts/undo";
import { go } from "../../router";
import type { Photo, Spot } from "../../storage/records";
import { deleteAssessment, deleteSpot } from "../../storage/spots";
import { orTell } from "../../storage/trouble";
import { named, t } from "../../texts";
import type { ScreenProps } from "../screens";
import { Lost } from "../trouble/lost";
import { AboutSpot } from "./about-spot";
import type { Check } from "./course";
import { useContrasts, useHistory } from "./history";
import { OverTime } from "./over-time";
import { Reminder } from "./reminder";

// One spot that is followed: its photos, how it went, notes and reminder.
export function SpotScreen({ rest }: ScreenProps) {
  const id = rest[0] ?? "";
  const history = useHistory(id);
  useContrasts(typeof history === "object" && history ? history.checks : []);
  if (history === null) return null;
  if (history === "lost") return <Lost />;
  const { spot, photos, checks } = history;
  return (
    <section class="spot-body">
      <div class="spot-head">
        <Heading>{spot.name}</Heading>
        <p class="lead">{summary(spot, checks)}</p>
      </div>
      <div class="actions sticky">
        {photos.length > 0 && (
          <a class="button" href={`#/doctor/${id}`}>
            {t.history.forDoctor}
          </a>
        )}
        <a class="button primary" href={`#/capture/spot/${id}`}>
          {t.spot.take}
        </a>
      </div>
      {photos.length === 0 ? <p>{t.spot.none}</p> : <Photos photos={photos} checks={checks} spotId={id} />}
      <OverTime checks={checks} />
      <div class="spot-more">
        <AboutSpot spot={spot} />
        <div class="stack">
          <Reminder spot={spot} />
          <DeleteSpot id={id} />
        </div>
      </div>
    </section>
  );
}

function summary(spot: Spot, checks: readonly Check[]): string {
  const parts = [
    named(t.choices, spot.site ?? "") ?? "",
    checks.length > 0 ? t.history.checks(checks.length) : "",
    spot.due === null
      ? ""
      : spot.due < Date.now()
        ? t.start.overdue(fromNow(spot.due))
        : t.start.due(fromNow(spot.due)),
  ];
  return parts.filter((part) => part && part !== spot.name).join(" · ");
}

// One photo large, and all of them small below, by date.
function Photos({
  photos,
  checks,
  spotId,
}: {
  photos: readonly Photo[];
  checks: readonly Check[];
  spotId: string;
}) {
  const [chosen, setChosen] = useState<string | null>(null);
  const photo = photos.find((one) => one.id === chosen) ?? photos.at(-1);
  const check = checks.find((one) => one.id === photo?.assessmentId);
  if (!photo) return null;
  return (
    <section class="spot-photos">
      <div class="photo">
        <BlobImage blob={photo.blob} alt={t.spot.photoAlt(date(photo.taken))} />
        <span class="chip">{date(photo.taken)}</span>
      </div>
      <div class="photo-about">
        <div class="photo-facts">
          {check?.tier && <TierBadge tier={check.tier} />}
          {check && <a href={`#/result/${check.id}`}>{t.history.answer}</a>}
        </div>
        {photos.length > 1 && (
          <fieldset class="strip">
            <legend class="sr-only">{t.history.photoList}</legend>
            {photos.map((one) => (
              <label key={one.id}>
                <input
                  type="radio"
                  name="photo"
                  checked={one.id === photo.id}
                  onChange={() => setChosen(one.id)}
                />
                <BlobImage blob={one.blob} alt="" class="thumb" />
                <span>{shortDate(one.taken)}</span>
              </label>
            ))}
          </fieldset>
        )}
        <div class="actions pair">
          <a class="button small" href={`#/measure/${photo.id}`}>
            {photo.size ? t.history.measureAgain : t.history.measure}
          </a>
          {photos.length > 1 && (
            <a class="button small" href={`#/compare/${spotId}`}>
              {t.history.compare}
            </a>
          )}
        </div>
        {check && <DeleteCheck check={check} />}
      </div>
    </section>
  );
}

function DeleteCheck({ check }: { check: Check }) {
  const [asking, setAsking] = useState(false);
  const remove = async () => {
    setAsking(false);
    const gone = await orTell(deleteAssessment(check.id));
    if (gone) offerUndo(gone);
  };
  return (
    <>
      <button type="button" class="link quiet" onClick={() => setAsking(true)}>
        {t.history.deleteOne}
      </button>
      {asking && (
        <Confirm
          title={t.history.deletePhotoTitle}
          text={t.history.deletePhotoText}
          yes={t.spot.deleteYes}
          onYes={() => void remove()}
          onNo={() => setAsking(false)}
        />
      )}
    </>
  );
}

function DeleteSpot({ id }: { id: string }) {
  const [asking, setAsking] = useState(false);
  const remove = async () => {
    const gone = await orTell(deleteSpot(id));
    if (gone) offerUndo(gone);
    go("/", { replace: true });
  };
  return (
    <p>
      <button type="button" class="link quiet" onClick={() => setAsking(true)}>
        {t.spot.deleteSpot}
      </button>
      {asking && (
        <Confirm
          title={t.history.deleteSpotTitle}
          text={t.history.deleteSpotText}
          yes={t.spot.deleteYes}
          onYes={() => void remove()}
          onNo={() => setAsking(false)}
        />
      )}
    </p>
  );
}
