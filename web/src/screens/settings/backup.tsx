import { useRef, useState } from "preact/hooks";
import { number } from "../../numbers";
import { saveFile } from "../../parts/save";
import { BackupTrouble, decryptBackup, encryptBackup } from "../../storage/backup";
import { addEverything, readEverything } from "../../storage/everything";
import { persist } from "../../storage/persistence";
import { StorageTrouble } from "../../storage/trouble";
import { t } from "../../texts";

const LEAST_LENGTH = 10;

export function Backup() {
  const [passphrase, setPassphrase] = useState("");
  const [told, setTold] = useState("");
  const [wrong, setWrong] = useState("");
  const file = useRef<HTMLInputElement>(null);
  if (!globalThis.crypto.subtle)
    return (
      <section class="panel">
        <h2>{t.settings.backup}</h2>
        <p>{t.settings.noCrypto}</p>
      </section>
    );

  const run = async (work: () => Promise<string>) => {
    setWrong("");
    if (passphrase.length < LEAST_LENGTH) return setWrong(t.settings.passphraseShort);
    setTold(t.settings.working);
    try {
      setTold(await work());
    } catch (error) {
      setTold("");
      setWrong(explain(error));
    }
  };
  const exportAll = async () => {
    const backup = await encryptBackup(await readEverything(), passphrase);
    saveFile(new File([backup], `lentigo-${new Date().toISOString().slice(0, 10)}.lentigo`));
    return t.settings.exported;
  };
  const importAll = async (chosen: File) => {
    const everything = await decryptBackup(chosen, passphrase);
    await persist();
    await addEverything(everything);
    return t.settings.imported(number(everything.spots.length), number(everything.photos.length));
  };

  return (
    <section class="panel">
      <h2>{t.settings.backup}</h2>
      <p>{t.settings.backupLead}</p>
      <label class="field">
        <span>{t.settings.passphrase}</span>
        <input
          type="password"
          autocomplete="off"
          value={passphrase}
          aria-describedby="passphrase-help"
          aria-invalid={wrong === t.settings.passphraseShort}
          onInput={(event) => setPassphrase(event.currentTarget.value)}
        />
      </label>
      <p id="passphrase-help" class="soft caption">
        {t.settings.passphraseHelp}
      </p>
      {wrong && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
      <p role="status">{told}</p>
      <div class="actions pair">
        <label class="button">
          {t.settings.import}
          <input
            ref={file}
            type="file"
            accept=".lentigo"
            onChange={() => {
              const chosen = file.current?.files?.[0];
              if (chosen) void run(() => importAll(chosen));
              if (file.current) file.current.value = "";
            }}
          />
        </label>
        <button type="button" class="button" onClick={() => void run(exportAll)}>
          {t.settings.export}
        </button>
      </div>
    </section>
  );
}

function explain(error: unknown): string {
  if (error instanceof BackupTrouble) return t.settings.backupTrouble[error.code];
  if (error instanceof StorageTrouble) return t.shell.storage[error.code];
  throw error;
}
