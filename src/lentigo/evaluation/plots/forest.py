"""Forest plot: recall and specificity of each part of the data, one under another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from matplotlib.transforms import blended_transform_factory

from lentigo.card import Interval
from lentigo.evaluation.subgroups import Subgroup
from lentigo.evaluation.words import ATTRIBUTE_NAMES, part_name
from lentigo.plot_style import ACCENT, INK, LINE, SMALL_PT, SOFT, sheet

PANELS = {"recall_dangerous": "dangerous flagged", "specificity_dangerous": "harmless in peace"}
_WIDTH_PT, _ROW_PT = 410, 18
_COLUMNS = {
    **dict.fromkeys(("attribute", "value", "figure"), pl.String),
    **dict.fromkeys(("images", "groups"), pl.Int64),
    **dict.fromkeys(("found", "low", "high", "overall"), pl.Float64),
}


def forest_data(parts: Sequence[Subgroup], overall: Mapping[str, Interval]) -> pl.DataFrame:
    """One row for each part and figure: ``found`` with ``low`` and ``high``, null where too small to say.

    ``overall`` is the same figure on all rows.
    """
    records = [
        {
            "attribute": part.attribute,
            "value": part.value,
            "figure": figure,
            "images": part.images,
            "groups": part.groups,
            "found": one.value if one else None,
            "low": one.low if one else None,
            "high": one.high if one else None,
            "overall": overall[figure].value,
        }
        for part in parts
        for figure, one in ((name, part.figures[name]) for name in PANELS)
    ]
    return pl.DataFrame(records, schema=_COLUMNS)


def draw_forest(frame: pl.DataFrame) -> Figure:
    """Two panels that share their rows; the upright line is the figure on all rows."""
    lines = _lines(frame)
    figure = sheet(width_pt=_WIDTH_PT, height_pt=50 + _ROW_PT * len(lines))
    panels = figure.subplots(1, len(PANELS), sharey=True, gridspec_kw={"wspace": 0.06})
    panels[0].set(ylim=(len(lines) - 0.4, -0.8))
    panels[0].set_yticks([])
    for axes, (name, title) in zip(panels, PANELS.items(), strict=True):
        own = frame.filter(pl.col("figure") == name)
        _panel(axes, title, own["overall"][0] if own.height else None)
        found = {(row["attribute"], row["value"]): row for row in own.iter_rows(named=True)}
        for y, key in enumerate(lines):
            if key in found:
                _row(axes, y, found[key])
    beside = blended_transform_factory(panels[0].transAxes, panels[0].transData)
    for y, (attribute, value) in enumerate(lines):
        heading = value is None
        text = ATTRIBUTE_NAMES[attribute] if heading else part_name(attribute, value or "")
        weight, colour = ("bold", INK) if heading else ("normal", SOFT)
        panels[0].text(
            -0.04, y, text, transform=beside, ha="right", va="center", color=colour, weight=weight, size=SMALL_PT
        )
    return figure


def _lines(frame: pl.DataFrame) -> list[tuple[str, str | None]]:
    """The rows of the plot: each attribute's heading (without a value), then its parts."""
    lines: list[tuple[str, str | None]] = []
    for attribute, value in frame.select("attribute", "value").unique(maintain_order=True).iter_rows():
        if (attribute, None) not in lines:
            lines.append((attribute, None))
        lines.append((attribute, value))
    return lines


def _panel(axes: Any, title: str, overall: float | None) -> None:
    axes.set_title(title, loc="left", color=INK, size=SMALL_PT, pad=10)
    axes.set(xlim=(0, 1.02))
    axes.set_xticks([0, 0.5, 1])
    axes.xaxis.set_major_formatter(PercentFormatter(1, symbol=" %"))
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    if overall is not None:
        axes.axvline(overall, color=SOFT, linewidth=0.9, linestyle=(0, (2, 2)), zorder=0)


def _row(axes: Any, y: int, row: Mapping[str, Any]) -> None:
    if row["found"] is None:
        axes.text(0.02, y, "too small to say", color=SOFT, size=SMALL_PT - 0.5, va="center", style="italic")
        return
    axes.axhline(y, color=LINE, linewidth=0.6, zorder=0)
    if row["low"] is not None:
        axes.plot([row["low"], row["high"]], [y, y], color=ACCENT, linewidth=2)
    axes.plot(row["found"], y, "o", color=ACCENT, markersize=5, markeredgecolor="white", markeredgewidth=0.8)
