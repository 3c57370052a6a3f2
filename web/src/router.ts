// Where the app is: the part of the address after "#", which never reaches a server or its log.
import { signal } from "@preact/signals";

export interface Place {
  screen: string;
  // What follows the screen's name, such as the id of a spot.
  rest: string[];
}

export function parse(hash: string): Place {
  const [screen = "", ...rest] = hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decode);
  return { screen, rest };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const place = signal<Place>({ screen: "", rest: [] });

// Goes to a screen, e.g. go("/spots/ab12"). With `replace` the screen that is left is not gone back to.
export function go(path: string, { replace = false } = {}): void {
  const address = `#${path}`;
  if (replace) history.replaceState(history.state, "", address);
  // The state tells goBack that the entry before belongs to the app.
  else if (address !== location.hash) history.pushState({ inside: true }, "", address);
  update();
}

// To the screen before; one that was opened by its address goes to the start, or to `otherwise`.
export function goBack(otherwise = "/"): void {
  if ((history.state as { inside?: boolean } | null)?.inside) history.back();
  else go(otherwise, { replace: true });
}

function update(): void {
  place.value = parse(location.hash);
}

// Links are plain <a href="#/…">; the browser's own move would carry no state.
function follow(event: MouseEvent): void {
  const link = (event.target as Element | null)?.closest?.<HTMLAnchorElement>('a[href^="#/"]');
  if (!link || event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(link.hash.slice(1));
}

export function startRouter(): void {
  history.scrollRestoration = "manual";
  update();
  addEventListener("popstate", update);
  addEventListener("hashchange", update);
  document.addEventListener("click", follow);
}
