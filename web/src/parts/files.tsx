import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ACCEPTED } from "../formats";

interface Props {
  label: ComponentChildren;
  onFile: (file: File) => void;
  capture?: boolean;
  class?: string;
}

// A file input dressed as a button: the input itself keeps keyboard and screen-reader behaviour.
export function FileButton(props: Props) {
  const input = useRef<HTMLInputElement>(null);
  const chosen = () => {
    const file = input.current?.files?.[0];
    if (file) props.onFile(file);
    // The same file may be chosen once more.
    if (input.current) input.current.value = "";
  };
  return (
    <label class={props.class ?? "button"}>
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

// Takes an image that is pasted or dropped anywhere on the page; returns whether one is being dragged over it.
export function usePasteAndDrop(onFile: (file: File) => void): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(onFile);
  latest.current = onFile;
  useEffect(() => {
    const take = (files: FileList | undefined, image: boolean) => {
      const file = [...(files ?? [])].find((one) => !image || one.type.startsWith("image/"));
      if (file) latest.current(file);
    };
    const listeners: [string, (event: Event) => void][] = [
      ["paste", (event) => take((event as ClipboardEvent).clipboardData?.files, true)],
      [
        "dragover",
        (event) => {
          event.preventDefault();
          setOver(true);
        },
      ],
      [
        "dragleave",
        (event) => {
          if (!(event as DragEvent).relatedTarget) setOver(false);
        },
      ],
      [
        "drop",
        (event) => {
          event.preventDefault();
          setOver(false);
          take((event as DragEvent).dataTransfer?.files, false);
        },
      ],
    ];
    for (const [name, listener] of listeners) document.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of listeners) document.removeEventListener(name, listener);
    };
  }, []);
  return over;
}
