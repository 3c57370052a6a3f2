import type { Bundle } from "../../api/client";
import { bundle } from "../../state";
import { locale, t } from "../../texts";

// What the model is good and bad at, from its card: figures with intervals, limits, what it learned from.
export function About() {
  const known = bundle.value;
  if (!known) return null;
  return (
    <details class="about">
      <summary>{t.about.open}</summary>
      <div class="about-body">
        <Figures known={known} />
        <section>
          <h2>{t.about.limits}</h2>
          <ul>
            {known.limits.map((limit) => (
              <li key={limit}>{limit}</li>
            ))}
          </ul>
        </section>
        <section>
          <h2>{t.about.training}</h2>
          <ul>
            {known.training.map((source) => (
              <li key={source.name}>
                {source.name}: {t.about.photos(source.images.toLocaleString(locale))}. {source.licence}
              </li>
            ))}
          </ul>
          <h2>{t.about.licence}</h2>
          <p>{known.licence}</p>
        </section>
      </div>
    </details>
  );
}

function Figures({ known }: { known: Bundle }) {
  const shown = known.figures.filter((figure) => figure.name in t.about.names && figure.value.value !== null);
  return (
    <section>
      <h2>{t.about.figures}</h2>
      {shown.length === 0 ? (
        <p>{t.about.none}</p>
      ) : (
        <>
          <p class="soft">{t.about.figuresLead}</p>
          <dl>
            {shown.map((figure) => (
              <div key={figure.name}>
                <dt>{t.about.names[figure.name]}</dt>
                <dd>{interval(figure)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </section>
  );
}

function interval(figure: Bundle["figures"][number]): string {
  const number = figure.name.startsWith("auroc") || figure.name === "ece";
  const show = (value: number | null | undefined) =>
    value == null ? "?" : number ? value.toFixed(3) : `${(100 * value).toFixed(0)} %`;
  return `${show(figure.value.value)} (${show(figure.value.low)} – ${show(figure.value.high)})`;
}
