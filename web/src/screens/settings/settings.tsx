import { useEffect, useState } from "preact/hooks";
import { canInstall, install } from "../../install";
import { megabytes, number, percent } from "../../numbers";
import { Heading } from "../../parts/heading";
import { Segments } from "../../parts/segments";
import { canRun } from "../../phone/state";
import { changeSettings, type Scheme, settings, TEXT_SIZES } from "../../settings";
import { onChange } from "../../storage/changes";
import { countKept, usage } from "../../storage/persistence";
import { orTell } from "../../storage/trouble";
import { LANGUAGE_NAMES, LANGUAGES, type Language, languageOfBrowser, t } from "../../texts";
import { Backup } from "./backup";
import { DeleteAll } from "./delete";
import { OnThisDevice } from "./on-this-device";

export function SettingsScreen() {
  return (
    <section class="settings-body">
      <Heading>{t.settings.title}</Heading>
      <div class="columns">
        <Look />
        <div class="stack">
          {(canRun.value || settings.value.engine === "phone") && <OnThisDevice />}
          <Stored />
          {canInstall() && <Install />}
        </div>
        <Backup />
      </div>
    </section>
  );
}

const set = (change: Parameters<typeof changeSettings>[0]) => void orTell(changeSettings(change));

function Look() {
  const { language, scheme, textSize } = settings.value;
  return (
    <section class="panel">
      <h2>{t.settings.look}</h2>
      <label class="field">
        <span>{t.settings.language}</span>
        <select
          value={language ?? ""}
          onChange={(event) => set({ language: (event.currentTarget.value || null) as Language | null })}
        >
          <option value="">{t.settings.languageBrowser(LANGUAGE_NAMES[languageOfBrowser()])}</option>
          {LANGUAGES.map((one) => (
            <option key={one} value={one} lang={one}>
              {LANGUAGE_NAMES[one]}
            </option>
          ))}
        </select>
      </label>
      <Segments
        name="scheme"
        label={t.settings.scheme}
        chosen={scheme}
        options={(["system", "light", "dark"] as const).map((one) => [one, t.settings.schemes[one]])}
        onChoose={(value) => set({ scheme: value as Scheme })}
      />
      <Segments
        name="text-size"
        label={t.settings.textSize}
        chosen={String(textSize)}
        options={TEXT_SIZES.map((size) => [String(size), percent(size / 100)])}
        onChoose={(value) => set({ textSize: Number(value) as (typeof TEXT_SIZES)[number] })}
      />
    </section>
  );
}

function Stored() {
  const [told, setTold] = useState<string[]>([]);
  useEffect(() => {
    const read = () =>
      void Promise.all([usage(), orTell(countKept())]).then(([space, count]) =>
        setTold([
          space ? t.settings.used(megabytes(space.used), megabytes(space.quota)) : t.settings.usedUnknown,
          ...(count ? [t.settings.counts(number(count.spots), number(count.photos))] : []),
        ]),
      );
    read();
    const ends = [onChange("spots", read), onChange("settings", read)];
    return () => {
      for (const end of ends) end();
    };
  }, []);
  return (
    <section class="panel">
      <h2>{t.settings.storage}</h2>
      {told.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <DeleteAll />
    </section>
  );
}

function Install() {
  return (
    <section class="panel">
      <h2>{t.settings.install}</h2>
      <p>{t.settings.installLead}</p>
      <button type="button" class="button" onClick={() => void install()}>
        {t.settings.installNow}
      </button>
    </section>
  );
}
