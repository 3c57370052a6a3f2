import { t } from "../../texts";
import { BODY, type BodyShape } from "./shapes";

interface Props {
  // The sites that may be chosen; others are drawn, but cannot be tapped.
  sites: readonly string[];
  chosen: string;
  onChoose: (site: string) => void;
}

// The body from the front and from the back, to tap on. It stands beside a plain list that says and does the same, so
// it is left out for keyboards and screen readers.
export function BodyChoice(props: Props) {
  return (
    <div class="body-choice" aria-hidden="true">
      <p class="soft caption">{t.review.bodyLabel}</p>
      <View {...props} shapes={BODY.front} name={t.review.front} />
      <View {...props} shapes={BODY.back} name={t.review.backSide} />
      <p class="soft caption">{t.review.siteList}</p>
    </div>
  );
}

function View({
  sites,
  chosen,
  onChoose,
  shapes,
  name,
}: Props & { shapes: readonly BodyShape[]; name: string }) {
  return (
    <figure>
      <svg viewBox="8 0 124 364" aria-hidden="true">
        {shapes.map((shape) => {
          const classes = shape.site === chosen ? "site chosen" : "site";
          const tap = () => {
            if (sites.includes(shape.site)) onChoose(shape.site === chosen ? "" : shape.site);
          };
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: the list beside it is for keyboards
            <g key={shape.site} class={classes} data-site={shape.site} onClick={tap}>
              <path d={shape.path} />
              {shape.bothSides && <path d={shape.path} transform="translate(140) scale(-1 1)" />}
            </g>
          );
        })}
      </svg>
      <figcaption>{name}</figcaption>
    </figure>
  );
}
