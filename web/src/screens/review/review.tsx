import type { TargetedEvent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { bundleNamed } from "../../bundles";
import { addPhoto, draft, dropDraft, MOST_PHOTOS, NotReadable, removePhoto } from "../../draft";
import { handOver } from "../../outbox/outbox";
import { FileButton, usePasteAndDrop } from "../../parts/files";
import { Heading } from "../../parts/heading";
import { BlobImage } from "../../parts/photo";
import { prepare } from "../../phone/runner";
import { keptModel, placeFor } from "../../phone/state";
import { go, goBack } from "../../router";
import type { DraftPhoto } from "../../storage/records";
import { t } from "../../texts";
import { Cropper } from "./cropper";
import { checkAnswers, Questions } from "./questions";

export function Review() {
  const now = draft.value;
  const [selected, setSelected] = useState<string | null>(null);
  const [working, setWorking] = useState(false);
  const none = !now || now.photos.length === 0;
  useEffect(() => {
    if (none) go("/", { replace: true });
  }, [none]);
  usePasteAndDrop((file) => void add(file, setSelected));
  const model = now && placeFor(now.bundle).place === "phone" ? keptModel(now.bundle) : undefined;
  useEffect(() => {
    if (model) void prepare(model);
  }, [model]);
  if (none) return null;
  const photo = now.photos.find((one) => one.id === selected) ?? now.photos[now.photos.length - 1];
  const specs = bundleNamed(now.bundle)?.answers ?? [];

  const submit = async (event: TargetedEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (working || !checkAnswers(event.currentTarget)) return;
    setWorking(true);
    const sent = await handOver();
    setWorking(false);
    // Who left meanwhile finds the answer among the waiting photos.
    if (sent && location.hash === "#/review")
      go(sent.state === "waiting" ? `/waiting/${sent.id}` : `/result/${sent.id}`);
  };

  return (
    <form class="review-body" noValidate onSubmit={(event) => void submit(event)}>
      <div class="photo-side">
        <Heading>{t.review.title}</Heading>
        {photo && <Cropper key={photo.id} photo={photo} busy={working} />}
        <Photos photos={now.photos} shown={photo?.id} onSelect={setSelected} />
      </div>
      {specs.length > 0 && <Questions specs={specs} />}
      <div class="actions sticky">
        <p role="status" class="status">
          {working ? t.review.working : ""}
        </p>
        <button type="button" class="button" onClick={() => void dropDraft().then(() => goBack())}>
          {t.review.another}
        </button>
        <button type="submit" class="button primary" disabled={working}>
          {now.photos.length > 1 ? t.review.useMany : t.review.use}
        </button>
      </div>
    </form>
  );
}

async function add(file: File, select: (id: string | null) => void): Promise<void> {
  try {
    await addPhoto(file);
    select(null);
  } catch (error) {
    if (!(error instanceof NotReadable)) throw error;
    go("/trouble/heif");
  }
}

// The photos of the spot, up to three.
function Photos(props: {
  photos: readonly DraftPhoto[];
  shown: string | undefined;
  onSelect: (id: string | null) => void;
}) {
  const { photos, shown, onSelect } = props;
  return (
    <div class="photos">
      {photos.length > 1 &&
        photos.map((one, place) => (
          <span class="photo-choice" key={one.id}>
            <button
              type="button"
              class="thumb-button"
              aria-pressed={one.id === shown}
              aria-label={t.review.photoNumber(place + 1)}
              onClick={() => onSelect(one.id)}
            >
              <BlobImage blob={one.file} alt="" class="thumb" />
            </button>
            <button
              type="button"
              class="remove"
              aria-label={t.review.remove(place + 1)}
              onClick={() => void removePhoto(one.id)}
            >
              <svg viewBox="0 0 24 24" aria-hidden="true">
                <path d="M7 7l10 10M17 7L7 17" />
              </svg>
            </button>
          </span>
        ))}
      {photos.length < MOST_PHOTOS && (
        <>
          <a class="button small" href="#/capture/more">
            {t.capture.another}
          </a>
          <FileButton label={t.review.add} class="button small" onFile={(file) => void add(file, onSelect)} />
        </>
      )}
      {photos.length === 1 && <p class="soft caption">{t.review.addHelp}</p>}
    </div>
  );
}
