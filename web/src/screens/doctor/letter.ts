// The letter to the doctor, kept until everything is deleted, so that a failed sending loses no word.
import { useEffect, useRef, useState } from "preact/hooks";
import { readSetting, writeSetting } from "../../storage/settings";
import { orTell } from "../../storage/trouble";
import { SECTIONS, type Section } from "./report";

export interface Letter {
  to: string;
  // Null until the person writes something else than the app proposes.
  subject: string | null;
  message: string | null;
  name: string;
  born: string;
  sections: readonly Section[];
  // Where the answer goes, for a mail that the server sends.
  replyTo: string;
  // The last sending, when it failed or was cut short.
  unsent: Unsent | null;
}

export interface Unsent {
  spotId: string;
  photoIds: readonly string[];
  time: number;
  // Why, as a code of the server; null where the way itself failed.
  code: string | null;
}

const KEY = "letter";
const SAVE_AFTER_MS = 400;
const EMPTY: Letter = {
  to: "",
  subject: null,
  message: null,
  name: "",
  born: "",
  sections: SECTIONS,
  replyTo: "",
  unsent: null,
};

// The letter and a way to change it; null until it is read.
export function useLetter(): [Letter | null, (change: Partial<Letter>) => void] {
  const [letter, setLetter] = useState<Letter | null>(null);
  const [changed, setChanged] = useState(false);
  const latest = useRef(EMPTY);
  useEffect(() => {
    void orTell(readSetting<Partial<Letter>>(KEY)).then((found) => {
      latest.current = { ...EMPTY, ...found };
      setLetter(latest.current);
    });
  }, []);
  useEffect(() => {
    if (!changed || !letter) return;
    const timer = setTimeout(() => void orTell(writeSetting(KEY, letter)), SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [letter, changed]);
  const change = (part: Partial<Letter>) => {
    latest.current = { ...latest.current, ...part };
    setChanged(true);
    setLetter(latest.current);
    // At once, and even when the screen was left while it was sent.
    if ("unsent" in part) void orTell(writeSetting(KEY, latest.current));
  };
  return [letter, change];
}
