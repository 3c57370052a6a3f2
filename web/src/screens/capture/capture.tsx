import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { QualityRule } from "../../api/client";
import { bundleNamed, chosenBundle } from "../../bundles";
import { addPhoto, beginDraft, MOST_PHOTOS, NotReadable, openDraft } from "../../draft";
import { announcement, Heading } from "../../parts/heading";
import { go, goBack } from "../../router";
import type { Crop, Photo } from "../../storage/records";
import { photosOf } from "../../storage/spots";
import { orTell } from "../../storage/trouble";
import { t } from "../../texts";
import type { ScreenProps } from "../screens";
import { Blocked } from "./blocked";
import { type Camera, CameraTrouble, nextLens, takePhoto } from "./camera";
import { Controls } from "./controls";
import { prepareVoice, type Seconds, useCountdown } from "./countdown";
import { Finder } from "./finder";
import { cropOf, finderSize, videoSize } from "./frame";
import { rulesOf } from "./hints";
import { useCamera, useLooks, useWakeLock } from "./live";
import { usePreferences } from "./preferences";
import type { Shown } from "./release";

// The camera: "#/capture" for a new spot, "#/capture/spot/ID" for the next photo of a spot that is followed, and
// "#/capture/more" for another photo of the spot in hand.
export function Capture({ rest }: ScreenProps) {
  const more = rest[0] === "more";
  const taken = more ? (openDraft.value?.photos.length ?? 0) : 0;
  const possible = !more || (taken > 0 && taken < MOST_PHOTOS);
  useEffect(() => {
    if (!possible) go("/", { replace: true });
  }, [possible]);
  if (!possible) return null;
  const spotId = more ? (openDraft.value?.spotId ?? null) : rest[0] === "spot" ? (rest[1] ?? null) : null;

  const use = async (photo: Blob, crop?: Crop) => {
    try {
      await (more ? addPhoto(photo, crop) : beginDraft(photo, spotId, crop));
    } catch (error) {
      if (!(error instanceof NotReadable)) throw error;
      return go("/trouble/heif");
    }
    if (more) goBack("/review");
    else go("/review");
  };
  const asked = bundleNamed(more ? (openDraft.value?.bundle ?? null) : chosenBundle.value);
  return (
    <CameraScreen number={taken + 1} spotId={spotId} quality={asked?.quality ?? NO_RULES} onPhoto={use} />
  );
}

const NO_RULES: readonly QualityRule[] = [];

interface Props {
  number: number;
  spotId: string | null;
  // What the card of the model that is asked calls a good photo.
  quality: readonly QualityRule[];
  onPhoto: (photo: Blob, crop?: Crop) => Promise<void>;
}

function CameraScreen({ number, spotId, quality, onPhoto }: Props) {
  const { live, reopen } = useCamera();
  const [preferences, prefer] = usePreferences();
  const [seconds, setSeconds] = useState<Seconds>(0);
  const [taking, setTaking] = useState(false);
  // Whether the video has a frame: the camera is there a moment earlier than its picture.
  const [seen, setSeen] = useState(false);
  const rules = useMemo(() => rulesOf(quality), [quality]);
  const video = useRef<HTMLVideoElement>(null);
  const previous = usePrevious(spotId);
  const camera = live.state === "live" ? live.camera : null;
  const busy = useRef(false);
  const left = useRef(false);
  useEffect(() => {
    prepareVoice();
    return () => {
      left.current = true;
    };
  }, []);

  const take = async () => {
    if (!camera || !video.current?.videoWidth || busy.current) return;
    busy.current = true;
    setTaking(true);
    navigator.vibrate?.(40);
    const crop = cropOf(videoSize(video.current), finderSize(video.current));
    try {
      // What is seen stands still, so that it is plain what was taken.
      video.current.pause();
      const photo = await takePhoto(camera, video.current);
      if (!left.current) await onPhoto(photo, crop);
    } catch (error) {
      if (!(error instanceof CameraTrouble)) throw error;
      reopen();
    } finally {
      busy.current = false;
      setTaking(false);
      void video.current?.play().catch(() => {});
    }
  };
  const countdown = useCountdown(() => void take());
  const counting = countdown.left !== null;
  const automatic = preferences?.automatic === true && seconds === 0;
  const release = useLooks(
    video,
    rules,
    camera !== null && !taking && !counting,
    automatic,
    () => void take(),
  );
  useWakeLock(camera !== null);
  const told = counting || taking ? null : hintText(release.shown, camera, automatic);
  useAnnounced(told);

  if (live.state === "blocked")
    return <Blocked code={live.code} onAgain={() => reopen()} onFile={(file) => void onPhoto(file)} />;
  return (
    <section class="capture-body">
      <Finder
        video={video}
        camera={camera}
        hint={told}
        good={release.shown === "good"}
        left={countdown.left}
        ghost={previous?.blob}
        ghostShare={(preferences?.ghost ?? 0) / 100}
        onSeen={setSeen}
        onLens={() => camera && void nextLens(camera).then(reopen)}
      />
      <div class="capture-side">
        <div class="capture-title">
          <Heading>{t.capture.title}</Heading>
          <p class="lead">{t.capture.lead}</p>
        </div>
        {number > 1 && <p class="capture-number">{t.capture.number(number, MOST_PHOTOS)}</p>}
        <Controls
          camera={camera}
          ready={seen && !taking}
          progress={release.progress}
          left={countdown.left}
          seconds={seconds}
          automatic={preferences?.automatic ?? true}
          ghost={previous && preferences ? preferences.ghost : null}
          onShoot={() => (counting ? countdown.stop() : seconds ? countdown.start(seconds) : void take())}
          onSeconds={setSeconds}
          onAutomatic={(on) => prefer({ automatic: on })}
          onGhost={(share) => prefer({ ghost: share })}
          onFile={(file) => void onPhoto(file)}
        />
      </div>
      <p class="sr-only" role="status">
        {taking ? t.capture.taking : counting ? t.capture.left(seconds) : ""}
      </p>
    </section>
  );
}

function hintText(shown: Shown | null, camera: Camera | null, automatic: boolean): string | null {
  if (!shown) return null;
  if (shown === "good" && !automatic) return t.capture.goodByHand;
  if (shown === "too_far" && camera?.zoom) return t.capture.closerByZoom;
  return t.capture.hints[shown];
}

// Between two hints a screen reader has the time to say one.
const SAY_MS = 2500;

// Says what is told, politely, and not more often than it can be listened to.
function useAnnounced(told: string | null): void {
  const last = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (!told) return;
    const wait = Math.max(0, last.current + SAY_MS - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      announcement.value = told;
    }, wait);
    return () => clearTimeout(timer);
  }, [told]);
}

// The newest photo of the spot, to line up with.
function usePrevious(spotId: string | null): Photo | undefined {
  const [previous, setPrevious] = useState<Photo>();
  useEffect(() => {
    if (spotId) void orTell(photosOf(spotId)).then((photos) => setPrevious(photos?.pop()));
  }, [spotId]);
  return previous;
}
