// The page's part of reminders: looks when the app is opened and whenever it is looked at again.
import { StorageTrouble } from "../storage/trouble";
import { t } from "../texts";
import { askForPeriodicSync, keepNotice, remind } from "./reminders";

export async function watchReminders(): Promise<void> {
  if (!navigator.serviceWorker) return;
  await look();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void look();
  });
}

async function look(): Promise<void> {
  try {
    // On the first visit there is no service worker yet; when one looks later, it has to know what to say.
    await keepNotice({ title: t.history.noticeTitle, body: t.history.noticeBody });
    const registration = await navigator.serviceWorker.getRegistration();
    if (registration) await remind(registration);
  } catch (error) {
    // Without storage there is nothing to remind of; the first save tells.
    if (!(error instanceof StorageTrouble)) throw error;
  }
}

// Asks the person for notifications; returns whether they are allowed.
export async function allowNotifications(): Promise<boolean> {
  if ((await Notification.requestPermission()) !== "granted") return false;
  const registration = await navigator.serviceWorker?.getRegistration();
  if (registration) {
    await askForPeriodicSync(registration);
    await remind(registration);
  }
  return true;
}
