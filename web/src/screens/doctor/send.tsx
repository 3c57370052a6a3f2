import { useEffect, useState } from "preact/hooks";
import type { Features } from "../../api/client";
import { Dialog } from "../../parts/dialog";
import { t } from "../../texts";
import { isAddress } from "./email";
import { codeOf, reasonOf } from "./failures";
import type { Letter, Unsent } from "./letter";
import { filesOf, type Referral, WAYS, type Way } from "./ways";

type Files = Pick<Referral, "report" | "photos">;

interface Props {
  letter: Letter;
  // What the letter is about, to find it again when sending fails.
  about: Pick<Unsent, "spotId" | "photoIds">;
  features: Features;
  onChange: (change: Partial<Letter>) => void;
  makeFiles: () => Promise<Files>;
  onClose: () => void;
}

// A message of one's own, and the ways to send it with the report. The files are made before a way is chosen, since a
// browser opens its list of apps only right after a tap.
export function Send({ letter, about, features, onChange, makeFiles, onClose }: Props) {
  const texts = t.doctor.sending;
  const [files, setFiles] = useState<Files | null>(null);
  const [busy, setBusy] = useState(false);
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
  const replyTo = letter.replyTo.trim();
  const replyWrong = features.referrals && replyTo !== "" && !isAddress(replyTo);
  const referral = files && { to: address, replyTo, subject, message, ...files };

  const send = async (way: Way, referral: Referral) => {
    setTold("");
    setWrong("");
    setBusy(true);
    const unsent = { ...about, time: Date.now() };
    // Should the app be closed now, nobody knows whether the server has sent it.
    if (way.id === "server") onChange({ unsent: { ...unsent, code: "mail_unsure" } });
    try {
      const sent = await way.send(referral);
      setTold(sent === "done" ? texts.done[way.id] : texts.cancelled);
      if (sent === "done") onChange({ unsent: null });
    } catch (error) {
      const code = codeOf(error);
      setWrong(reasonOf(code));
      onChange({ unsent: { ...unsent, code } });
    } finally {
      setBusy(false);
    }
  };
  const ways = referral ? WAYS.filter((way) => way.isThere(referral, features)) : [];
  return (
    <Dialog title={texts.title} onClose={onClose}>
      <label class="field long">
        <span>{texts.message}</span>
        <textarea
          rows={6}
          maxLength={4000}
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
      {features.referrals && (
        <label class="field long">
          <span>{texts.replyTo}</span>
          <input
            type="email"
            autocomplete="email"
            value={letter.replyTo}
            aria-invalid={replyWrong}
            aria-describedby="reply-wrong"
            onInput={(event) => onChange({ replyTo: event.currentTarget.value })}
          />
          <span id="reply-wrong" class="wrong">
            {replyWrong ? texts.toWrong : ""}
          </span>
        </label>
      )}
      <p class="soft caption">{texts.privacy}</p>
      <p role="status">
        {told ||
          (busy
            ? texts.sending
            : referral
              ? texts.attached(filesOf(referral).length)
              : wrong
                ? ""
                : texts.preparing)}
      </p>
      {wrong && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
      <div class="actions">
        {referral &&
          ways.map((way, index) => {
            const lack = way.lacks(referral);
            return (
              <div key={way.id} class="way">
                <button
                  type="button"
                  class={index === 0 ? "button primary" : "button"}
                  disabled={addressWrong || replyWrong || busy || lack !== null}
                  onClick={() => void send(way, referral)}
                >
                  {texts[way.id]}
                </button>
                <p class="soft caption">{lack ? texts.lacks[lack] : texts[`${way.id}Help`]}</p>
              </div>
            );
          })}
        <button type="button" class="button" onClick={onClose}>
          {t.shell.close}
        </button>
      </div>
    </Dialog>
  );
}
