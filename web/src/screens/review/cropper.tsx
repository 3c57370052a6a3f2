import { useEffect, useRef, useState } from "preact/hooks";
import { clamp, leastSide, pan, type Size, sidePx, zoom } from "../../crop";
import { changePhoto } from "../../draft";
import { useBlobUrl } from "../../parts/photo";
import { usePointers } from "../../parts/pointers";
import type { Crop, DraftPhoto } from "../../storage/records";
import { t } from "../../texts";

const STEP = 0.05;
const ZOOM_STEP = 1.15;

// The photo in a square window: what is in the window is what is looked at. Moved and zoomed by finger, mouse, wheel
// and keyboard.
export function Cropper({ photo, busy }: { photo: DraftPhoto; busy: boolean }) {
  const url = useBlobUrl(photo.file);
  const [size, setSize] = useState<Size | null>(null);
  const [failed, setFailed] = useState(false);
  const [crop, setCrop] = useState(photo.crop);
  const frame = useRef<HTMLDivElement>(null);
  const change = (next: Crop) => {
    setCrop(next);
    void changePhoto(photo.id, { crop: next });
  };
  const moves = useGestures(crop, size, change);
  useWheel(frame, (factor, x, y) => size && change(zoom(crop, factor, size, x, y)));

  if (failed)
    return (
      <div class="photo no-preview">
        <p>{t.review.noPreview}</p>
      </div>
    );
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would group inputs, and this is one control */}
      <div
        ref={frame}
        class={busy ? "photo cropper busy" : "photo cropper"}
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move what it holds
        tabIndex={0}
        aria-label={t.review.cropKeys}
        {...moves}
      >
        <img
          src={url}
          alt={t.review.photoAlt}
          draggable={false}
          style={size ? position(crop, size) : { opacity: 0 }}
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => {
            const found = { width: naturalWidth, height: naturalHeight };
            setSize(found);
            setCrop(clamp(crop, found));
          }}
          onError={() => setFailed(true)}
        />
        <svg viewBox="0 0 100 100" aria-hidden="true">
          <path d="M4 14V8q0-4 4-4h6M86 4h6q4 0 4 4v6M96 86v6q0 4-4 4h-6M14 96H8q-4 0-4-4v-6" />
        </svg>
      </div>
      {size && leastSide(size) < 1 && (
        <label class="slider zoom">
          <span>{t.review.zoom}</span>
          <input
            type="range"
            min="0"
            max="100"
            value={toSlider(crop.side, leastSide(size))}
            onInput={(event) => {
              const side = fromSlider(Number(event.currentTarget.value), leastSide(size));
              change(zoom(crop, crop.side / side, size));
            }}
          />
        </label>
      )}
      <p class="soft caption">{t.review.cropHelp}</p>
    </>
  );
}

// As percentages of the window, so that it may have any size.
function position(crop: Crop, size: Size) {
  const px = sidePx(crop, size);
  return {
    width: `${(100 * size.width) / px}%`,
    height: `${(100 * size.height) / px}%`,
    left: `${50 - (100 * crop.x * size.width) / px}%`,
    top: `${50 - (100 * crop.y * size.height) / px}%`,
  };
}

// Even steps of the slider are even factors of zoom.
function toSlider(side: number, least: number): number {
  return (100 * Math.log(side)) / Math.log(least);
}

function fromSlider(value: number, least: number): number {
  return least ** (value / 100);
}

// One finger moves, two zoom; the keyboard does both.
function useGestures(crop: Crop, size: Size | null, change: (next: Crop) => void) {
  const pointers = usePointers(({ before, now, other, box }) => {
    if (!size) return;
    if (!other) {
      change(pan(crop, (before.x - now.x) / box.width, (before.y - now.y) / box.height, size));
      return;
    }
    const factor =
      Math.hypot(now.x - other.x, now.y - other.y) /
      Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    change(zoom(crop, factor, size, (middle.x - box.left) / box.width, (middle.y - box.top) / box.height));
  });
  return {
    ...pointers,
    onKeyDown(event: KeyboardEvent) {
      const next = size && byKey(event.key, crop, size);
      if (!next) return;
      event.preventDefault();
      change(next);
    },
  };
}

function byKey(key: string, crop: Crop, size: Size): Crop | null {
  if (key === "ArrowLeft") return pan(crop, -STEP, 0, size);
  if (key === "ArrowRight") return pan(crop, STEP, 0, size);
  if (key === "ArrowUp") return pan(crop, 0, -STEP, size);
  if (key === "ArrowDown") return pan(crop, 0, STEP, size);
  if (key === "+" || key === "=") return zoom(crop, ZOOM_STEP, size);
  if (key === "-") return zoom(crop, 1 / ZOOM_STEP, size);
  return null;
}

// Preact's own wheel listener is passive and could not stop the page from scrolling.
function useWheel(
  frame: { current: HTMLElement | null },
  onZoom: (factor: number, x: number, y: number) => void,
) {
  const latest = useRef(onZoom);
  latest.current = onZoom;
  useEffect(() => {
    const element = frame.current;
    const turned = (event: WheelEvent) => {
      event.preventDefault();
      const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
      const at = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height] as const;
      latest.current(Math.exp(-event.deltaY / 500), ...at);
    };
    element?.addEventListener("wheel", turned, { passive: false });
    return () => element?.removeEventListener("wheel", turned);
  }, []);
}
