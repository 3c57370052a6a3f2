import { useEffect, useState } from "preact/hooks";
import { number } from "../../numbers";
import { Heading } from "../../parts/heading";
import { go, goBack } from "../../router";
import type { Photo, PhotoSize, Segment } from "../../storage/records";
import { changePhoto, photoById } from "../../storage/spots";
import { orTell } from "../../storage/trouble";
import { t } from "../../texts";
import type { ScreenProps } from "../screens";
import { Lost } from "../trouble/lost";
import { MarkedPhoto, type Marks } from "./marked-photo";
import { measure, type PhotoShape } from "./measurement";
import { COINS, coinNamed, RULER } from "./references";

const FIRST_MARKS: Marks = {
  reference: [
    { x: 0.12, y: 0.85 },
    { x: 0.37, y: 0.85 },
  ],
  spot: [
    { x: 0.38, y: 0.5 },
    { x: 0.62, y: 0.5 },
  ],
};
const FIRST_RULER_MM = "10";
const MOST_RULER_MM = 200;

// Measures the spot in one photo, whose id is in the address.
export function Measure({ rest }: ScreenProps) {
  const id = rest[0] ?? "";
  const [photo, setPhoto] = useState<Photo | "lost" | null>(null);
  useEffect(() => void orTell(photoById(id)).then((found) => setPhoto(found ?? "lost")), [id]);
  if (photo === null) return null;
  if (photo === "lost") return <Lost />;
  return <Measuring photo={photo} />;
}

function Measuring({ photo }: { photo: Photo }) {
  const texts = t.history.measuring;
  const { size } = photo;
  const [reference, setReference] = useState(size?.reference ?? "eur-1");
  const [ruler, setRuler] = useState(size?.reference === RULER ? String(size.reference_mm) : FIRST_RULER_MM);
  const [marks, setMarks] = useState<Marks>(
    size ? { reference: size.referenceMark, spot: size.spotMark } : FIRST_MARKS,
  );
  const [shape, setShape] = useState<PhotoShape | null>(null);
  const reference_mm = lengthOf(reference, ruler);
  const found =
    shape && reference_mm !== null ? measure(marks.reference, reference_mm, marks.spot, shape) : null;

  const store = async (next: PhotoSize | undefined) => {
    const done = await orTell(changePhoto(photo.id, (one) => withSize(one, next)).then(() => true));
    if (done) leave(photo.spotId);
  };
  const save = () => {
    if (!found || reference_mm === null) return;
    const { reference: referenceMark, spot: spotMark } = marks;
    void store({ reference, reference_mm, referenceMark, spotMark, ...found });
  };
  return (
    <section class="measure-body">
      <Heading>{texts.title}</Heading>
      <div class="measure-photo">
        <MarkedPhoto
          blob={photo.blob}
          marks={marks}
          round={reference !== RULER}
          onShape={setShape}
          onChange={(name, mark: Segment) => setMarks({ ...marks, [name]: mark })}
        />
      </div>
      <div class="measure-controls">
        <ol class="steps">
          <li class="reference">{reference === RULER ? texts.step1Ruler : texts.step1}</li>
          <li class="spot">{texts.step2}</li>
        </ol>
        <p class="soft caption">{texts.error}</p>
        <div class="panel">
          <label class="field">
            <span>{texts.reference}</span>
            <select value={reference} onChange={(event) => setReference(event.currentTarget.value)}>
              <optgroup label={texts.coins}>
                {COINS.map((coin) => (
                  <option key={coin.id} value={coin.id}>
                    {coin.name} · {number(coin.diameter_mm, 2)} mm
                  </option>
                ))}
              </optgroup>
              <option value={RULER}>{texts.ruler}</option>
            </select>
          </label>
          {reference === RULER && (
            <label class="field">
              <span>{texts.rulerLength}</span>
              <input
                type="number"
                inputMode="decimal"
                min={1}
                max={MOST_RULER_MM}
                step="any"
                value={ruler}
                aria-invalid={reference_mm === null}
                aria-describedby="ruler-wrong"
                onInput={(event) => setRuler(event.currentTarget.value)}
              />
              <span id="ruler-wrong" class="wrong" role="alert">
                {reference_mm === null ? texts.rulerRange : ""}
              </span>
            </label>
          )}
          <details>
            <summary>{texts.nothing}</summary>
            <p>{texts.nothingHelp}</p>
          </details>
        </div>
      </div>
      <div class="actions sticky measured">
        <p class="found">
          <span>{texts.result}</span>
          <output>
            {found ? t.history.plusMinus(number(found.diameter_mm, 1), number(found.error_mm, 1)) : "–"}
          </output>
        </p>
        {size && (
          <button type="button" class="button" onClick={() => void store(undefined)}>
            {texts.remove}
          </button>
        )}
        <button type="button" class="button primary" disabled={!found} onClick={save}>
          {texts.save}
        </button>
      </div>
    </section>
  );
}

// Null for a number that no ruler has.
function lengthOf(reference: string, ruler: string): number | null {
  if (reference !== RULER) return coinNamed(reference)?.diameter_mm ?? null;
  const length = Number(ruler);
  return length >= 1 && length <= MOST_RULER_MM ? length : null;
}

function withSize({ size: _before, ...photo }: Photo, next: PhotoSize | undefined): Photo {
  return next ? { ...photo, size: next } : photo;
}

// Back to the spot, where the size is shown.
function leave(spotId: string): void {
  if ((history.state as { inside?: boolean } | null)?.inside) goBack();
  else go(`/spots/${spotId}`, { replace: true });
}
