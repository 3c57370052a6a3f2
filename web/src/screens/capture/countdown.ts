// The timer for places that are hard to reach: counts down aloud, or by tones, and by vibrating.
import { useEffect, useRef, useState } from "preact/hooks";
import { language } from "../../texts";

export const TIMES_S = [0, 3, 10] as const;
export type Seconds = (typeof TIMES_S)[number];

export interface Countdown {
  // Seconds left; null when none runs.
  left: number | null;
  start: (seconds: number) => void;
  stop: () => void;
}

export function useCountdown(onDone: () => void): Countdown {
  const [left, setLeft] = useState<number | null>(null);
  const done = useRef(onDone);
  done.current = onDone;
  useEffect(() => {
    if (left === null) return;
    if (left === 0) {
      setLeft(null);
      done.current();
      return;
    }
    tell(left);
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  useEffect(() => hush, []);
  return {
    left,
    start: setLeft,
    stop: () => {
      setLeft(null);
      hush();
    },
  };
}

function tell(left: number): void {
  navigator.vibrate?.(left <= 3 ? 120 : 40);
  const voice = ownVoice();
  if (!voice) {
    tone(left <= 3 ? 880 : 660);
    return;
  }
  const number = new SpeechSynthesisUtterance(String(left));
  number.voice = voice;
  number.lang = voice.lang;
  speechSynthesis.cancel();
  speechSynthesis.speak(number);
}

// Only a voice of the device itself: others send what they say to a company.
function ownVoice(): SpeechSynthesisVoice | undefined {
  if (!("speechSynthesis" in globalThis)) return undefined;
  return speechSynthesis.getVoices().find((one) => one.localService && one.lang.startsWith(language.value));
}

function hush(): void {
  if ("speechSynthesis" in globalThis) speechSynthesis.cancel();
}

// Voices are listed only some time after they were first asked for.
export function prepareVoice(): void {
  ownVoice();
}

let audio: AudioContext | undefined;

function tone(hertz: number): void {
  audio ??= new AudioContext();
  void audio.resume();
  const oscillator = audio.createOscillator();
  const volume = audio.createGain();
  oscillator.frequency.value = hertz;
  // Without a fade, it clicks.
  volume.gain.setValueAtTime(0.2, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.18);
  oscillator.connect(volume).connect(audio.destination);
  oscillator.start();
  oscillator.stop(audio.currentTime + 0.2);
}
