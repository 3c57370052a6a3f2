import { useRef, useState } from "preact/hooks";
import { useBlobUrl } from "../../parts/photo";
import type { Point, Segment } from "../../storage/records";
import { t } from "../../texts";
import { moved, type PhotoShape } from "./measurement";

export interface Marks {
  reference: Segment;
  spot: Segment;
}

type Name = keyof Marks;

interface Props {
  blob: Blob;
  marks: Marks;
  // Whether the reference is a coin, whose circle is drawn.
  round: boolean;
  onShape: (shape: PhotoShape) => void;
  onChange: (name: Name, mark: Segment) => void;
}

const STEP = 0.004;
const LARGE_STEP = 0.02;
const LOUPE = 3;
// Side of the loupe as a share of the photo's width.
const LOUPE_SIDE = 0.34;

// The photo with two marks of two ends each, moved by finger, mouse and keys. While an end is moved, a loupe in the
// corner that is farther away shows what the finger covers.
export function MarkedPhoto({ blob, marks, round, onShape, onChange }: Props) {
  const url = useBlobUrl(blob);
  const frame = useRef<HTMLDivElement>(null);
  const [shape, setShape] = useState<PhotoShape | null>(null);
  const [held, setHeld] = useState<Point | null>(null);
  const move = (name: Name, end: 0 | 1, point: Point) => {
    const [from, to] = marks[name];
    onChange(name, end === 0 ? [point, to] : [from, point]);
    setHeld(point);
  };
  return (
    <div ref={frame} class="marked">
      <img
        src={url}
        alt={t.history.measuring.photoAlt}
        draggable={false}
        onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => {
          setShape({ width, height });
          onShape({ width, height });
        }}
      />
      {shape && (
        <svg viewBox={`0 0 ${shape.width} ${shape.height}`} aria-hidden="true">
          <Line name="reference" mark={marks.reference} shape={shape} round={round} />
          <Line name="spot" mark={marks.spot} shape={shape} round={false} />
          {held && url && <Loupe url={url} at={held} shape={shape} />}
        </svg>
      )}
      {shape &&
        (["reference", "spot"] as const).map((name) =>
          ([0, 1] as const).map((end) => (
            <End
              key={`${name}${end}`}
              name={name}
              end={end}
              point={marks[name][end]}
              frame={frame}
              onMove={(point) => move(name, end, point)}
              onRelease={() => setHeld(null)}
            />
          )),
        )}
    </div>
  );
}

function Line({
  name,
  mark,
  shape,
  round,
}: {
  name: Name;
  mark: Segment;
  shape: PhotoShape;
  round: boolean;
}) {
  const [from, to] = mark.map(({ x, y }) => ({ x: x * shape.width, y: y * shape.height })) as [Point, Point];
  return (
    <g class={`mark-line ${name}`}>
      {round && (
        <circle
          cx={(from.x + to.x) / 2}
          cy={(from.y + to.y) / 2}
          r={Math.hypot(to.x - from.x, to.y - from.y) / 2}
        />
      )}
      <line x1={from.x} y1={from.y} x2={to.x} y2={to.y} />
    </g>
  );
}

interface EndProps {
  name: Name;
  end: 0 | 1;
  point: Point;
  frame: { current: HTMLElement | null };
  onMove: (point: Point) => void;
  onRelease: () => void;
}

function End({ name, end, point, frame, onMove, onRelease }: EndProps) {
  const texts = t.history.measuring;
  // Where in the handle it was taken, so that it does not jump.
  const offset = useRef<Point>({ x: 0, y: 0 });
  const at = (event: PointerEvent): Point => {
    const box = frame.current?.getBoundingClientRect();
    if (!box) return point;
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  };
  return (
    <button
      type="button"
      class={`mark-end ${name}`}
      style={{ left: `${100 * point.x}%`, top: `${100 * point.y}%` }}
      aria-label={texts.mark(texts.marks[name], end + 1)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        const taken = at(event);
        offset.current = { x: point.x - taken.x, y: point.y - taken.y };
        onMove(point);
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const now = at(event);
        onMove(moved(now, offset.current.x, offset.current.y));
      }}
      onPointerUp={onRelease}
      onPointerCancel={onRelease}
      onBlur={onRelease}
      onKeyDown={(event) => {
        const step = event.shiftKey ? LARGE_STEP : STEP;
        const by = {
          ArrowLeft: [-step, 0],
          ArrowRight: [step, 0],
          ArrowUp: [0, -step],
          ArrowDown: [0, step],
        }[event.key];
        if (!by) return;
        event.preventDefault();
        onMove(moved(point, by[0] ?? 0, by[1] ?? 0));
      }}
    />
  );
}

function Loupe({ url, at, shape: { width, height } }: { url: string; at: Point; shape: PhotoShape }) {
  const side = LOUPE_SIDE * width;
  const gap = 0.03 * width;
  const left = at.x < 0.5 ? width - side - gap : gap;
  const [x, y] = [at.x * width, at.y * height];
  return (
    <svg
      class="loupe"
      aria-hidden="true"
      x={left}
      y={gap}
      width={side}
      height={side}
      viewBox={`0 0 ${side} ${side}`}
    >
      <defs>
        <clipPath id="loupe">
          <circle cx={side / 2} cy={side / 2} r={side / 2} />
        </clipPath>
      </defs>
      <g clip-path="url(#loupe)">
        <image
          href={url}
          x={side / 2 - LOUPE * x}
          y={side / 2 - LOUPE * y}
          width={LOUPE * width}
          height={LOUPE * height}
        />
      </g>
      <circle class="rim" cx={side / 2} cy={side / 2} r={side / 2 - side / 80} />
      <path
        class="hair"
        d={`M${side / 2} ${side * 0.35}v${side * 0.3}M${side * 0.35} ${side / 2}h${side * 0.3}`}
      />
    </svg>
  );
}
