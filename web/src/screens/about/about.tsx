import type { Bundle } from "../../api/client";
import { bundles } from "../../bundles";
import { number, percent, significant } from "../../numbers";
import { Heading } from "../../parts/heading";
import { canRun } from "../../phone/state";
import { named, t } from "../../texts";

// How it works, what happens to the photo, and what each model is good and bad at, from its card.
export function About() {
  return (
    <article class="about-body">
      <Heading>{t.about.title}</Heading>
      <p class="lead">{t.about.disclaimer}</p>
      <div class="columns">
        <section class="panel">
          <h2>{t.about.how}</h2>
          <p>{t.about.howText}</p>
        </section>
        <section class="panel">
          <h2>{t.about.photo}</h2>
          <ul>
            {t.about.photoText.map((one) => (
              <li key={one}>{one}</li>
            ))}
            {canRun.value && <li>{t.phone.about}</li>}
          </ul>
        </section>
      </div>
      {bundles.value.length === 0 && <p>{t.about.unreachable}</p>}
      {bundles.value.map((one) => (
        <Card key={one.name} known={one} />
      ))}
      <div class="columns">
        <section class="panel">
          <h2>{t.about.licence}</h2>
          <ul>
            {bundles.value.map((one) => (
              <li key={one.name}>{t.about.licenceModel(one.licence)}</li>
            ))}
            <li>{t.about.licenceApp}</li>
          </ul>
        </section>
        <section class="panel">
          <h2>{t.about.contact}</h2>
          <p>{t.about.contactText}</p>
        </section>
      </div>
    </article>
  );
}

function Card({ known }: { known: Bundle }) {
  const title = bundles.value.length > 1 ? (named(t.start.bundles, known.name) ?? known.name) : null;
  return (
    <section class="card-of-model">
      <h2>{title ? `${t.about.model}: ${title}` : t.about.model}</h2>
      <p class="soft">{known.intended_use}</p>
      <div class="columns">
        <div class="panel">
          <Figures known={known} />
        </div>
        <div class="panel">
          <h3>{t.about.limits}</h3>
          <ul>
            {known.limits.map((limit) => (
              <li key={limit}>{limit}</li>
            ))}
          </ul>
        </div>
        <div class="panel">
          <h3>{t.about.training}</h3>
          <ul>
            {known.training.map((source) => (
              <li key={source.name}>
                {source.name}: {t.about.photos(number(source.images))}. {source.licence}
              </li>
            ))}
          </ul>
          <h3>{t.about.privacy}</h3>
          <Privacy used={known.privacy} />
        </div>
      </div>
      <p class="soft">{t.result.model(known.name, known.version)}</p>
    </section>
  );
}

// Which techniques protected the people in the training data, each in a sentence, used or not.
function Privacy({ used }: { used: Bundle["privacy"] | undefined }) {
  const texts = t.about.privacyParts;
  // A list of bundles that was kept by an older version of the app has no such field.
  if (!used) return <p>{t.about.privacyNone}</p>;
  const { federated, clients, secure_aggregation, epsilon, delta } = used;
  return (
    <ul>
      <li>{federated ? texts.federated(clients == null ? null : number(clients)) : texts.onePlace}</li>
      {federated && <li>{secure_aggregation ? texts.secure : texts.notSecure}</li>}
      <li>
        {epsilon == null || delta == null
          ? texts.noNoise
          : texts.noise(significant(epsilon), significant(delta))}
      </li>
    </ul>
  );
}

type Figure = Bundle["figures"][number];

// As the card names them: the same figure, measured without any answers. That is how most people ask, so it comes first.
const WAYS = ["photo_only/", ""] as const;

function Figures({ known }: { known: Bundle }) {
  const figures = new Map(
    known.figures.filter((figure) => figure.value.value !== null).map((figure) => [figure.name, figure]),
  );
  const shown = Object.keys(t.about.names).filter((name) => WAYS.some((way) => figures.has(way + name)));
  return (
    <>
      <h3>{t.about.figures}</h3>
      {shown.length === 0 ? (
        <p>{t.about.none}</p>
      ) : (
        <>
          <p class="soft">{t.about.figuresLead}</p>
          <dl>
            {shown.map((name) => (
              <div key={name}>
                <dt>{named(t.about.names, name)}</dt>
                {WAYS.map((way) => {
                  const figure = figures.get(way + name);
                  return (
                    figure && (
                      <dd key={way}>
                        <span class="way">{way ? t.about.photoOnly : t.about.withAnswers}</span>{" "}
                        <b>{interval(figure, name)}</b>
                      </dd>
                    )
                  );
                })}
              </div>
            ))}
          </dl>
        </>
      )}
    </>
  );
}

function interval(figure: Figure, name: string): string {
  const plain = name.startsWith("auroc") || name === "ece";
  const show = (value: number | null | undefined) =>
    value == null ? "?" : plain ? number(value, 3) : percent(value);
  return `${show(figure.value.value)} (${show(figure.value.low)} – ${show(figure.value.high)})`;
}
