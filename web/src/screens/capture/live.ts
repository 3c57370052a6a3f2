// The camera as long as the screen is seen, and what the frames say.
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Camera, type CameraCode, CameraTrouble, closeCamera, openCamera } from "./camera";
import { framer } from "./frame";
import { judge, type Rule } from "./hints";
import { look, NOTHING_SEEN, type Release } from "./release";

export type Live =
  | { state: "asking" }
  | { state: "live"; camera: Camera }
  | { state: "blocked"; code: CameraCode | "stopped" };

// The camera is open only while the screen is seen: left, hidden or locked, every track is stopped.
export function useCamera() {
  const [live, setLive] = useState<Live>({ state: "asking" });
  const [wanted, setWanted] = useState<{ deviceId?: string | undefined }>({});
  useEffect(() => {
    let camera: Camera | null = null;
    // Grows with each opening and closing, so that a camera that comes too late is closed at once.
    let turn = 0;
    const open = async () => {
      const mine = ++turn;
      setLive({ state: "asking" });
      try {
        const opened = await openCamera(wanted.deviceId);
        if (mine !== turn) return closeCamera(opened);
        camera = opened;
        // Another app took it, or it was unplugged.
        opened.track.addEventListener("ended", () => {
          close();
          setLive({ state: "blocked", code: "stopped" });
        });
        setLive({ state: "live", camera: opened });
      } catch (error) {
        if (!(error instanceof CameraTrouble)) throw error;
        if (mine === turn) setLive({ state: "blocked", code: error.code });
      }
    };
    const close = () => {
      turn += 1;
      if (camera) closeCamera(camera);
      camera = null;
    };
    const follow = () => {
      if (document.visibilityState === "hidden") close();
      else if (!camera) void open();
    };
    follow();
    document.addEventListener("visibilitychange", follow);
    addEventListener("pagehide", close);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      removeEventListener("pagehide", close);
      close();
    };
  }, [wanted]);
  return { live, reopen: (deviceId?: string) => setWanted({ deviceId }) };
}

// About five looks a second, fewer where they would take more than a fifth of the time.
const LOOK_MS = 200;
const REST = 4;

// Looks at the live picture by `rules` while `on`, and calls `onRelease` when the picture is to be taken.
export function useLooks(
  video: RefObject<HTMLVideoElement | null>,
  rules: readonly Rule[],
  on: boolean,
  automatic: boolean,
  onRelease: () => void,
): Release {
  const [release, setRelease] = useState(NOTHING_SEEN);
  const latest = useRef({ automatic, onRelease });
  latest.current = { automatic, onRelease };
  useEffect(() => {
    if (!on) return;
    const hints = judge(rules);
    const frame = framer();
    let state = NOTHING_SEEN;
    let timer: ReturnType<typeof setTimeout>;
    const step = () => {
      const begun = performance.now();
      const pixels = video.current && frame(video.current);
      if (pixels) {
        state = look(state, hints(pixels)[0], begun, latest.current.automatic);
        setRelease(state);
        if (state.releases) return latest.current.onRelease();
      }
      timer = setTimeout(step, Math.max(LOOK_MS, REST * (performance.now() - begun)));
    };
    step();
    return () => {
      clearTimeout(timer);
      setRelease(NOTHING_SEEN);
    };
  }, [video, rules, on]);
  return release;
}

// Keeps the screen from going dark while `on`. The browser ends it when the page is hidden.
export function useWakeLock(on: boolean): void {
  useEffect(() => {
    if (!on || !("wakeLock" in navigator)) return;
    // Refused when the battery is low; the picture can be taken all the same.
    const lock = navigator.wakeLock.request("screen").catch(() => null);
    return () => void lock.then((held) => held?.release());
  }, [on]);
}
