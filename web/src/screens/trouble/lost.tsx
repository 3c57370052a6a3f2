import { Heading } from "../../parts/heading";
import { t } from "../../texts";

// An address that leads nowhere, or to something that was deleted.
export function Lost() {
  return (
    <section class="trouble-body">
      <Heading>{t.shell.lost}</Heading>
      <p>{t.shell.lostText}</p>
      <div class="actions">
        <a class="button primary" href="#/">
          {t.shell.toStart}
        </a>
      </div>
    </section>
  );
}
