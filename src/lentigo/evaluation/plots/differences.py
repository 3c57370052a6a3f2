"""Differences of models to the first of them: one line for each figure, better to the right."""

from __future__ import annotations

import polars as pl
from matplotlib.figure import Figure

from lentigo.evaluation.comparison import Comparison
from lentigo.evaluation.words import figure_name
from lentigo.plot_style import ACCENT, INK, LINE, SMALL_PT, SOFT, WARM, name, sheet

_COLOURS = (ACCENT, WARM, INK, SOFT)
_WIDTH_PT, _LINE_PT, _HEADROOM = 410, 15, 1.4
_COLUMNS = {
    **dict.fromkeys(("figure", "model"), pl.String),
    "n": pl.Int64,
    **dict.fromkeys(("value", "low", "high", "difference", "difference_low", "difference_high"), pl.Float64),
    "lower_is_better": pl.Boolean,
    "verdict": pl.String,
}


def comparison_data(comparison: Comparison) -> pl.DataFrame:
    """One row for each figure and model: its value, its difference to the first model, and what that says."""
    records = []
    for figure in comparison.figures:
        for place, model in enumerate(comparison.names):
            value, difference = figure.values[place], figure.differences[place]
            records.append(
                {
                    "figure": figure.name,
                    "model": model,
                    "n": figure.n,
                    **value.model_dump(),
                    "difference": difference.value if difference else None,
                    "difference_low": difference.low if difference else None,
                    "difference_high": difference.high if difference else None,
                    "lower_is_better": figure.lower_is_better,
                    "verdict": str(figure.verdicts[place]),
                }
            )
    return pl.DataFrame(records, schema=_COLUMNS)


def draw_differences(frame: pl.DataFrame) -> Figure:
    """Points with intervals; figures of which less is better are turned round, so that right is always better."""
    others = frame.filter(pl.col("difference").is_not_null() & pl.col("difference_low").is_not_null())
    models = others["model"].unique(maintain_order=True).to_list()
    figures = others["figure"].unique(maintain_order=True).to_list()
    rows = _LINE_PT * max(1.2, len(models)) * len(figures)
    figure = sheet(_WIDTH_PT, 70 + rows)
    axes = figure.subplots()
    axes.axvline(0, color=SOFT, linewidth=0.9)
    for row in others.iter_rows(named=True):
        place = models.index(row["model"])
        y = figures.index(row["figure"]) + (place - (len(models) - 1) / 2) * 0.7 / len(models)
        colour, sign = _COLOURS[place % len(_COLOURS)], -1 if row["lower_is_better"] else 1
        axes.plot([sign * row["difference_low"], sign * row["difference_high"]], [y, y], color=colour)
        axes.plot(sign * row["difference"], y, "o", color=colour, markersize=5, markeredgecolor="white")
    for y in range(len(figures)):
        axes.axhline(y, color=LINE, linewidth=0.6, zorder=0)
    axes.set(ylim=(len(figures) - 0.4, -_HEADROOM), xlabel=" ")
    axes.set_yticks(range(len(figures)), [_short_name(one) for one in figures])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.margins(x=0.08)
    for text, x, side in (("← worse", 0, "left"), ("better →", 1, "right")):
        below = {"xycoords": "axes fraction", "xytext": (0, -22), "va": "top", "fontsize": SMALL_PT}
        name(axes, text, (x, 0), SOFT, ha=side, **below)
    if len(models) > 1:
        for place, model in enumerate(models):
            at = ((place + 0.5) / len(models), 1.0)
            colour = _COLOURS[place % len(_COLOURS)]
            name(axes, model, at, colour, xycoords="axes fraction", ha="center", va="top", fontsize=SMALL_PT)
    return figure


def _short_name(figure: str) -> str:
    """What a figure is called where there is little room: diagnoses by their codes."""
    return f"{figure.removeprefix('flagged_')} flagged" if figure.startswith("flagged_") else figure_name(figure)
