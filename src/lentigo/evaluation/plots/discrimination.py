"""ROC and precision-recall curves, with 95 % bands: at each place of the x axis, the interval of the height there."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.figure import Figure

from lentigo.evaluation.plots.rows import DANGEROUS_LESIONS, Rows
from lentigo.metrics.curves import auroc, average_precision, precision_at_recall, sensitivity_at
from lentigo.metrics.resampling import interval_bounds
from lentigo.plot_style import ACCENT, INK, LINE, SMALL_PT, WARM, line_with_band, name, percent_axes, sheet

POINTS = 201


def roc_data(rows: Rows) -> pl.DataFrame:
    """``target``, ``auroc``, ``false_positive_rate``, ``sensitivity`` with ``low`` and ``high``, and ``shown``.

    The one row that is ``shown`` is the threshold in use: from there on lesions are shown as dangerous.
    """
    grid = np.linspace(0, 1, POINTS)
    frames = []
    for target, one in rows.targets.items():
        found = sensitivity_at(rows.weights, one.scores, one.positive, grid)
        low, high = interval_bounds(found)
        area = float(auroc(rows.weights[:1], one.scores, one.positive)[0])
        columns = {"false_positive_rate": grid, "sensitivity": found[0], "low": low, "high": high}
        curve = pl.DataFrame({"target": [target] * POINTS, "auroc": [area] * POINTS, **columns})
        frames.append(curve.with_columns(pl.lit(False).alias("shown")))
        if target == DANGEROUS_LESIONS and rows.threshold is not None:
            flagged = one.scores >= rows.threshold
            x, y = float(flagged[~one.positive].mean()), float(flagged[one.positive].mean())
            point = (target, area, x, y, None, None, True)
            frames.append(pl.DataFrame([point], schema=frames[-1].schema, orient="row"))
    return pl.concat(frames)


def draw_roc(frame: pl.DataFrame) -> Figure:
    """Sensitivity over the share of false alarms."""
    figure = sheet()
    axes = figure.subplots()
    percent_axes(axes, "harmless lesions flagged", "found")
    axes.plot([0, 1], [0, 1], color=LINE, linewidth=1.2)
    for place, (target, curve) in enumerate(_curves(frame.filter(~pl.col("shown")))):
        colour = _COLOURS[place]
        line_with_band(axes, curve["false_positive_rate"], curve["sensitivity"], curve["low"], curve["high"], colour)
        name(axes, f"{target}, AUROC {curve['auroc'][0]:.3f}", (0.97, 0.24 - 0.11 * place), colour, ha="right")
    for shown in frame.filter(pl.col("shown")).iter_rows(named=True):
        at = (shown["false_positive_rate"], shown["sensitivity"])
        axes.plot(*at, "o", color=ACCENT, markersize=7, markeredgecolor="white")
        name(axes, "threshold\nin use", at, INK, xytext=(5, -12), va="top", fontsize=SMALL_PT)
    return figure


def precision_recall_data(rows: Rows) -> pl.DataFrame:
    """``target``, ``average_precision``, ``prevalence``, ``recall``, ``precision``, ``low``, ``high``."""
    grid = np.linspace(0, 1, POINTS)[1:]
    frames = []
    for target, one in rows.targets.items():
        found = precision_at_recall(rows.weights, one.scores, one.positive, grid)
        low, high = interval_bounds(found)
        area = float(average_precision(rows.weights[:1], one.scores, one.positive)[0])
        alike = {"target": target, "average_precision": area, "prevalence": float(one.positive.mean())}
        repeated = {key: [value] * len(grid) for key, value in alike.items()}
        frames.append(pl.DataFrame({**repeated, "recall": grid, "precision": found[0], "low": low, "high": high}))
    return pl.concat(frames)


def draw_precision_recall(frame: pl.DataFrame) -> Figure:
    """Precision over recall; flagging at random has everywhere the precision that is named as chance."""
    figure = sheet()
    axes = figure.subplots()
    percent_axes(axes, "found", "flagged and truly so")
    for place, (target, curve) in enumerate(_curves(frame)):
        colour = _COLOURS[place]
        line_with_band(axes, curve["recall"], curve["precision"], curve["low"], curve["high"], colour)
        area, chance = curve["average_precision"][0], curve["prevalence"][0]
        name(axes, f"{target} {area:.3f}, by chance {chance:.3f}", (0.03, 0.14 - 0.1 * place), colour)
    return figure


_COLOURS = (ACCENT, WARM)


def _curves(frame: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    """The rows of each target, in order."""
    return [(str(key[0]), part) for key, part in frame.group_by("target", maintain_order=True)]
