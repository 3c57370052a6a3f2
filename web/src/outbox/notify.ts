// The notification that an answer is there. It says nothing of the answer: it may lie on a locked screen.
import type { QueueItem } from "../storage/records";

export async function notify(registration: ServiceWorkerRegistration, item: QueueItem): Promise<void> {
  if (typeof Notification === "undefined" || Notification.permission !== "granted") return;
  await registration.showNotification(item.notice.title, {
    body: item.notice.body,
    tag: item.id,
    data: { path: `/result/${item.id}` },
  });
}
