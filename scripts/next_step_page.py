"""Write docs/explanation/next-step.md from the table that decides, so that the two cannot drift apart.

Usage: python scripts/next_step_page.py
"""

from __future__ import annotations

from pathlib import Path

from lentigo.taxonomy import StepRow, StepTable, Taxonomy, load_step_table, load_taxonomy

TARGET = Path(__file__).resolve().parent.parent / "docs" / "explanation" / "next-step.md"

HEAD = """# The next step, and where it comes from

Every answer leads with what to do. Which step that is, a table decides: `src/lentigo/taxonomy/next_steps.toml`,
read by the server and by the browser. This page is written from it by `make docs`.

The first row that fits counts. Every combination of outcome, tier and signs has a row, and neither another sign nor
a more urgent tier ever leads to a calmer step (tests try it). The two rows about photos without skin ignore the
tier, which is then about something else than a spot.
"""

SIGNS = """## The signs

The person is asked six questions. A yes has the points of the weighted 7-point checklist of NICE NG12; each feature
counts once. The checklist is meant for a doctor and a suspicious pigmented spot; here it is what a person says
about any spot. Nobody is asked about a diameter of 7 mm or more or about inflammation, so the score is rather too
low. That is why a single sign with points already leads to a doctor.
"""

UNCERTAIN = """## When an answer is uncertain

An answer is uncertain when a reason says so ({reasons}), when the photos of one spot give different tiers, or when
a summed probability reaches {share:.0%} of the threshold of a more urgent tier. That share is a choice of ours, not
of a guideline. On the validation split of `lesions` it held one in five of the spots of low risk, and 7 of the 11
dangerous ones that were shown as low.

An uncertain answer does not hide danger: without an estimate, but with a probability above the threshold of the
high or the moderate tier, the step is to see a doctor, not to take another photo.
"""

NOT_ASKED = """## What is not asked

The ugly-duckling sign, a new spot, and being unlike the others: nobody is asked about them, so the texts name them
("or looks unlike your other spots, see a doctor"). How long to wait before comparing is not in NG12. Twelve weeks
are those of NG14, eight those of the guidance before NG12; both were written for doctors who had looked at the spot
first.
"""


def text() -> str:
    """The page."""
    table, taxonomy = load_step_table(), load_taxonomy()
    return "\n".join(
        [HEAD, _rows(table, taxonomy), SIGNS, _signs(table, taxonomy), _uncertain(table), NOT_ASKED, _sources(table)]
    )


def _rows(table: StepTable, taxonomy: Taxonomy) -> str:
    lines = ["| when | step | from |", "|---|---|---|"]
    for row in table.rows:
        title = taxonomy.section("next_steps", row.step)["title"]
        weeks = f", compare in {row.weeks} weeks" if row.weeks else ""
        sources = "; ".join(f"[{table.sources[name].title}]({table.sources[name].url})" for name in row.sources)
        lines.append(f"| {_when(row, taxonomy)} | {title}{weeks} (`{row.step}`) | {sources} |")
    return "\n".join(lines) + "\n"


def _when(row: StepRow, taxonomy: Taxonomy) -> str:
    questions = taxonomy.section("answers", "questions")
    signs = " and ".join(questions[name] for name in row.signs)
    conditions = [
        f"outcome {_either(row.outcomes)}" if row.outcomes else "",
        f"tier {_either(row.tiers)}" if row.tiers else "",
        f"no other reason than {_either(row.reasons)}" if row.reasons else "",
        f"it {signs}" if signs else "",
        f"signs of {row.points} points or more" if row.points > 1 else "any sign with points" if row.points else "",
        "uncertain" if row.uncertain else "",
    ]
    return "; ".join(one for one in conditions if one)


def _either(names: tuple[str, ...]) -> str:
    return " or ".join(f"`{name}`" for name in names)


def _signs(table: StepTable, taxonomy: Taxonomy) -> str:
    questions = taxonomy.section("answers", "questions")
    lines = ["| the spot | feature | points |", "|---|---|---|"]
    lines += [
        f"| {questions[name]} (`{name}`) | {sign.feature} | {sign.points} |" for name, sign in table.signs.items()
    ]
    return "\n".join(lines) + "\n"


def _uncertain(table: StepTable) -> str:
    return UNCERTAIN.format(reasons=_either(table.uncertain_reasons), share=table.share_of_threshold)


def _sources(table: StepTable) -> str:
    lines = [f"- [{source.title}]({source.url}): {source.says}" for source in table.sources.values()]
    return "## Sources\n\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
    print(f"Wrote {TARGET}")
