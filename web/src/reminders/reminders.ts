// Reminders to look again. No browser rings by itself while it is closed, so the app looks when it is opened, and
// where the phone lets an installed app work now and then (periodic background sync), the service worker looks too.
import type { Spot } from "../storage/records";
import { readSetting, writeSetting } from "../storage/settings";
import { allSpots, changeSpot } from "../storage/spots";

export const REMINDER_TAG = "reminders";
export const REMINDER_MONTHS = [1, 2, 3, 6] as const;

const NOTICE = "reminderNotice";
const EVERY_MS = 12 * 3_600_000;

// What the notification says, in the language of the last visit: the service worker has no texts. It names no spot,
// since it may lie on a locked screen.
export interface Notice {
  title: string;
  body: string;
}

// The same day of the month `months` later, or the last one that month has, as calendars do.
export function monthsLater(months: number, from = Date.now()): number {
  const date = new Date(from);
  const day = date.getDate();
  date.setDate(1);
  date.setMonth(date.getMonth() + months);
  const days = new Date(date.getFullYear(), date.getMonth() + 1, 0).getDate();
  date.setDate(Math.min(day, days));
  return date.getTime();
}

// Spots that are due and that no notification has told of yet.
export function untold(spots: readonly Spot[], now = Date.now()): Spot[] {
  return spots.filter((spot) => spot.due !== null && spot.due <= now && spot.told !== spot.due);
}

export function keepNotice(notice: Notice): Promise<void> {
  return writeSetting(NOTICE, notice);
}

// Tells of what is due, each once, where notifications are allowed.
export async function remind(registration: ServiceWorkerRegistration): Promise<void> {
  if (typeof Notification === "undefined" || Notification.permission !== "granted") return;
  const notice = await readSetting<Notice>(NOTICE);
  if (!notice) return;
  for (const spot of untold(await allSpots())) {
    await registration.showNotification(notice.title, {
      body: notice.body,
      tag: `due ${spot.id}`,
      data: { path: `/spots/${spot.id}` },
    });
    await changeSpot(spot.id, { told: spot.due });
  }
}

type Periodic = ServiceWorkerRegistration & {
  periodicSync?: { register(tag: string, options: { minInterval: number }): Promise<void> };
};

// Whether the phone lets the app look by itself: only some browsers do, and only for an installed app.
export async function askForPeriodicSync(registration: ServiceWorkerRegistration): Promise<boolean> {
  const { periodicSync } = registration as Periodic;
  if (!periodicSync) return false;
  return periodicSync.register(REMINDER_TAG, { minInterval: EVERY_MS }).then(
    () => true,
    () => false,
  );
}
