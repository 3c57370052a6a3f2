import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

// A screen's heading. It takes the focus when the screen appears, so that a screen reader begins there.
export function Heading({ children, focus = true }: { children: ComponentChildren; focus?: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focus) heading.current?.focus({ preventScroll: true });
  }, [focus]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}
