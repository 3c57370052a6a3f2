import { useEffect, useRef } from "preact/hooks";
import { number } from "../numbers";
import { open } from "../outbox/outbox";
import { place } from "../router";
import { t } from "../texts";

// The menu: a row of links on a desktop, behind a button on a phone.
export function Menu() {
  const details = useRef<HTMLDetailsElement>(null);
  const { screen } = place.value;
  const count = open.value.length;
  useEffect(() => {
    const close = (event: Event) => {
      const menu = details.current;
      if (!menu?.open) return;
      if (event instanceof KeyboardEvent && event.key !== "Escape") return;
      if (event.type === "click" && menu.querySelector("summary")?.contains(event.target as Node)) return;
      menu.open = false;
      if (event instanceof KeyboardEvent) menu.querySelector("summary")?.focus();
    };
    document.addEventListener("click", close);
    document.addEventListener("keydown", close);
    return () => {
      document.removeEventListener("click", close);
      document.removeEventListener("keydown", close);
    };
  }, []);
  const links = (
    <ul>
      {(["start", "waiting", "about", "settings"] as const).map((name) => {
        const path = name === "start" ? "" : name;
        return (
          <li key={name}>
            <a href={`#/${path}`} aria-current={screen === path ? "page" : undefined}>
              {t.shell[name]}
              {name === "waiting" && count > 0 && <span class="badge">{number(count)}</span>}
            </a>
          </li>
        );
      })}
    </ul>
  );
  return (
    <nav class="menu" aria-label={t.shell.menu}>
      <div class="menu-wide">{links}</div>
      <details class="menu-narrow" ref={details}>
        <summary class="icon-button" aria-label={t.shell.menu}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M4 7h16M4 12h16M4 17h16" />
          </svg>
        </summary>
        {links}
      </details>
    </nav>
  );
}
