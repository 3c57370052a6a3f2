// How the person likes the camera, kept for the next time.
import { useEffect, useState } from "preact/hooks";
import { readSetting, writeSetting } from "../../storage/settings";
import { orTell } from "../../storage/trouble";

export interface Preferences {
  // Whether the picture is taken by itself.
  automatic: boolean;
  // How much of the previous photo shows, 0 to 100.
  ghost: number;
}

const DEFAULTS: Preferences = { automatic: true, ghost: 35 };

// Null until they are read: nothing must be released before it is known whether it may be.
export function usePreferences(): [Preferences | null, (change: Partial<Preferences>) => void] {
  const [preferences, setPreferences] = useState<Preferences | null>(null);
  useEffect(() => {
    void orTell(readSetting<Partial<Preferences>>("capture")).then((kept) =>
      setPreferences({ ...DEFAULTS, ...kept }),
    );
  }, []);
  const change = (part: Partial<Preferences>) => {
    const next = { ...DEFAULTS, ...preferences, ...part };
    setPreferences(next);
    void orTell(writeSetting("capture", next));
  };
  return [preferences, change];
}
