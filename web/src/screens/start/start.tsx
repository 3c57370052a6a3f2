import { bundle, bundles, chooseBundle } from "../../bundles";
import { beginDraft, dropDraft, NotReadable, openDraft } from "../../draft";
import { open } from "../../outbox/outbox";
import { Fetching } from "../../parts/fetching";
import { FileButton, usePasteAndDrop } from "../../parts/files";
import { Heading } from "../../parts/heading";
import { placeFor } from "../../phone/state";
import { go } from "../../router";
import { named, t } from "../../texts";
import { SpotList } from "./spots";

export function Start() {
  const over = usePasteAndDrop((file) => void choose(file));
  return (
    <section class={over ? "start-body over" : "start-body"}>
      <div class="intro">
        <Heading>{t.start.title}</Heading>
        <p class="lead">{t.start.lead}</p>
        <BundleChoice />
        <Unfinished />
      </div>
      <div class="actions sticky">
        <FileButton label={t.start.choose} onFile={choose} />
        <a class="button primary" href="#/capture">
          {t.start.take}
        </a>
        <p class="drop-hint">{t.start.drop}</p>
      </div>
      <SpotList />
      <aside class="tips" aria-labelledby="tips">
        <Frame />
        <h2 id="tips">{t.start.tipsTitle}</h2>
        <ul>
          {t.start.tips.map((tip) => (
            <li key={tip}>{tip}</li>
          ))}
        </ul>
      </aside>
      <div class="notes">
        <p>{placeFor(null).place === "phone" ? t.phone.privacy : t.start.privacy}</p>
        <Fetching />
        <p>{t.start.urgent}</p>
      </div>
    </section>
  );
}

// Begins a capture and goes to the review.
async function choose(file: Blob): Promise<void> {
  try {
    await beginDraft(file);
    go("/review");
  } catch (error) {
    if (!(error instanceof NotReadable)) throw error;
    go("/trouble/heif");
  }
}

// What is to be checked, when the server knows more than one kind of thing.
function BundleChoice() {
  if (bundles.value.length < 2) return null;
  return (
    <fieldset class="choice">
      <legend>{t.start.bundle}</legend>
      <div class="segments wide">
        {bundles.value.map((one) => (
          <label key={one.name}>
            <input
              type="radio"
              name="bundle"
              value={one.name}
              checked={bundle.value?.name === one.name}
              onChange={() => void chooseBundle(one.name)}
            />
            <span>{named(t.start.bundles, one.name) ?? one.name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

// What was begun and is not finished: a draft, and photos in the queue.
function Unfinished() {
  const count = open.value.length;
  return (
    <>
      {openDraft.value && (
        <div class="notice">
          <p>{t.start.draft}</p>
          <a class="link" href="#/review">
            {t.start.draftOpen}
          </a>
          <button type="button" class="link" onClick={() => void dropDraft()}>
            {t.start.draftDrop}
          </button>
        </div>
      )}
      {count > 0 && (
        <div class="notice">
          <p>{t.start.queue(count)}</p>
          <a class="link" href="#/waiting">
            {t.start.queueOpen}
          </a>
        </div>
      )}
    </>
  );
}

function Frame() {
  return (
    <svg class="frame" viewBox="0 0 120 120" aria-hidden="true">
      <rect width="120" height="120" rx="20" class="skin" />
      <path class="spot" d="M62 40c13-1 22 8 22 20s-9 23-23 22c-13-1-22-9-21-22 1-12 10-19 22-20z" />
      <path
        class="corners"
        d="M20 38V26q0-6 6-6h12M82 20h12q6 0 6 6v12M100 82v12q0 6-6 6H82M38 100H26q-6 0-6-6V82"
      />
    </svg>
  );
}
