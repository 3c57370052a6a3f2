import { useEffect, useState } from "preact/hooks";
import { type Features, fetchFeatures } from "../../api/client";
import { dateAndTime, mediumDate } from "../../numbers";
import { Heading } from "../../parts/heading";
import { BlobImage } from "../../parts/photo";
import { saveFile } from "../../parts/save";
import { go } from "../../router";
import { useSpots } from "../../spots";
import type { Photo } from "../../storage/records";
import { language, locale, t } from "../../texts";
import type { ScreenProps } from "../screens";
import { type History, useHistory } from "../spot/history";
import { reasonOf } from "./failures";
import { type Letter, useLetter } from "./letter";
import { Preview } from "./preview";
import { type Report, SECTIONS, type Section, toReport } from "./report";
import { Send } from "./send";
import { paperOf, toPdf } from "./to-pdf";

// A report about one spot for a doctor: choose, look, print or send. The address may name the spot.
export function Doctor({ rest }: ScreenProps) {
  const spots = useSpots();
  const [letter, changeLetter] = useLetter();
  const unsent = spots.find(({ spot }) => spot.id === letter?.unsent?.spotId);
  const id = rest[0] ?? (unsent ?? spots[0])?.spot.id ?? "";
  const history = useHistory(id);
  if (!letter || history === null) return null;
  return (
    <section class="doctor-body">
      <div class="doctor-head no-print">
        <Heading>{t.doctor.title}</Heading>
        <p class="lead">{history === "lost" ? t.doctor.none : t.doctor.lead}</p>
      </div>
      {history !== "lost" && (
        <Making
          key={id}
          history={history}
          letter={letter}
          onChange={changeLetter}
          spots={spots.map((one) => one.spot)}
        />
      )}
    </section>
  );
}

interface MakingProps {
  history: History;
  letter: Letter;
  onChange: (change: Partial<Letter>) => void;
  spots: readonly { id: string; name: string }[];
}

function Making({ history: { spot, photos, checks }, letter, onChange, spots }: MakingProps) {
  const unsent = letter.unsent?.spotId === spot.id ? letter.unsent : null;
  const [photoIds, setPhotoIds] = useState<readonly string[]>(() => unsent?.photoIds ?? firstAndLast(photos));
  const features = useFeatures();
  const [sending, setSending] = useState(false);
  const [failed, setFailed] = useState(false);
  const { sections, name, born } = letter;
  const report = toReport(spot, checks, { photoIds, sections, person: { name, born } });
  const chosen = photos.filter((photo) => photoIds.includes(photo.id));
  const makeFiles = async () => ({ report: await makePdf(report), photos: photoFiles(chosen) });
  const savePdf = async () => {
    setFailed(false);
    try {
      saveFile(await makePdf(report));
    } catch {
      setFailed(true);
    }
  };
  return (
    <>
      {unsent && (
        <div class="notice no-print">
          <p>
            {t.doctor.sending.unsent(dateAndTime(unsent.time))} {reasonOf(unsent.code)}
          </p>
          <button type="button" class="link" onClick={() => setSending(true)}>
            {t.doctor.sending.again}
          </button>
          <button type="button" class="link" onClick={() => onChange({ unsent: null })}>
            {t.shell.close}
          </button>
        </div>
      )}
      <div class="doctor-choices no-print">
        {spots.length > 1 && (
          <label class="field">
            <span>{t.doctor.spot}</span>
            <select
              value={spot.id}
              onChange={(event) => go(`/doctor/${event.currentTarget.value}`, { replace: true })}
            >
              {spots.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </select>
          </label>
        )}
        <fieldset class="choice">
          <legend>{t.doctor.photos}</legend>
          <p class="soft caption">{t.doctor.photosHelp}</p>
          <div class="photo-picks">
            {photos.map((photo) => (
              <label key={photo.id}>
                <input
                  type="checkbox"
                  checked={photoIds.includes(photo.id)}
                  onChange={() => setPhotoIds(toggled(photoIds, photo.id))}
                />
                <BlobImage blob={photo.blob} alt="" class="thumb large" />
                <Tick />
                <span>{mediumDate(photo.taken)}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <fieldset class="choice">
          <legend>{t.doctor.sections}</legend>
          {SECTIONS.map((section) => (
            <label key={section} class="check">
              <input
                type="checkbox"
                checked={sections.includes(section)}
                onChange={() => onChange({ sections: toggled<Section>(sections, section) })}
              />
              <span>{t.doctor.section[section]}</span>
            </label>
          ))}
        </fieldset>
        <label class="field long">
          <span>{t.doctor.person}</span>
          <input
            type="text"
            autocomplete="name"
            maxLength={100}
            value={name}
            onInput={(event) => onChange({ name: event.currentTarget.value })}
          />
        </label>
        <label class="field long">
          <span>{t.doctor.born}</span>
          <input
            type="date"
            autocomplete="bday"
            value={born}
            onInput={(event) => onChange({ born: event.currentTarget.value })}
          />
        </label>
      </div>
      <div class="doctor-preview">
        <h2 class="no-print">{t.doctor.preview}</h2>
        <Preview report={report} />
      </div>
      <div class="actions sticky beside-all no-print">
        {failed && (
          <p class="wrong" role="alert">
            {t.doctor.sending.failed}
          </p>
        )}
        <button type="button" class="button" onClick={() => void savePdf()}>
          {t.doctor.pdf}
        </button>
        <button type="button" class="button" onClick={() => print()}>
          {t.doctor.print}
        </button>
        <button type="button" class="button primary" onClick={() => setSending(true)}>
          {t.doctor.send}
        </button>
      </div>
      {sending && (
        <Send
          letter={letter}
          about={{ spotId: spot.id, photoIds }}
          features={features}
          onChange={onChange}
          makeFiles={makeFiles}
          onClose={() => setSending(false)}
        />
      )}
    </>
  );
}

// Asked as soon as the report is made, so that all ways are there when it is to be sent.
function useFeatures(): Features {
  const [features, setFeatures] = useState<Features>({ referrals: false });
  useEffect(() => {
    // Without an answer, the server cannot send either.
    void fetchFeatures().then(setFeatures, () => {});
  }, []);
  return features;
}

function Tick() {
  return (
    <svg class="tick-mark" viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="11" />
      <path d="M7 12.5l3.5 3.5L17 9" />
    </svg>
  );
}

function firstAndLast(photos: readonly Photo[]): string[] {
  const ends = [photos[0], photos.at(-1)].flatMap((photo) => (photo ? [photo.id] : []));
  return [...new Set(ends)];
}

function toggled<T>(all: readonly T[], one: T): T[] {
  return all.includes(one) ? all.filter((other) => other !== one) : [...all, one];
}

// Names say no more than the day: files are forwarded and kept in folders.
async function makePdf(report: Report): Promise<File> {
  const blob = await toPdf(report, language.value, paperOf(locale));
  return new File([blob], `lentigo-report-${isoDay(Date.now())}.pdf`, { type: "application/pdf" });
}

function photoFiles(photos: readonly Photo[]): File[] {
  return photos.map(({ blob, taken }, index) => {
    const type = blob.type || "image/jpeg";
    const ending = type === "image/jpeg" ? "jpg" : type.replace("image/", "");
    return new File([blob], `photo-${index + 1}-${isoDay(taken)}.${ending}`, { type });
  });
}

function isoDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
