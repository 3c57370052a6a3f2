import { draft, dropDraft } from "../../draft";
import { Heading } from "../../parts/heading";
import { go } from "../../router";
import { named, t } from "../../texts";
import type { ScreenProps } from "../screens";

export function TroubleScreen({ rest }: ScreenProps) {
  return <Trouble code={rest[0] ?? "internal_error"} />;
}

// Why a photo got no answer, and what to do about it.
export function Trouble({ code }: { code: string }) {
  const another = () => {
    void dropDraft();
    go("/", { replace: true });
  };
  const editable = code === "answer_invalid" && draft.value !== null;
  return (
    <section class="trouble-body">
      <Heading>{t.trouble.title}</Heading>
      <p role="alert">{named(t.trouble.codes, code) ?? t.trouble.codes.internal_error}</p>
      <div class="actions">
        {editable && (
          <a class="button primary" href="#/review">
            {t.trouble.edit}
          </a>
        )}
        <button type="button" class={editable ? "button" : "button primary"} onClick={another}>
          {t.trouble.another}
        </button>
      </div>
    </section>
  );
}
