import { describe, expect, it } from "vitest";
import type { Hint } from "../../src/screens/capture/hints";
import { look, NOTHING_SEEN, type Release } from "../../src/screens/capture/release";

// Five looks a second at what `seen` says for each second; returns every state with its time in seconds.
function watch(seen: readonly (Hint | undefined)[], automatic = true): { at: number; state: Release }[] {
  let state = NOTHING_SEEN;
  return seen.map((hint, step) => {
    state = look(state, hint, 200 * step, automatic);
    return { at: step / 5, state };
  });
}

function times<T>(count: number, value: T): T[] {
  return Array<T>(count).fill(value);
}

const GOOD = undefined;
const releasedAt = (states: ReturnType<typeof watch>) => states.find(({ state }) => state.releases)?.at;

describe("release", () => {
  it("releases after a second of good frames, and a moment to aim", () => {
    const states = watch(times(20, GOOD));
    expect(releasedAt(states)).toBeCloseTo(2.6, 5);
    expect(
      states.map(({ state }) => state.progress).filter((one) => one > 0 && one < 1).length,
    ).toBeGreaterThan(2);
  });

  it("never releases by itself when that is turned off", () => {
    const states = watch(times(60, GOOD), false);
    expect(releasedAt(states)).toBeUndefined();
    expect(states.at(-1)?.state).toMatchObject({ shown: "good", progress: 0 });
  });

  it("begins anew when one frame is not good", () => {
    const states = watch([...times(12, GOOD), "moving", ...times(12, GOOD)] as const);
    expect(states[11]?.state.progress).toBeGreaterThan(0.5);
    expect(states[12]?.state.progress).toBe(0);
    expect(releasedAt(states)).toBeCloseTo(13 / 5 + 1, 5);
  });

  it("never releases while something is wrong", () => {
    expect(releasedAt(watch(times(100, "too_dark")))).toBeUndefined();
  });

  it("tells nothing from one frame, then keeps a hint long enough to be read", () => {
    const states = watch(["moving", ...times(3, "too_far" as const), ...times(9, "blurred" as const)]);
    const shown = states.map(({ state }) => state.shown);
    expect(shown.slice(0, 3)).toEqual([null, null, null]);
    expect(shown[3]).toBe("too_far");
    expect(shown[8]).toBe("too_far");
    expect(shown[9]).toBe("blurred");
  });

  it("does not flicker when two hints take turns", () => {
    const states = watch(Array.from({ length: 50 }, (_, step) => (step % 2 ? "too_far" : "blurred")));
    expect(new Set(states.map(({ state }) => state.shown)).size).toBe(1);
  });
});
