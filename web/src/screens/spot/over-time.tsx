import { date, number, outOf100 } from "../../numbers";
import { t } from "../../texts";
import { Chart } from "./chart";
import type { Check } from "./course";

const LEAST_CHANCE = 20;
const LEAST_MM = 4;
const LEAST_LOOK = 10;

// The three measures over time as small charts, and the same as a table.
export function OverTime({ checks }: { checks: readonly Check[] }) {
  if (checks.length === 0) return null;
  const texts = t.history;
  const chances = checks.flatMap(({ time, chance, tier }) =>
    chance === null ? [] : [{ time, value: 100 * chance, tier }],
  );
  const sizes = checks.flatMap(({ time, size }) =>
    size ? [{ time, value: size.diameter_mm, error: size.error_mm }] : [],
  );
  const looks = checks.flatMap(({ time, look }) => (look === null ? [] : [{ time, value: look }]));
  return (
    <section class="over-time">
      <h2>{texts.overTime}</h2>
      {checks.length === 1 && <p class="soft">{texts.overTimeOne}</p>}
      <div class="charts">
        {chances.length > 1 && (
          <Chart
            title={texts.chance}
            help={texts.chanceHelp}
            points={chances}
            leastEnd={LEAST_CHANCE}
            label={(value) => outOf100(value / 100)}
            say={({ value, tier }) =>
              `${tier ? `${t.result.tiers[tier]}, ` : ""}${t.doctor.report.of100(outOf100(value / 100))}`
            }
          />
        )}
        {sizes.length > 0 ? (
          <Chart
            title={texts.size}
            help={texts.sizeHelp}
            points={sizes}
            leastEnd={LEAST_MM}
            label={(value) => number(value, value < 10 && value % 1 !== 0 ? 1 : 0)}
            say={({ value, error = 0 }) => texts.plusMinus(number(value, 1), number(error, 1))}
          />
        ) : (
          <p class="soft no-size">{texts.sizeNone}</p>
        )}
        {looks.length > 1 && (
          <Chart
            title={texts.look}
            help={texts.lookHelp}
            points={looks}
            leastEnd={LEAST_LOOK}
            label={(value) => number(value)}
            say={({ value }) => number(value, 1)}
          />
        )}
      </div>
      <CourseTable checks={checks} />
    </section>
  );
}

function CourseTable({ checks }: { checks: readonly Check[] }) {
  const texts = t.history;
  return (
    <details class="as-table">
      <summary>{texts.asTable}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must scroll by keyboard */}
      <section class="scrolls" aria-label={texts.overTime} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {[texts.date, texts.tier, texts.chance, texts.size, texts.look].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {checks.map((check) => (
              <tr key={check.id}>
                <th scope="row">{date(check.time)}</th>
                <td>{check.tier ? t.result.tiers[check.tier] : texts.noAnswer}</td>
                <td>{check.chance === null ? "–" : t.doctor.report.of100(outOf100(check.chance))}</td>
                <td>
                  {check.size
                    ? texts.plusMinus(number(check.size.diameter_mm, 1), number(check.size.error_mm, 1))
                    : "–"}
                </td>
                <td>{check.look === null ? "–" : number(check.look, 1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
