import { useEffect, useRef, useState } from "preact/hooks";
import { ACCEPTED } from "../../formats";
import { Heading } from "../../parts/heading";
import { choose } from "../../state";
import { t } from "../../texts";

let visited = false;

export function Start() {
  const first = !visited;
  visited = true;
  usePaste();
  const drop = useDrop();
  return (
    <section class={drop.over ? "start-body over" : "start-body"} {...drop.handlers}>
      <div class="intro">
        <Heading focus={!first}>{t.start.title}</Heading>
        <p class="lead">{t.start.lead}</p>
        <div class="actions">
          <FileButton label={t.start.take} capture primary />
          <FileButton label={t.start.choose} />
          <p class="drop-hint">{t.start.drop}</p>
        </div>
      </div>
      <aside class="tips">
        <Frame />
        <h2>{t.start.tipsTitle}</h2>
        <ul>
          {t.start.tips.map((tip) => (
            <li key={tip}>{tip}</li>
          ))}
        </ul>
      </aside>
      <div class="notes">
        <p>{t.start.privacy}</p>
        <p>{t.start.urgent}</p>
      </div>
    </section>
  );
}

// A file input dressed as a button: the input itself keeps keyboard and screen-reader behaviour.
function FileButton(props: { label: string; capture?: boolean; primary?: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  const chosen = () => {
    const file = input.current?.files?.[0];
    if (file) void choose(file);
  };
  return (
    <label class={props.primary ? "button primary" : "button"}>
      {props.label}
      <input
        ref={input}
        type="file"
        // Android opens its camera only for exactly this; where there is none, "capture" is ignored and files are offered.
        accept={props.capture && matchMedia("(pointer: coarse)").matches ? "image/*" : ACCEPTED}
        {...(props.capture ? { capture: "environment" } : {})}
        onChange={chosen}
      />
    </label>
  );
}

function Frame() {
  return (
    <svg class="frame" viewBox="0 0 120 120" aria-hidden="true">
      <rect width="120" height="120" rx="20" class="skin" />
      <path class="spot" d="M62 40c13-1 22 8 22 20s-9 23-23 22c-13-1-22-9-21-22 1-12 10-19 22-20z" />
      <path
        class="corners"
        d="M20 38V26q0-6 6-6h12M82 20h12q6 0 6 6v12M100 82v12q0 6-6 6H82M38 100H26q-6 0-6-6V82"
      />
    </svg>
  );
}

function usePaste() {
  useEffect(() => {
    const pasted = (event: ClipboardEvent) => {
      const file = [...(event.clipboardData?.files ?? [])].find((one) => one.type.startsWith("image/"));
      if (file) void choose(file);
    };
    addEventListener("paste", pasted);
    return () => removeEventListener("paste", pasted);
  }, []);
}

function useDrop() {
  const [over, setOver] = useState(false);
  const handlers = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (file) void choose(file);
    },
  };
  return { over, handlers };
}
