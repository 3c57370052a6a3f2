import type { Assessment } from "../../api/client";
import { t } from "../../texts";

export function ExternalLink({ url, title }: { url: string; title: string }) {
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {title}
      <span class="sr-only"> ({t.result.opensNew})</span>
    </a>
  );
}

// What the likeliest diagnosis is, and where to read on.
export function Summary({ one }: { one: Assessment["diagnoses"][number] }) {
  if (!one.summary) return null;
  return (
    <section>
      <h2>{one.name}</h2>
      <p>{one.summary}</p>
      <ul class="plain">
        {one.links.map((link) => (
          <li key={link.url}>
            <ExternalLink url={link.url} title={link.title} />
          </li>
        ))}
      </ul>
    </section>
  );
}
