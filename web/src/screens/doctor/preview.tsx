import { BlobImage } from "../../parts/photo";
import { TierBadge } from "../../parts/tier";
import type { Block, Report, Row } from "./report";

// The report as it is printed.
export function Preview({ report }: { report: Report }) {
  return (
    <article class="report">
      <header>
        <h2>{report.title}</h2>
        <p>{report.made}</p>
      </header>
      {report.blocks.map((block, index) => (
        <BlockView key={`${block.kind} ${block.title} ${index}`} block={block} />
      ))}
      <footer>{report.note}</footer>
    </article>
  );
}

function BlockView({ block }: { block: Block }) {
  return (
    <section class={`block ${block.kind}`}>
      {block.title && <h3>{block.title}</h3>}
      <Content block={block} />
    </section>
  );
}

function Content({ block }: { block: Block }) {
  if (block.kind === "facts") return <Facts rows={block.rows} />;
  if (block.kind === "text") return <p class="notes-text">{block.text}</p>;
  if (block.kind === "photos")
    return (
      <div class={block.photos.length === 1 ? "report-photos single" : "report-photos"}>
        {block.photos.map(({ blob, caption }, index) => (
          <figure key={`${caption} ${index}`}>
            <BlobImage blob={blob} alt={caption} />
            <figcaption>{caption}</figcaption>
          </figure>
        ))}
      </div>
    );
  if (block.kind === "table")
    return (
      <table>
        <thead>
          <tr>
            {block.head.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {block.rows.map((row, index) => (
            <tr key={`${row[0]} ${index}`}>
              {row.map((cell, column) => (
                <td key={block.head[column]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    );
  return (
    <>
      {block.tier && <TierBadge tier={block.tier} />}
      <Facts rows={block.rows} />
      <ul class="report-shares">
        {block.shares.map((one) => (
          <li key={one.name}>
            <span>{one.name}</span>
            <span class="track" aria-hidden="true">
              <span style={{ width: `${100 * one.share}%` }} />
            </span>
            <b>{one.value}</b>
          </li>
        ))}
      </ul>
      <p class="small-print">{block.note}</p>
    </>
  );
}

function Facts({ rows }: { rows: readonly Row[] }) {
  return (
    <dl>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
