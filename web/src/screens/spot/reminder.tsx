import { useState } from "preact/hooks";
import { date } from "../../numbers";
import { saveFile } from "../../parts/save";
import { toCalendar } from "../../reminders/calendar";
import { monthsLater, REMINDER_MONTHS } from "../../reminders/reminders";
import { allowNotifications } from "../../reminders/watch";
import type { Spot } from "../../storage/records";
import { changeSpot } from "../../storage/spots";
import { orTell } from "../../storage/trouble";
import { t } from "../../texts";

export function Reminder({ spot }: { spot: Spot }) {
  const texts = t.history;
  const choose = (months: number) =>
    void orTell(changeSpot(spot.id, { due: months > 0 ? monthsLater(months) : null }));
  return (
    <section class="panel reminder">
      <h2>{texts.reminder}</h2>
      <label class="field">
        <span>{texts.reminderIn}</span>
        <select
          value={spot.due === null ? "0" : "set"}
          onChange={(event) => choose(Number(event.currentTarget.value))}
        >
          <option value="0">{texts.reminderNone}</option>
          {spot.due !== null && <option value="set">{texts.reminderOn(date(spot.due))}</option>}
          {REMINDER_MONTHS.map((months) => (
            <option key={months} value={months}>
              {texts.reminderMonths(months)}
            </option>
          ))}
        </select>
      </label>
      <p class="soft caption">{texts.reminderHow}</p>
      {spot.due !== null && (
        <div class="row">
          <button type="button" class="link" onClick={() => addToCalendar(spot)}>
            {texts.calendar}
          </button>
          <Notify />
        </div>
      )}
    </section>
  );
}

function addToCalendar({ id, due }: Spot): void {
  if (due === null) return;
  const entry = { id, day: due, title: t.history.calendarTitle, text: t.history.calendarText };
  saveFile(new File([toCalendar(entry)], "lentigo-reminder.ics", { type: "text/calendar" }));
}

function Notify() {
  const [permission, setPermission] = useState(
    typeof Notification === "undefined" ? "none" : Notification.permission,
  );
  if (permission === "none") return null;
  if (permission === "granted") return <p class="soft caption">{t.history.notifyOn}</p>;
  if (permission === "denied") return <p class="soft caption">{t.history.notifyOff}</p>;
  return (
    <button
      type="button"
      class="link"
      onClick={() => void allowNotifications().then(() => setPermission(Notification.permission))}
    >
      {t.history.notify}
    </button>
  );
}
