import { useState } from "preact/hooks";
import { dateAndTime } from "../../numbers";
import { deliver, drop, itemNamed, open, sendToServer, waiting } from "../../outbox/outbox";
import { Heading } from "../../parts/heading";
import { BlobImage } from "../../parts/photo";
import type { QueueItem } from "../../storage/records";
import { named, t } from "../../texts";
import type { ScreenProps } from "../screens";

// Photos that could not be sent yet, and answers that were not looked at. After a photo was kept: its id in the address.
export function Waiting({ rest }: ScreenProps) {
  const just = rest[0] ? itemNamed(rest[0]) : undefined;
  const kept = just?.state === "waiting";
  return (
    <section class="waiting-body">
      <Heading>{rest[0] ? t.waiting.kept : t.waiting.title}</Heading>
      {kept && <p class="lead">{just.analysedOn === "phone" ? t.phone.keptText : t.waiting.keptText}</p>}
      {open.value.length === 0 ? (
        <p class="lead">{t.waiting.empty}</p>
      ) : (
        <ul class="queue">
          {open.value.map((item) => (
            <Item key={item.id} item={item} />
          ))}
        </ul>
      )}
      {waiting.value.length > 0 && <Actions />}
    </section>
  );
}

function Item({ item }: { item: QueueItem }) {
  const when = dateAndTime(item.created);
  const here = item.analysedOn === "phone";
  return (
    <li class="queue-item">
      <BlobImage blob={item.photos[0]} alt={t.waiting.photoAlt(when)} class="thumb large" />
      <div>
        <p class={`state ${item.state}`}>
          <b>{here && item.state === "waiting" ? t.phone.waiting : t.waiting.states[item.state]}</b>
          <span class="soft"> {when}</span>
        </p>
        {item.state === "waiting" && item.code && (
          <p class="soft">{named(t.phone.troubles, item.code) ?? named(t.trouble.codes, item.code)}</p>
        )}
        <div class="row">
          {item.state !== "waiting" && (
            <a class="link" href={`#/result/${item.id}`}>
              {item.state === "answered" ? t.waiting.look : t.waiting.why}
            </a>
          )}
          {here && item.state === "waiting" && (
            <button type="button" class="link" onClick={() => void sendToServer(item.id)}>
              {t.phone.sendToServer}
            </button>
          )}
          <button type="button" class="link" onClick={() => void drop(item.id)}>
            {t.waiting.drop}
          </button>
        </div>
      </div>
    </li>
  );
}

function Actions() {
  const [trying, setTrying] = useState(false);
  const [permission, setPermission] = useState(
    typeof Notification === "undefined" ? "denied" : Notification.permission,
  );
  const tryNow = async () => {
    setTrying(true);
    await deliver();
    setTrying(false);
  };
  return (
    <>
      {permission !== "default" && (
        <p class="soft">{permission === "granted" ? t.waiting.notifyOn : t.waiting.notifyOff}</p>
      )}
      <div class="actions sticky">
        <p role="status" class="status">
          {trying ? t.waiting.trying : ""}
        </p>
        {permission === "default" && (
          <button
            type="button"
            class="button"
            onClick={() => void Notification.requestPermission().then(setPermission)}
          >
            {t.waiting.askNotify}
          </button>
        )}
        <button type="button" class="button primary" disabled={trying} onClick={() => void tryNow()}>
          {t.waiting.now}
        </button>
      </div>
    </>
  );
}
