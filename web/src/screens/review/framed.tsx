import { useState } from "preact/hooks";
import { t } from "../../texts";

// The whole photo, with the square in its middle marked: the model sees no more than that.
export function FramedPhoto({ url, onError }: { url: string | undefined; onError: () => void }) {
  const [ratio, setRatio] = useState(1);
  return (
    <div class="framed" style={{ "--ratio": String(ratio) }}>
      <img
        src={url}
        alt={t.review.photoAlt}
        onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
          setRatio(naturalWidth / naturalHeight)
        }
        onError={onError}
      />
      {/* A square view box, fitted and centred, is the centre square of whatever shape it lies on. */}
      <svg viewBox="0 0 100 100" aria-hidden="true">
        <path class="veil" d="M-2000-2000h4100v4100h-4100zM0 0v100h100v-100z" />
        <rect class="frame-square" width="100" height="100" />
        <path
          class="frame-corners"
          d="M3 15V7q0-4 4-4h8M85 3h8q4 0 4 4v8M97 85v8q0 4-4 4h-8M15 97H7q-4 0-4-4v-8"
        />
      </svg>
    </div>
  );
}
