import type { Assessment, Tier } from "../../api/client";
import { BlobImage } from "../../parts/photo";
import { TierBadge } from "../../parts/tier";
import { named, t } from "../../texts";
import type { Shown } from "./shown";

type Use = Assessment["photos"][number];

// What each of several photos of the spot says by itself, and whether they say the same.
export function EachPhoto({ shown: { assessment: found, photos } }: { shown: Shown }) {
  // An answer that was kept by an older version of the app may lack them.
  const uses = found.photos ?? [];
  if (uses.length < 2) return null;
  const differ = found.disagreement?.diagnosis || found.disagreement?.tier;
  return (
    <section>
      <h2>{t.result.photosTitle}</h2>
      {found.disagreement && <p class={differ ? "differ" : "soft"}>{found.disagreement.text}</p>}
      <ul class="plain each-photo">
        {uses.map((use, index) => (
          <li key={`${use.code} ${index}`}>
            <BlobImage blob={photos[index]} alt={t.result.photoNumber(index + 1)} class="thumb" />
            {use.used ? <Said use={use} found={found} /> : <p class="soft">{unused(use)}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Said({ use, found }: { use: Use; found: Assessment }) {
  const name = found.diagnoses.find((one) => one.code === use.code)?.name;
  return (
    <div>
      {use.tier && <TierBadge tier={use.tier as Tier} />}
      {name && <p>{name}</p>}
    </div>
  );
}

function unused(use: Use): string {
  const why = use.reasons.flatMap((reason) => named(t.result.checks, reason) ?? []);
  return why.length > 0 ? `${t.result.photoUnused}: ${why.join(", ")}` : t.result.photoUnused;
}
