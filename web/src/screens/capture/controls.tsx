import { useState } from "preact/hooks";
import { FileButton } from "../../parts/files";
import { t } from "../../texts";
import { type Camera, setZoom, type Zoom } from "./camera";
import { type Seconds, TIMES_S } from "./countdown";

interface Props {
  camera: Camera | null;
  // Whether a picture can be taken now.
  ready: boolean;
  progress: number;
  left: number | null;
  seconds: Seconds;
  automatic: boolean;
  // How much of the previous photo shows; null when there is none.
  ghost: number | null;
  onShoot: () => void;
  onSeconds: (seconds: Seconds) => void;
  onAutomatic: (on: boolean) => void;
  onGhost: (share: number) => void;
  onFile: (file: File) => void;
}

export function Controls(props: Props) {
  const { camera, seconds, left } = props;
  const next = TIMES_S[(TIMES_S.indexOf(seconds) + 1) % TIMES_S.length] ?? 0;
  const set = seconds ? t.capture.seconds(seconds) : t.capture.timerOff;
  return (
    <div class="capture-controls">
      {camera?.zoom && <ZoomSlider key={camera.deviceId} camera={camera} zoom={camera.zoom} />}
      {props.ghost !== null && (
        <label class="slider zoom">
          <span>{t.capture.ghost}</span>
          <input
            type="range"
            min="0"
            max="80"
            value={props.ghost}
            onInput={(event) => props.onGhost(Number(event.currentTarget.value))}
          />
        </label>
      )}
      <div class="shutter-row">
        <FileButton
          class="beside"
          onFile={props.onFile}
          label={<Labelled path={PICTURES} label={t.capture.choose} />}
        />
        <button
          type="button"
          class={left === null ? "shutter" : "shutter stop"}
          disabled={!camera || !props.ready}
          aria-label={left === null ? t.capture.shoot : t.capture.stop}
          onClick={props.onShoot}
        >
          <Ring progress={left === null ? props.progress : 1 - left / (seconds || 1)} />
        </button>
        <button
          type="button"
          class="beside"
          disabled={left !== null}
          aria-pressed={seconds > 0}
          aria-label={`${t.capture.timer}: ${set}`}
          onClick={() => props.onSeconds(next)}
        >
          <Labelled path={CLOCK} label={seconds ? set : t.capture.timer} />
        </button>
      </div>
      <label class="switch">
        <input
          type="checkbox"
          checked={props.automatic}
          disabled={seconds > 0}
          onChange={(event) => props.onAutomatic(event.currentTarget.checked)}
        />
        <span>{t.capture.automatic}</span>
      </label>
    </div>
  );
}

const PICTURES = "M5 5h14v14H5zM5 16l4-4 3 3 4-5 3 4";
const CLOCK = "M12 8v5l3 2M12 21a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM10 2h4";

function Labelled({ path, label }: { path: string; label: string }) {
  return (
    <>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d={path} />
      </svg>
      <span>{label}</span>
    </>
  );
}

// Fills before the picture is taken by itself, so that nobody is surprised.
function Ring({ progress }: { progress: number }) {
  return (
    <svg viewBox="0 0 84 84" aria-hidden="true">
      <circle class="track" cx="42" cy="42" r="38" />
      <circle class="filled" cx="42" cy="42" r="38" pathLength={1} stroke-dasharray={`${progress} 1`} />
      <circle class="knob" cx="42" cy="42" r="30" />
      <rect class="knob" x="28" y="28" width="28" height="28" rx="6" />
    </svg>
  );
}

function ZoomSlider({ camera, zoom }: { camera: Camera; zoom: Zoom }) {
  const [value, setValue] = useState(zoom.value);
  return (
    <label class="slider zoom">
      <span>{t.capture.zoom}</span>
      <input
        type="range"
        min={zoom.min}
        max={zoom.max}
        step={zoom.step}
        value={value}
        onInput={(event) => {
          const wanted = Number(event.currentTarget.value);
          setValue(wanted);
          void setZoom(camera, wanted);
        }}
      />
    </label>
  );
}
