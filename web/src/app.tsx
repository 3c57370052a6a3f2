// The shell around every screen: header with menu, notices, the screen, and the region that tells of a new one.
import type { ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { announcement } from "./parts/heading";
import { Mark } from "./parts/mark";
import { Menu } from "./parts/menu";
import { Notices } from "./parts/notices";
import { goBack, place } from "./router";
import { lost, SCREENS, type ScreenProps } from "./screens/screens";
import { language, t } from "./texts";

interface Shown {
  Screen: ComponentType<ScreenProps>;
  name: string;
  rest: string[];
}

export function App() {
  const shown = useScreen();
  // Another language is another page: everything is drawn again.
  return (
    <div class="page" key={language.value}>
      <button
        type="button"
        class="skip"
        onClick={() => document.querySelector<HTMLElement>("main h1")?.focus()}
      >
        {t.shell.skip}
      </button>
      <header class="top">
        {place.value.screen !== "" && (
          <button type="button" class="icon-button back" aria-label={t.shell.back} onClick={() => goBack()}>
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M15 5l-7 7 7 7" />
            </svg>
          </button>
        )}
        <a class="brand" href="#/" aria-label={t.shell.home}>
          <Mark />
          <span>{t.name}</span>
        </a>
        <Menu />
      </header>
      <Notices />
      <main class={`screen ${shown?.name || "start"}`}>
        {shown && <shown.Screen key={shown.rest.join("/")} rest={shown.rest} />}
      </main>
      <p class="sr-only" aria-live="polite">
        {announcement.value}
      </p>
    </div>
  );
}

// The screen of the address. The one before stays until the next is loaded.
function useScreen(): Shown | null {
  const [shown, setShown] = useState<Shown | null>(null);
  const { screen, rest } = place.value;
  const path = [screen, ...rest].join("/");
  const latest = useRef(path);
  latest.current = path;
  // The path holds the screen and the rest.
  useEffect(() => {
    const load = SCREENS[screen] ?? lost;
    load().then(
      (Screen) => {
        if (latest.current !== path) return;
        setShown({ Screen, name: screen, rest });
        scrollTo(0, 0);
      },
      () => setShown({ Screen: Failed, name: "failed", rest: [] }),
    );
  }, [path]);
  return shown;
}

function Failed() {
  return <p role="alert">{t.shell.failed}</p>;
}
