import { date, number, percent } from "../../numbers";
import { BlobImage } from "../../parts/photo";
import { type Point, usePointers } from "../../parts/pointers";
import type { Alignment } from "../../storage/records";
import { t } from "../../texts";
import { nudge, viewZoom } from "./alignment";
import type { ShownPair } from "./compare";

const STEP = 0.01;
const ZOOM = 1.02;
const DEGREES = 1;

const KEYS: Record<string, Partial<Alignment>> = {
  ArrowLeft: { x: -STEP },
  ArrowRight: { x: STEP },
  ArrowUp: { y: -STEP },
  ArrowDown: { y: STEP },
  "+": { scale: ZOOM },
  "=": { scale: ZOOM },
  "-": { scale: 1 / ZOOM },
  "[": { angle: -DEGREES },
  "]": { angle: DEGREES },
};

interface Props extends ShownPair {
  alignment: Alignment;
  onChange: (alignment: Alignment) => void;
}

// The later photo half-transparent over the earlier one, to be moved, zoomed and turned until the spots meet.
export function LineUp({ earlier, later, transforms, alignment, onChange }: Props) {
  const texts = t.history.comparing;
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would group inputs, and this is one control */}
      <div
        class="photo line-up"
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move what it holds
        tabIndex={0}
        aria-label={texts.frame}
        onKeyDown={(event) => {
          const change = KEYS[event.key];
          if (!change) return;
          event.preventDefault();
          onChange(nudge(alignment, change));
        }}
        {...useGestures(alignment, onChange)}
      >
        <div class="laid" style={{ transform: transforms.first }}>
          <BlobImage blob={earlier.blob} alt={t.spot.photoAlt(date(earlier.taken))} />
        </div>
        <div class="laid later half" style={{ transform: transforms.second }}>
          <BlobImage blob={later.blob} alt={t.spot.photoAlt(date(later.taken))} />
        </div>
        <svg class="cross" viewBox="0 0 100 100" aria-hidden="true">
          <path d="M50 0v100M0 50h100" />
        </svg>
      </div>
    </>
  );
}

export function LineUpSliders({ alignment, onChange }: Pick<Props, "alignment" | "onChange">) {
  const texts = t.history.comparing;
  return (
    <div>
      <label class="slider fine">
        <span>{texts.zoom}</span>
        <input
          type="range"
          min={-100}
          max={100}
          value={Math.round(100 * Math.log2(alignment.scale))}
          aria-valuetext={percent(alignment.scale)}
          onInput={(event) =>
            onChange({ ...alignment, scale: 2 ** (Number(event.currentTarget.value) / 100) })
          }
        />
      </label>
      <label class="slider fine">
        <span>{texts.turn}</span>
        <input
          type="range"
          min={-180}
          max={180}
          value={Math.round(alignment.angle)}
          aria-valuetext={texts.degrees(number(alignment.angle))}
          onInput={(event) =>
            onChange(nudge(alignment, { angle: Number(event.currentTarget.value) - alignment.angle }))
          }
        />
      </label>
    </div>
  );
}

// One finger moves; two move, zoom and turn.
function useGestures(alignment: Alignment, onChange: (alignment: Alignment) => void) {
  return usePointers(({ before, now, other, box: { width } }) => {
    // Of two fingers, each moves the photo half as far.
    const share = (other ? 2 : 1) * viewZoom(alignment);
    const moved = { x: (now.x - before.x) / width / share, y: (now.y - before.y) / width / share };
    onChange(nudge(alignment, { ...moved, ...(other ? pinch(before, now, other) : {}) }));
  });
}

function pinch(before: Point, now: Point, other: Point): { scale: number; angle: number } {
  const length = (spot: Point) => Math.max(1, Math.hypot(spot.x - other.x, spot.y - other.y));
  const angle = (spot: Point) => (Math.atan2(spot.y - other.y, spot.x - other.x) * 180) / Math.PI;
  return { scale: length(now) / length(before), angle: angle(now) - angle(before) };
}
