import { Heading } from "../../parts/heading";
import { photo, send, show, startOver, trouble } from "../../state";
import { t } from "../../texts";

// Where another try with the same photo can help; with the others only another photo can.
const PASSING = ["rate_limited", "overloaded", "too_slow", "offline", "network", "internal_error"];

export function TroubleScreen() {
  const code = trouble.value ?? "internal_error";
  const passing = PASSING.includes(code) && photo.value !== null;
  const again = () => {
    show("review");
    void send();
  };
  return (
    <section class="trouble-body">
      <Heading>{t.trouble.title}</Heading>
      <p role="alert">{t.trouble.codes[code] ?? t.trouble.codes.internal_error}</p>
      <div class="actions">
        {passing && (
          <button type="button" class="button primary" onClick={again}>
            {t.trouble.again}
          </button>
        )}
        {code === "answer_invalid" && (
          <button type="button" class="button primary" onClick={() => show("review")}>
            {t.trouble.again}
          </button>
        )}
        <button type="button" class={passing ? "button" : "button primary"} onClick={startOver}>
          {t.trouble.another}
        </button>
      </div>
    </section>
  );
}
