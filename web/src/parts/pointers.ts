import { useRef } from "preact/hooks";

export interface Point {
  x: number;
  y: number;
}

// What moved: one finger from `before` to `now`, while the `other`, where there is one, stood still.
export interface Move {
  before: Point;
  now: Point;
  other: Point | undefined;
  box: DOMRect;
}

// Handlers that follow up to two fingers, or the mouse, over the element that has them.
export function usePointers(onMove: (move: Move) => void) {
  const pointers = useRef(new Map<number, Point>());
  const forget = (event: PointerEvent) => {
    pointers.current.delete(event.pointerId);
  };
  return {
    onPointerDown(event: PointerEvent & { currentTarget: HTMLElement }) {
      event.currentTarget.setPointerCapture(event.pointerId);
      pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    },
    onPointerMove(event: PointerEvent & { currentTarget: HTMLElement }) {
      const before = pointers.current.get(event.pointerId);
      if (!before) return;
      const now = { x: event.clientX, y: event.clientY };
      const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
      pointers.current.set(event.pointerId, now);
      onMove({ before, now, other, box: event.currentTarget.getBoundingClientRect() });
    },
    onPointerUp: forget,
    onPointerCancel: forget,
  };
}
