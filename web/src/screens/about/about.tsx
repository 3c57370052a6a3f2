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

type Figure = Bundle["figures"][number];

// As the card names them: the same figure, measured without any answers. That is how most people ask, so it comes first.
const WAYS = [
  ["photo_only/", t.about.photoOnly],
  ["", t.about.withAnswers],
] as const;

function Figures({ known }: { known: Bundle }) {
  const figures = new Map(
    known.figures.filter((figure) => figure.value.value !== null).map((figure) => [figure.name, figure]),
  );
  const shown = Object.keys(t.about.names).filter((name) => WAYS.some(([way]) => figures.has(way + name)));
  return (
    <section>
      <h2>{t.about.figures}</h2>
      {shown.length === 0 ? (
        <p>{t.about.none}</p>
      ) : (
        <>
          <p class="soft">{t.about.figuresLead}</p>
          <dl>
            {shown.map((name) => (
              <div key={name}>
                <dt>{t.about.names[name]}</dt>
                {WAYS.map(([way, text]) => {
                  const figure = figures.get(way + name);
                  return (
                    figure && (
                      <dd key={way}>
                        <span class="way">{text}</span> <b>{interval(figure, name)}</b>
                      </dd>
                    )
                  );
                })}
              </div>
            ))}
          </dl>
        </>
      )}
    </section>
  );
}

function interval(figure: Figure, name: string): string {
  const number = name.startsWith("auroc") || name === "ece";
  const show = (value: number | null | undefined) =>
    value == null ? "?" : number ? value.toFixed(3) : `${(100 * value).toFixed(0)} %`;
  return `${show(figure.value.value)} (${show(figure.value.low)} – ${show(figure.value.high)})`;
}
