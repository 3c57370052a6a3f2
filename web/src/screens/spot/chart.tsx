import { useEffect, useRef, useState } from "preact/hooks";
import type { Tier } from "../../api/client";
import { date, number, shortDate } from "../../numbers";
import { TIER_SHAPES } from "../../parts/tier";
import { fromZero, labelled, overTime } from "./scales";

export interface ChartPoint {
  time: number;
  value: number;
  // Half the length of the bar that tells how far off the value may be.
  error?: number;
  tier?: Tier | null;
}

interface Props {
  title: string;
  help: string;
  points: readonly ChartPoint[];
  // The end of the scale is at least this, so that small changes do not look large.
  leastEnd: number;
  // The value as it is written beside its point; and in full.
  label: (value: number) => string;
  say: (point: ChartPoint) => string;
}

const HEIGHT = 168;
const TOP = 32;
const BOTTOM = 132;
const EDGE = 28;
const LABEL_GAP = 56;

// One measure over time. Each value is written beside its point; there is nothing to look up.
export function Chart({ title, help, points, leastEnd, label, say }: Props) {
  const [frame, width] = useWidth();
  const last = points.at(-1);
  const sentence = points.map((point) => `${date(point.time)}: ${say(point)}`).join(". ");
  return (
    <figure class="chart">
      <figcaption>
        <h3>{title}</h3>
        {last && <b>{say(last)}</b>}
      </figcaption>
      <div ref={frame}>
        {width > 0 && (
          <svg width={width} height={HEIGHT} role="img" aria-label={`${title}. ${sentence}`}>
            <Drawing points={points} leastEnd={leastEnd} label={label} width={width} />
          </svg>
        )}
      </div>
      <p class="soft caption">{help}</p>
    </figure>
  );
}

function Drawing({
  points,
  leastEnd,
  label,
  width,
}: Pick<Props, "points" | "leastEnd" | "label"> & { width: number }) {
  const x = overTime(
    points.map((point) => point.time),
    EDGE + 24,
    width - EDGE,
  );
  const y = fromZero(
    Math.max(leastEnd, ...points.map((point) => point.value + (point.error ?? 0))),
    BOTTOM,
    TOP,
  );
  const places = points.map((point) => x(point.time));
  const shown = labelled(
    places,
    points.map((point) => point.value),
    LABEL_GAP,
  );
  return (
    <>
      {y.ticks.map((tick) => (
        <g key={tick} class="tick">
          <line x1={0} x2={width} y1={y(tick)} y2={y(tick)} />
          <text x={0} y={y(tick) - 4}>
            {number(tick)}
          </text>
        </g>
      ))}
      <polyline
        class="course"
        points={points.map((point) => `${x(point.time)},${y(point.value)}`).join(" ")}
      />
      {points.map((point, index) => (
        <g key={point.time}>
          <ErrorBar point={point} x={x(point.time)} y={y} />
          <Mark point={point} x={x(point.time)} y={y(point.value)} />
          {shown.has(index) && (
            <>
              <text class="value" x={x(point.time)} y={y(point.value + (point.error ?? 0)) - 12}>
                {label(point.value)}
              </text>
              <text class="when" x={x(point.time)} y={HEIGHT - 12}>
                {shortDate(point.time)}
              </text>
            </>
          )}
        </g>
      ))}
    </>
  );
}

function ErrorBar({ point, x, y }: { point: ChartPoint; x: number; y: (value: number) => number }) {
  if (!point.error) return null;
  const [high, low] = [y(point.value + point.error), y(Math.max(0, point.value - point.error))];
  return <path class="error" d={`M${x - 5} ${high}h10M${x} ${high}V${low}M${x - 5} ${low}h10`} />;
}

function Mark({ point, x, y }: { point: ChartPoint; x: number; y: number }) {
  if (!point.tier) return <circle class="mark-point" cx={x} cy={y} r={5} />;
  return (
    <path
      class={`mark-tier ${point.tier}`}
      d={TIER_SHAPES[point.tier]}
      transform={`translate(${x - 9} ${y - 9}) scale(.75)`}
    />
  );
}

// The width of an element, as it changes.
function useWidth() {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    if (frame.current) observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);
  return [frame, width] as const;
}
