import { useRef, useState } from "preact/hooks";
import { date, mediumDate, percent } from "../../numbers";
import { BlobImage } from "../../parts/photo";
import { t } from "../../texts";
import type { ShownPair } from "./compare";

const STEP = 0.02;
const PAGE = 0.1;

// The later photo under the earlier one, up to a border that is dragged or moved by keys.
export function Swipe({ earlier, later, transforms }: ShownPair) {
  const texts = t.history.comparing;
  const [border, setBorder] = useState(0.5);
  const frame = useRef<HTMLDivElement>(null);
  const handle = useRef<HTMLDivElement>(null);
  const move = (event: PointerEvent) => {
    const box = frame.current?.getBoundingClientRect();
    if (box) setBorder(Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)));
  };
  return (
    <div
      ref={frame}
      class="photo swipe"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        handle.current?.focus({ preventScroll: true });
        event.preventDefault();
        move(event);
      }}
      onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && move(event)}
    >
      <div class="laid later" style={{ transform: transforms.second }}>
        <BlobImage blob={later.blob} alt={t.spot.photoAlt(date(later.taken))} />
      </div>
      <div class="over" style={{ clipPath: `inset(0 ${100 * (1 - border)}% 0 0)` }}>
        <div class="laid" style={{ transform: transforms.first }}>
          <BlobImage blob={earlier.blob} alt={t.spot.photoAlt(date(earlier.taken))} />
        </div>
      </div>
      <span class="chip" style={{ opacity: border > 0.15 ? 1 : 0 }}>
        {mediumDate(earlier.taken)}
      </span>
      <span class="chip end" style={{ opacity: border < 0.85 ? 1 : 0 }}>
        {mediumDate(later.taken)}
      </span>
      <div
        ref={handle}
        class="border"
        style={{ left: `${100 * border}%` }}
        role="slider"
        tabIndex={0}
        aria-label={texts.slider}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(100 * border)}
        aria-valuetext={texts.sliderValue(percent(border))}
        onKeyDown={(event) => {
          const next = byKey(event.key, border);
          if (next === null) return;
          event.preventDefault();
          setBorder(Math.min(1, Math.max(0, next)));
        }}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M9 6l-6 6 6 6M15 6l6 6-6 6" />
        </svg>
      </div>
    </div>
  );
}

// The keys of a slider (ARIA Authoring Practices).
function byKey(key: string, border: number): number | null {
  if (key === "ArrowLeft" || key === "ArrowDown") return border - STEP;
  if (key === "ArrowRight" || key === "ArrowUp") return border + STEP;
  if (key === "PageDown") return border - PAGE;
  if (key === "PageUp") return border + PAGE;
  if (key === "Home") return 0;
  if (key === "End") return 1;
  return null;
}
