// Installing the app, where the browser offers it.
import { signal } from "@preact/signals";

interface InstallEvent extends Event {
  prompt(): Promise<unknown>;
}

const offer = signal<InstallEvent | null>(null);

export const canInstall = () => offer.value !== null;

export function watchInstall(): void {
  addEventListener("beforeinstallprompt", (event) => {
    // The settings offer it; nothing pops up by itself.
    event.preventDefault();
    offer.value = event as InstallEvent;
  });
  addEventListener("appinstalled", () => {
    offer.value = null;
  });
}

export async function install(): Promise<void> {
  await offer.value?.prompt();
  offer.value = null;
}
