import { fromNow } from "../../numbers";
import { BlobImage } from "../../parts/photo";
import { type SpotSummary, useSpots } from "../../spots";
import { t } from "../../texts";

// The spots that are followed, those to look at again first.
export function SpotList() {
  const spots = useSpots();
  if (spots.length === 0) return null;
  return (
    <section class="spots" aria-labelledby="spots">
      <h2 id="spots">{t.start.spots}</h2>
      <ul class="cards">
        {spots.map((one) => (
          <li key={one.spot.id}>
            <a class="card" href={`#/spots/${one.spot.id}`}>
              <BlobImage blob={one.latest?.blob} alt="" class="thumb" />
              <span>
                <b>{one.spot.name}</b>
                <When {...one} />
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function When({ spot, latest }: SpotSummary) {
  if (spot.due !== null && spot.due < Date.now())
    return <span class="due now">{t.start.overdue(fromNow(spot.due))}</span>;
  if (spot.due !== null) return <span class="due">{t.start.due(fromNow(spot.due))}</span>;
  return latest && <span class="due">{t.start.last(fromNow(latest.taken))}</span>;
}
