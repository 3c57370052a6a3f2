import { useEffect, useRef, useState } from "preact/hooks";
import type { Assessment } from "../../api/client";
import { BlobImage } from "../../parts/photo";
import { t } from "../../texts";
import { toOverlay } from "./overlay";

type Evidence = NonNullable<Assessment["evidence"]>;

// The photo's centre square, which is what the model saw, with what spoke for the diagnosis laid over it.
export function EvidencePhoto(props: { evidence: Evidence; name: string; blob: Blob | undefined }) {
  const { evidence, name, blob } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [strength, setStrength] = useState(70);
  const values = evidence.map.values;
  useEffect(() => {
    if (canvas.current) draw(canvas.current, values);
  }, [values]);
  const any = values.some((row) => row.some((value) => value > 0));
  return (
    <section>
      <h2>{t.result.mapTitle}</h2>
      <div class="photo square">
        <BlobImage blob={blob} alt={t.result.mapAlt} />
        <canvas ref={canvas} style={{ opacity: strength / 100 }} />
      </div>
      <p class="soft">{any ? t.result.mapLead(name) : t.result.mapNone(name)}</p>
      {any && (
        <label class="slider">
          <span>{t.result.mapStrength}</span>
          <input
            type="range"
            min="0"
            max="100"
            value={strength}
            onInput={(event) => setStrength(Number(event.currentTarget.value))}
          />
        </label>
      )}
    </section>
  );
}

function draw(canvas: HTMLCanvasElement, values: readonly (readonly number[])[]): void {
  const context = canvas.getContext("2d");
  const overlay = toOverlay(values);
  if (!context || overlay.width === 0) return;
  canvas.width = overlay.width;
  canvas.height = overlay.height;
  context.putImageData(new ImageData(overlay.pixels, overlay.width, overlay.height), 0, 0);
}
