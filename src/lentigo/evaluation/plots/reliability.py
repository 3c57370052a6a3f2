"""Reliability diagram: how often the model was right, over how sure it was."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import polars as pl
from matplotlib.figure import Figure

from lentigo.evaluation.plots.rows import Rows
from lentigo.metrics.calibration import reliability
from lentigo.metrics.discrimination import share
from lentigo.metrics.resampling import interval_bounds
from lentigo.plot_style import ACCENT, SMALL_PT, SOFT, name, percent_axes, sheet

_BARS_HEIGHT = 0.2


def reliability_data(rows: Rows) -> pl.DataFrame:
    """``low``, ``high``, ``count``, ``confidence``, ``accuracy`` of each bin, and the interval of the accuracy."""
    found = reliability(rows.probabilities, rows.y_true)
    confidence, right = rows.probabilities.max(1), rows.probabilities.argmax(1) == rows.y_true
    inside = [(confidence >= one.low) & ((confidence < one.high) | (one.high >= 1)) for one in found]
    lows, highs = interval_bounds(share(rows.weights, right[:, None], np.stack(inside, axis=1)))
    columns = {"accuracy_low": lows, "accuracy_high": highs}
    return pl.DataFrame([asdict(one) for one in found]).with_columns(**{k: pl.Series(v) for k, v in columns.items()})


def draw_reliability(frame: pl.DataFrame) -> Figure:
    """Points with intervals, the line on which they should lie, and bars for how many photos there are."""
    figure = sheet()
    axes = figure.subplots()
    percent_axes(axes, "how sure", "how often right")
    bars = _BARS_HEIGHT * frame["count"].to_numpy() / frame["count"].to_numpy().max()
    width = (frame["high"] - frame["low"]).to_numpy() * 0.86
    axes.bar((frame["low"] + frame["high"]).to_numpy() / 2, bars, width, color=ACCENT, alpha=0.16)
    axes.plot([0, 1], [0, 1], color=SOFT, linewidth=1, linestyle=(0, (3, 3)))
    axes.vlines(
        frame["confidence"], frame["accuracy_low"], frame["accuracy_high"], color=ACCENT, linewidth=1.4, alpha=0.6
    )
    axes.plot(frame["confidence"], frame["accuracy"], "o", color=ACCENT, markersize=6, markeredgecolor="white")
    name(axes, "surer than right", (0.97, 0.27), SOFT, ha="right", fontsize=SMALL_PT)
    name(axes, "more often right than sure", (0.04, 0.9), SOFT, fontsize=SMALL_PT)
    return figure
