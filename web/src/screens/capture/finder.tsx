import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { BlobImage } from "../../parts/photo";
import { t } from "../../texts";
import { type Camera, setTorch } from "./camera";
import { OUTLINE_RADIUS } from "./measures";

interface Props {
  video: RefObject<HTMLVideoElement | null>;
  camera: Camera | null;
  hint: string | null;
  good: boolean;
  left: number | null;
  ghost: Blob | undefined;
  ghostShare: number;
  onSeen: (seen: boolean) => void;
  onLens: () => void;
}

// The live picture with the outline, the previous photo over it, and the hint.
export function Finder(props: Props) {
  const { video, camera, hint, good, left } = props;
  useEffect(() => {
    if (!video.current) return;
    video.current.srcObject = camera?.stream ?? null;
    // Refused only when the screen is left at once.
    if (camera) void video.current.play().catch(() => {});
  }, [video, camera]);
  return (
    <div class="finder">
      <div class={camera?.facesUser ? "seen mirrored" : "seen"}>
        <video
          ref={video}
          aria-label={t.capture.preview}
          muted
          playsInline
          disablePictureInPicture
          onLoadedData={() => props.onSeen(true)}
          onEmptied={() => props.onSeen(false)}
        />
        {camera && props.ghost && (
          <div
            class="ghost"
            ref={(element) => element?.style.setProperty("opacity", String(props.ghostShare))}
          >
            <BlobImage blob={props.ghost} alt="" />
          </div>
        )}
      </div>
      {camera ? (
        <>
          <svg class={good ? "outline good" : "outline"} viewBox="0 0 100 100" aria-hidden="true">
            <circle cx="50" cy="50" r={100 * OUTLINE_RADIUS} />
          </svg>
          <Tools key={camera.deviceId} camera={camera} onLens={props.onLens} />
        </>
      ) : (
        <p class="asking">{t.capture.asking}</p>
      )}
      {left !== null ? (
        <p class="left" aria-hidden="true">
          {left}
        </p>
      ) : (
        hint && (
          // Read out by the live region of the shell.
          <p class={good ? "hint good" : "hint"} aria-hidden="true">
            {good && (
              <svg viewBox="0 0 24 24" aria-hidden="true">
                <path d="M5 13l5 5 9-11" />
              </svg>
            )}
            {hint}
          </p>
        )
      )}
    </div>
  );
}

// Light and lens, where the phone has them.
function Tools({ camera, onLens }: { camera: Camera; onLens: () => void }) {
  const [lit, setLit] = useState(false);
  const { lenses } = camera;
  return (
    <div class="tools">
      {camera.hasTorch && (
        <button
          type="button"
          class="tool"
          aria-label={t.capture.torch}
          aria-pressed={lit}
          onClick={() => void setTorch(camera, !lit).then(setLit)}
        >
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M13 3L6 13h5l-1 8 8-11h-6z" />
          </svg>
        </button>
      )}
      {lenses.length > 1 && (
        <button
          type="button"
          class="tool"
          aria-label={t.capture.lens(lenses.indexOf(camera.deviceId) + 1, lenses.length)}
          onClick={onLens}
        >
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M4 9a8 8 0 0 1 14-3l2 2M20 4v4h-4M20 15a8 8 0 0 1-14 3l-2-2M4 20v-4h4" />
          </svg>
        </button>
      )}
    </div>
  );
}
