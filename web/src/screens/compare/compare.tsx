import { useEffect, useState } from "preact/hooks";
import { date, mediumDate } from "../../numbers";
import { Heading } from "../../parts/heading";
import { BlobImage } from "../../parts/photo";
import { go } from "../../router";
import type { Alignment, Photo } from "../../storage/records";
import { changePhoto } from "../../storage/spots";
import { orTell } from "../../storage/trouble";
import { t } from "../../texts";
import type { ScreenProps } from "../screens";
import { useHistory } from "../spot/history";
import { Lost } from "../trouble/lost";
import { AS_TAKEN, toTransforms } from "./alignment";
import { type Guess, guessFor } from "./first-guess";
import { LineUp, LineUpSliders } from "./line-up";
import { Swipe } from "./swipe";

const WAYS = ["swipe", "side", "line"] as const;
type Way = (typeof WAYS)[number];

// Two photos of a spot, the earlier and the later, laid over each other. The address names the spot and the photos:
// compare/SPOT/EARLIER/LATER.
export function Compare({ rest }: ScreenProps) {
  const [spotId = "", earlierId, laterId] = rest;
  const history = useHistory(spotId);
  if (history === null) return null;
  if (history === "lost") return <Lost />;
  const { photos, spot } = history;
  const later = photos.find((photo) => photo.id === laterId) ?? photos.at(-1);
  const earlier = photos.find((photo) => photo.id === earlierId && photo !== later) ?? photos[0];
  return (
    <section class="compare-body">
      <Heading>{t.history.comparing.title}</Heading>
      {!later || !earlier || earlier === later ? (
        <p class="lead">{t.history.comparing.two}</p>
      ) : (
        <Pair
          key={`${earlier.id} ${later.id}`}
          photos={photos}
          earlier={earlier}
          later={later}
          onChoose={(one, other) => {
            const [first, second] = [one, other].sort((a, b) => photos.indexOf(a) - photos.indexOf(b));
            go(`/compare/${spot.id}/${first?.id}/${second?.id}`, { replace: true });
          }}
        />
      )}
    </section>
  );
}

interface PairProps {
  photos: readonly Photo[];
  earlier: Photo;
  later: Photo;
  onChoose: (one: Photo, other: Photo) => void;
}

function Pair({ photos, earlier, later, onChoose }: PairProps) {
  const texts = t.history.comparing;
  const [way, setWay] = useState<Way>("swipe");
  const { alignment, told, change, lineUp } = useAlignment(earlier, later);
  const shown = { earlier, later, transforms: toTransforms(alignment) };
  return (
    <>
      <div class="compare-frame">
        {way === "swipe" && <Swipe {...shown} />}
        {way === "side" && <SideBySide {...shown} />}
        {way === "line" && <LineUp {...shown} alignment={alignment} onChange={change} />}
      </div>
      <div class="compare-controls">
        <fieldset class="choice">
          <legend class="sr-only">{texts.way}</legend>
          <div class="segments wide">
            {WAYS.map((one) => (
              <label key={one}>
                <input type="radio" name="way" checked={way === one} onChange={() => setWay(one)} />
                <span>{texts[one]}</span>
              </label>
            ))}
          </div>
        </fieldset>
        {way === "swipe" && <p class="soft caption">{texts.swipeHelp}</p>}
        {way === "line" && (
          <>
            <p class="soft caption">{texts.lineHelp}</p>
            <LineUpSliders alignment={alignment} onChange={change} />
            <div class="actions pair">
              <button type="button" class="button small" onClick={() => change(AS_TAKEN)}>
                {texts.asTaken}
              </button>
              <button type="button" class="button small" onClick={() => void lineUp()}>
                {texts.auto}
              </button>
            </div>
          </>
        )}
        <p class="soft caption" role="status">
          {told ? texts[told] : ""}
        </p>
        <div class="panel">
          <PhotoChoice
            label={texts.earlier}
            photos={photos}
            chosen={earlier}
            other={later}
            onChoose={(photo) => onChoose(photo, later)}
          />
          <PhotoChoice
            label={texts.later}
            photos={photos}
            chosen={later}
            other={earlier}
            onChoose={(photo) => onChoose(earlier, photo)}
          />
        </div>
      </div>
    </>
  );
}

type Told = "autoScale" | "autoSize" | "autoNone" | null;

// The stored alignment of two photos; where there is none, a first guess. Every change is stored.
function useAlignment(earlier: Photo, later: Photo) {
  const known = later.alignments?.[earlier.id];
  const [alignment, setAlignment] = useState(known ?? AS_TAKEN);
  const [told, setTold] = useState<Told>(null);
  const change = (next: Alignment) => {
    setAlignment(next);
    setTold(null);
    void orTell(
      changePhoto(later.id, (photo) => ({
        ...photo,
        alignments: { ...photo.alignments, [earlier.id]: next },
      })),
    );
  };
  const take = (found: Guess | null) => {
    if (found) change(found.alignment);
    setTold(found === null ? "autoNone" : found.toScale ? "autoScale" : "autoSize");
  };
  const lineUp = async () => take(await guessFor(earlier, later));
  useEffect(() => {
    let current = true;
    if (!known) void guessFor(earlier, later).then((found) => current && take(found));
    return () => {
      current = false;
    };
  }, []);
  return { alignment, told, change, lineUp };
}

export interface ShownPair {
  earlier: Photo;
  later: Photo;
  // How each lies in the frame, for CSS.
  transforms: { first: string; second: string };
}

function SideBySide({ earlier, later, transforms }: ShownPair) {
  return (
    <div class="side-by-side">
      <div class="photo">
        <div class="laid" style={{ transform: transforms.first }}>
          <BlobImage blob={earlier.blob} alt={t.spot.photoAlt(date(earlier.taken))} />
        </div>
        <span class="chip">{mediumDate(earlier.taken)}</span>
      </div>
      <div class="photo">
        <div class="laid later" style={{ transform: transforms.second }}>
          <BlobImage blob={later.blob} alt={t.spot.photoAlt(date(later.taken))} />
        </div>
        <span class="chip">{mediumDate(later.taken)}</span>
      </div>
    </div>
  );
}

function PhotoChoice(props: {
  label: string;
  photos: readonly Photo[];
  chosen: Photo;
  other: Photo;
  onChoose: (photo: Photo) => void;
}) {
  return (
    <label class="field">
      <span>{props.label}</span>
      <select
        value={props.chosen.id}
        onChange={(event) => {
          const photo = props.photos.find((one) => one.id === event.currentTarget.value);
          if (photo) props.onChoose(photo);
        }}
      >
        {props.photos
          .filter((photo) => photo !== props.other)
          .map((photo) => (
            <option key={photo.id} value={photo.id}>
              {mediumDate(photo.taken)}
            </option>
          ))}
      </select>
    </label>
  );
}
