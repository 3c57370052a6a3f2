import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../texts";

// What the live region of the shell says: the heading of the screen that has just appeared.
export const announcement = signal("");

let screens = 0;

// A screen's one heading. It names the page, and takes the focus when the screen appears, so that the keyboard and a
// screen reader go on from there; not on the first screen, where the browser itself begins at the top.
export function Heading({ children }: { children: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${children} · ${t.name}`;
    screens += 1;
    if (screens === 1) return;
    announcement.value = children;
    heading.current?.focus({ preventScroll: true });
  }, [children]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}
