"""Which plots a report has, and how each is written: NAME.svg, NAME.png, and NAME.csv with the data behind it."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from matplotlib.figure import Figure

from lentigo import plot_style
from lentigo.card import Interval
from lentigo.evaluation.plots import confusion, decisions, discrimination, forest, reliability
from lentigo.evaluation.plots.rows import DANGEROUS_LESIONS, Rows
from lentigo.evaluation.subgroups import Subgroup

PNG_DPI = 200
_NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))
_COLOUR_VARIABLES = {
    plot_style.INK: "var(--ink)",
    plot_style.SOFT: "var(--soft)",
    plot_style.LINE: "var(--line)",
    plot_style.ACCENT: "var(--accent)",
    plot_style.WARM: "var(--warm)",
    "#ffffff": "var(--paper)",
}
"""A page's own names for the colours, so that an embedded plot follows its light and dark."""

Draw = Callable[[pl.DataFrame], Figure]


@dataclass(frozen=True)
class Plot:
    """One picture.

    Attributes:
        name: Of its files, without ending.
        says: What it shows, for who cannot see it.
        frame: The data behind it.
        svg: The picture.
        png: The same in pixels.
    """

    name: str
    says: str
    frame: pl.DataFrame
    svg: str
    png: bytes

    @property
    def embedded(self) -> str:
        """The SVG as an element of a page: as wide as its place, in the page's colours and letters, with own ids."""
        text = self.svg[self.svg.index("<svg") :]
        opening, rest = text.split(">", 1)
        opening = re.sub(r'\s(width|height)="[^"]*"', "", opening)
        says = html.escape(self.says, quote=True)
        text = f'{opening} class="picture" role="img" aria-label="{says}">{rest}'
        text = re.sub(r'(\sid="|href="#|url\(#)', rf"\g<1>{self.name}-", text)
        text = re.sub(r"font: (?:(bold|italic|oblique) )?([\d.]+px) [^;\"]*", _own_letters, text)
        for colour, variable in _COLOUR_VARIABLES.items():
            text = text.replace(colour, variable)
        return text

    def write(self, folder: Path) -> None:
        """Write the picture twice and its data once."""
        (folder / f"{self.name}.svg").write_text(self.svg, encoding="utf-8")
        (folder / f"{self.name}.png").write_bytes(self.png)
        self.frame.write_csv(folder / f"{self.name}.csv")


def draw_plots(rows: Rows, parts: Sequence[Subgroup], overall: Mapping[str, Interval]) -> dict[str, Plot]:
    """Every plot that the rows allow, by name; ``overall`` are the figures on all rows."""
    plots = [
        *_of_targets(rows),
        drawn(
            "risk-coverage",
            "Share of wrong answers over the share of photos answered.",
            decisions.risk_coverage_data(rows),
            decisions.draw_risk_coverage,
        ),
        drawn(
            "reliability",
            "Share of right answers over how sure the model was.",
            reliability.reliability_data(rows),
            reliability.draw_reliability,
        ),
        drawn(
            "confusion",
            "True diagnoses against those that the model named.",
            confusion.diagnosis_data(rows),
            confusion.draw_confusion,
        ),
        *_of_tiers(rows, parts, overall),
    ]
    return {plot.name: plot for plot in plots}


def _of_targets(rows: Rows) -> Iterator[Plot]:
    targets = rows.targets
    if not targets:
        return
    names = " and ".join(targets)
    yield drawn("roc", f"ROC curve: {names}.", discrimination.roc_data(rows), discrimination.draw_roc)
    yield drawn(
        "precision-recall",
        f"Precision over recall: {names}.",
        discrimination.precision_recall_data(rows),
        discrimination.draw_precision_recall,
    )
    if DANGEROUS_LESIONS in targets and rows.threshold is not None:
        yield drawn(
            "decision-curve",
            "Net benefit of acting on the model, on everyone and on no one.",
            decisions.decision_data(rows, targets[DANGEROUS_LESIONS], rows.threshold),
            decisions.draw_decision,
        )


def _of_tiers(rows: Rows, parts: Sequence[Subgroup], overall: Mapping[str, Interval]) -> Iterator[Plot]:
    tiers = confusion.tier_data(rows)
    if tiers is None:
        return
    yield drawn("confusion-tiers", "True risk tiers against those shown.", tiers, confusion.draw_confusion)
    says = "Recall and specificity of each part of the people and photos."
    yield drawn("subgroups", says, forest.forest_data(parts, overall), forest.draw_forest)


def drawn(name: str, says: str, frame: pl.DataFrame, draw: Draw) -> Plot:
    """Draw one plot from its data."""
    with plot_style.styled(name):
        figure = draw(frame)
        svg, png = io.BytesIO(), io.BytesIO()
        figure.savefig(svg, format="svg", metadata=_NO_METADATA)
        figure.savefig(png, format="png", dpi=PNG_DPI, facecolor=plot_style.PAPER)
    return Plot(name, says, frame, svg.getvalue().decode(), png.getvalue())


def _own_letters(match: re.Match[str]) -> str:
    """Matplotlib's font without its family, which the page gives."""
    kind, size = match.groups()
    said = {"bold": "font-weight: bold; ", "italic": "font-style: italic; ", "oblique": "font-style: italic; "}
    return f"{said.get(kind, '')}font-size: {size}"
