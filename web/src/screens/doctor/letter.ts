// The letter to the doctor, kept until everything is deleted, so that a failed sending loses no word.
import { useEffect, useState } from "preact/hooks";
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
}

const KEY = "letter";
const SAVE_AFTER_MS = 400;
const EMPTY: Letter = { to: "", subject: null, message: null, name: "", born: "", sections: SECTIONS };

// The letter and a way to change it; null until it is read.
export function useLetter(): [Letter | null, (change: Partial<Letter>) => void] {
  const [letter, setLetter] = useState<Letter | null>(null);
  const [changed, setChanged] = useState(false);
  useEffect(() => {
    void orTell(readSetting<Partial<Letter>>(KEY)).then((found) => setLetter({ ...EMPTY, ...found }));
  }, []);
  useEffect(() => {
    if (!changed || !letter) return;
    const timer = setTimeout(() => void orTell(writeSetting(KEY, letter)), SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [letter, changed]);
  const change = (part: Partial<Letter>) => {
    setChanged(true);
    setLetter((now) => now && { ...now, ...part });
  };
  return [letter, change];
}
