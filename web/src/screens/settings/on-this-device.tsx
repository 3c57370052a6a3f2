import { useState } from "preact/hooks";
import { bundle } from "../../bundles";
import { megabytes, number } from "../../numbers";
import { Fetching } from "../../parts/fetching";
import { Segments } from "../../parts/segments";
import { FAST_ENOUGH_MS, type Place } from "../../phone/choice";
import { engineFiles } from "../../phone/engine-files";
import { totalBytes } from "../../phone/files";
import { deleteModels, fetchModels } from "../../phone/keeping";
import { type KeptModel, keptModels, placeFor, progress } from "../../phone/state";
import { changeSettings, settings } from "../../settings";
import { orTell } from "../../storage/trouble";
import { t } from "../../texts";

// Where photos are analysed and why there, and the model that this takes.
export function OnThisDevice() {
  const { place, why } = placeFor(null);
  return (
    <section class="panel on-device">
      <h2>{t.phone.title}</h2>
      <p>{t.phone.lead}</p>
      <Segments
        name="engine"
        label={t.settings.engine}
        chosen={settings.value.engine ?? "automatic"}
        options={[
          ["automatic", t.phone.automatic],
          ["phone", t.settings.engines.phone],
          ["server", t.settings.engines.server],
        ]}
        onChoose={(value) => void choose(value === "automatic" ? null : (value as Place))}
      />
      <p role="status">
        {t.phone.now[place]} {t.phone.why[why]}
      </p>
      <p class="soft caption">{t.phone.unchecked}</p>
      <Model />
    </section>
  );
}

// Who wants photos analysed here wants the model here.
async function choose(engine: Place | null): Promise<void> {
  await orTell(changeSettings(engine === "phone" ? { engine, keepModel: true } : { engine }));
  if (engine === "phone") await fetchNow();
}

async function fetchNow(): Promise<void> {
  await orTell(changeSettings({ keepModel: true }));
  await fetchModels();
}

function Model() {
  const [working, setWorking] = useState(false);
  const kept = keptModels.value;
  const now = progress.value;
  const run = async (work: () => Promise<void>) => {
    setWorking(true);
    await work();
    setWorking(false);
  };
  return (
    <>
      {kept.map((one) => (
        <p key={one.name}>
          {t.phone.kept(one.name, one.version, megabytes(totalBytes(Object.values(one.files))))} {speed(one)}
        </p>
      ))}
      {kept.length === 0 && !now && <p>{t.phone.notKept(megabytes(sizeToFetch()))}</p>}
      <Fetching />
      {now && "trouble" in now && (
        <p class="wrong" role="alert">
          {t.phone.fetchTroubles[now.trouble]}
        </p>
      )}
      <div class="actions pair">
        {kept.length > 0 ? (
          <button type="button" class="button" disabled={working} onClick={() => void run(deleteModels)}>
            {t.phone.remove}
          </button>
        ) : (
          <button
            type="button"
            class="button"
            disabled={working || (now !== null && "share" in now)}
            onClick={() => void run(fetchNow)}
          >
            {now && "trouble" in now ? t.phone.fetchAgain : t.phone.fetch}
          </button>
        )}
      </div>
    </>
  );
}

function speed({ photo_ms }: KeptModel): string {
  if (photo_ms === null) return t.phone.why.failed;
  return photo_ms <= FAST_ENOUGH_MS
    ? t.phone.speed(number(photo_ms))
    : t.phone.slowSpeed(number(photo_ms / 1000, 1));
}

function sizeToFetch(): number {
  return totalBytes([...(bundle.value?.files ?? []), ...Object.values(engineFiles())]);
}
