import { useEffect, useState } from "preact/hooks";
import { Dialog } from "../../parts/dialog";
import { t } from "../../texts";
import { isAddress } from "./email";
import type { Letter } from "./letter";
import { type Referral, WAYS, type Way } from "./ways";

interface Props {
  letter: Letter;
  onChange: (change: Partial<Letter>) => void;
  makeFiles: () => Promise<File[]>;
  onClose: () => void;
}

// A message of one's own, and the ways to send it with the report. The files are made before a way is chosen, since a
// browser opens its list of apps only right after a tap.
export function Send({ letter, onChange, makeFiles, onClose }: Props) {
  const texts = t.doctor.sending;
  const [files, setFiles] = useState<readonly File[] | null>(null);
  const [told, setTold] = useState("");
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    let open = true;
    makeFiles().then(
      (made) => open && setFiles(made),
      () => open && setWrong(texts.failed),
    );
    return () => {
      open = false;
    };
  }, []);
  const subject = letter.subject ?? texts.subjectDefault;
  const message = letter.message ?? texts.messageDefault;
  const address = letter.to.trim();
  const addressWrong = address !== "" && !isAddress(address);
  const referral: Referral = { to: address, subject, message, files: files ?? [] };

  const send = async (way: Way) => {
    setTold("");
    setWrong("");
    try {
      const sent = await way.send(referral);
      setTold(sent === "done" ? texts.done[way.id] : texts.cancelled);
    } catch {
      setWrong(texts.failed);
    }
  };
  const ways = files ? WAYS.filter((way) => way.isThere(referral)) : [];
  return (
    <Dialog title={texts.title} onClose={onClose}>
      <label class="field long">
        <span>{texts.message}</span>
        <textarea
          rows={7}
          value={message}
          onInput={(event) => onChange({ message: event.currentTarget.value })}
        />
      </label>
      <label class="field long">
        <span>{texts.subject}</span>
        <input
          type="text"
          maxLength={200}
          value={subject}
          onInput={(event) => onChange({ subject: event.currentTarget.value })}
        />
      </label>
      <label class="field long">
        <span>{texts.to}</span>
        <input
          type="email"
          autocomplete="off"
          value={letter.to}
          aria-invalid={addressWrong}
          aria-describedby="to-wrong"
          onInput={(event) => onChange({ to: event.currentTarget.value })}
        />
        <span id="to-wrong" class="wrong">
          {addressWrong ? texts.toWrong : ""}
        </span>
      </label>
      <p class="soft caption">{texts.privacy}</p>
      <p role="status">{told || (files ? texts.attached(files.length) : wrong ? "" : texts.preparing)}</p>
      {wrong && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
      <div class="actions">
        {ways.map((way, index) => (
          <div key={way.id} class="way">
            <button
              type="button"
              class={index === 0 ? "button primary" : "button"}
              disabled={addressWrong}
              onClick={() => void send(way)}
            >
              {texts[way.id]}
            </button>
            <p class="soft caption">{texts[`${way.id}Help`]}</p>
          </div>
        ))}
        <button type="button" class="button" onClick={onClose}>
          {t.shell.close}
        </button>
      </div>
    </Dialog>
  );
}
