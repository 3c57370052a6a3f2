"""Confusion matrix: rows the truth, columns what the model said, colour the share of the row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from lentigo.evaluation.plots.rows import Rows
from lentigo.metrics.discrimination import confusion
from lentigo.metrics.tiers import shown_tiers, true_tiers
from lentigo.plot_style import ACCENT, SMALL_PT, SOFT, WARM, sheet
from lentigo.taxonomy.model import TIERS

_CELL_PT, _LEAST_ROWS = 33, 8
_DEEPEST = 0.62
"""Opacity of a cell that holds its whole row: words on it stay legible."""


def diagnosis_data(rows: Rows) -> pl.DataFrame:
    """``truth``, ``said``, ``count``, ``share`` of the truth's row, over diagnoses."""
    codes = [one.code for one in rows.calibration.diagnoses]
    return _cells(confusion(rows.y_true, rows.probabilities.argmax(1), len(codes)), codes)


def tier_data(rows: Rows) -> pl.DataFrame | None:
    """The same over risk tiers; None for a model without them."""
    diagnoses = rows.calibration.diagnoses
    shown = shown_tiers(rows.probabilities, diagnoses, rows.calibration.thresholds)
    if shown is None:
        return None
    return _cells(confusion(true_tiers(rows.y_true, diagnoses), shown, len(TIERS)), TIERS)


def draw_confusion(frame: pl.DataFrame) -> Figure:
    """A cell for each pair, with its count; truths that do not occur have no row."""
    said = frame["said"].unique(maintain_order=True).to_list()
    truths = frame.filter(pl.col("share").is_not_null())["truth"].unique(maintain_order=True).to_list()
    figure = sheet(height_pt=72 + _CELL_PT * max(len(truths), _LEAST_ROWS))
    axes = figure.subplots()
    for cell in frame.filter(pl.col("truth").is_in(truths)).iter_rows(named=True):
        x, y = said.index(cell["said"]), truths.index(cell["truth"])
        colour = ACCENT if cell["truth"] == cell["said"] else WARM
        axes.add_patch(
            FancyBboxPatch(
                (x - 0.42, y - 0.4),
                0.84,
                0.8,
                boxstyle="round,pad=0,rounding_size=0.1",
                linewidth=0,
                facecolor=colour,
                alpha=0.05 + (_DEEPEST - 0.05) * cell["share"],
            )
        )
        axes.text(x, y, str(cell["count"] or "·"), ha="center", va="center", fontsize=SMALL_PT)
    axes.set(xlim=(-0.5, len(said) - 0.5), ylim=(len(truths) - 0.5, -0.5), xlabel="what the model said", ylabel="truth")
    axes.set_xticks(range(len(said)), said)
    axes.set_yticks(range(len(truths)), truths)
    axes.tick_params(length=0, labelcolor=SOFT)
    axes.spines[:].set_visible(False)
    return figure


def _cells(counts: npt.NDArray[np.int64], names: Sequence[str]) -> pl.DataFrame:
    totals = counts.sum(1)
    return pl.DataFrame(
        [
            {
                "truth": truth,
                "said": said,
                "count": int(counts[row, column]),
                "share": float(counts[row, column] / totals[row]) if totals[row] else None,
            }
            for row, truth in enumerate(names)
            for column, said in enumerate(names)
        ],
        schema={"truth": pl.String, "said": pl.String, "count": pl.Int64, "share": pl.Float64},
    )
