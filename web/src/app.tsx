import { useEffect } from "preact/hooks";
import { Mark } from "./parts/mark";
import { About } from "./screens/about/about";
import { Result } from "./screens/result/result";
import { Review } from "./screens/review/review";
import { Start } from "./screens/start/start";
import { TroubleScreen } from "./screens/trouble/trouble";
import { begin, screen, startOver } from "./state";
import { t } from "./texts";

const SCREENS = { start: Start, review: Review, result: Result, trouble: TroubleScreen };

export function App() {
  useEffect(begin, []);
  const Current = SCREENS[screen.value];
  return (
    <div class="page">
      <header class="top">
        <button type="button" class="brand" onClick={startOver}>
          <Mark />
          <span>{t.name}</span>
        </button>
      </header>
      <main class={`screen ${screen.value}`}>
        <Current key={screen.value} />
      </main>
      <footer class="bottom">
        <About />
      </footer>
    </div>
  );
}
