import { describe, expect, it } from "vitest";
import { choosePlace, FAST_ENOUGH_MS } from "../../src/phone/choice";

const means = { chosen: null, photo_ms: undefined, online: true };

describe("where a photo is analysed", () => {
  it("is the server until the model is here", () => {
    expect(choosePlace(means)).toEqual({ place: "server", why: "no_model" });
    expect(choosePlace({ ...means, online: false })).toEqual({ place: "server", why: "no_model" });
  });

  it("is a phone that is fast enough, with or without a network", () => {
    for (const online of [true, false])
      expect(choosePlace({ ...means, online, photo_ms: FAST_ENOUGH_MS })).toEqual({
        place: "phone",
        why: "fast",
      });
  });

  it("is a slow phone only without a network", () => {
    const slow = { ...means, photo_ms: FAST_ENOUGH_MS + 1 };
    expect(choosePlace(slow)).toEqual({ place: "server", why: "slow" });
    expect(choosePlace({ ...slow, online: false })).toEqual({ place: "phone", why: "offline" });
  });

  it("is never a phone that failed", () => {
    for (const online of [true, false])
      expect(choosePlace({ ...means, online, photo_ms: null })).toEqual({ place: "server", why: "failed" });
  });

  it("is what the person chose, whatever there is", () => {
    for (const chosen of ["phone", "server"] as const)
      for (const photo_ms of [undefined, null, 1, 9000])
        expect(choosePlace({ chosen, photo_ms, online: false })).toEqual({ place: chosen, why: "chosen" });
  });
});
