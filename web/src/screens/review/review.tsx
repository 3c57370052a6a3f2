import type { TargetedEvent } from "preact";
import { useState } from "preact/hooks";
import { Heading } from "../../parts/heading";
import { bundle, photo, send, startOver, working } from "../../state";
import { t } from "../../texts";
import { FramedPhoto } from "./framed";
import { checkAnswers, Questions } from "./questions";

export function Review() {
  const [shown, setShown] = useState(true);
  const submit = (event: TargetedEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (checkAnswers(event.currentTarget)) void send();
  };
  return (
    <form class="review-body" noValidate onSubmit={submit}>
      <div class="photo-side">
        <Heading>{t.review.title}</Heading>
        <div class={working.value ? "photo whole busy" : "photo whole"}>
          {shown ? (
            <FramedPhoto url={photo.value?.url} onError={() => setShown(false)} />
          ) : (
            <p class="no-preview">{t.review.noPreview}</p>
          )}
        </div>
        {shown && <p class="soft caption">{t.review.frame}</p>}
      </div>
      {bundle.value && bundle.value.answers.length > 0 && <Questions specs={bundle.value.answers} />}
      <div class="actions sticky">
        <p role="status" class="status">
          {working.value ? t.review.working : ""}
        </p>
        <button type="button" class="button" onClick={startOver}>
          {t.review.another}
        </button>
        <button type="submit" class="button primary" disabled={working.value}>
          {t.review.use}
        </button>
      </div>
    </form>
  );
}
