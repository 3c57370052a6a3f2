import { FileButton } from "../../parts/files";
import { Heading } from "../../parts/heading";
import { t } from "../../texts";
import type { CameraCode } from "./camera";

interface Props {
  code: CameraCode | "stopped";
  onAgain: () => void;
  onFile: (file: File) => void;
}

// Why there is no live picture, and the other ways to one.
export function Blocked({ code, onAgain, onFile }: Props) {
  const { title, text } = t.capture.blocked[code];
  // A desktop has no camera app of its own: there, a file is the way.
  const hasCameraApp = matchMedia("(pointer: coarse)").matches;
  return (
    <section class="blocked-body">
      <svg class="blocked-mark" viewBox="0 0 96 96" aria-hidden="true">
        <path d="M18 34q0-6 6-6h10l6-8h16l6 8h10q6 0 6 6v34q0 6-6 6H24q-6 0-6-6z" />
        <circle cx="48" cy="50" r="13" />
        <path d="M20 80L78 16" />
      </svg>
      <Heading>{title}</Heading>
      <p class="lead">{text}</p>
      <div class="actions">
        {hasCameraApp && (
          <FileButton label={t.capture.phoneCamera} capture class="button primary" onFile={onFile} />
        )}
        <FileButton
          label={t.capture.chooseLong}
          class={hasCameraApp ? "button" : "button primary"}
          onFile={onFile}
        />
        {code !== "insecure" && (
          <button type="button" class="button" onClick={onAgain}>
            {t.capture.again}
          </button>
        )}
      </div>
    </section>
  );
}
