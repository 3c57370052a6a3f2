"""Decision curve and risk-coverage curve: what it is worth to act on the model, and to answer only where it is sure."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from lentigo.evaluation.figures import COVERAGE
from lentigo.evaluation.plots.rows import Rows, Target
from lentigo.metrics.decision import net_benefit, treat_all
from lentigo.metrics.resampling import Floats, interval_bounds
from lentigo.metrics.selection import risk_at_coverage
from lentigo.plot_style import ACCENT, INK, LINE, SMALL_PT, SOFT, WARM, line_with_band, name, sheet

THRESHOLDS = np.linspace(0.01, 0.5, 50)
"""Half is far beyond what anyone would risk with a melanoma."""

COVERAGES = np.linspace(0.02, 1, 50)


def decision_data(rows: Rows, target: Target, shown: float) -> pl.DataFrame:
    """``threshold``, ``net_benefit`` with ``low`` and ``high``, ``treat_all``, ``treat_none``.

    The row that is ``shown`` is the threshold in use.
    """
    thresholds = np.union1d(THRESHOLDS, [shown]) if shown < 1 else THRESHOLDS
    found = net_benefit(rows.weights, target.scores, target.positive, thresholds)
    low, high = interval_bounds(found)
    everyone = treat_all(rows.weights[:1], target.positive, thresholds)[0]
    columns = {"threshold": thresholds, "net_benefit": found[0], "low": low, "high": high, "treat_all": everyone}
    return pl.DataFrame({**columns, "treat_none": np.zeros(len(thresholds)), "shown": thresholds == shown})


def draw_decision(frame: pl.DataFrame) -> Figure:
    """Net benefit over the threshold probability."""
    figure = sheet()
    axes = figure.subplots()
    top = float(np.nanmax(frame["high"].to_numpy()))
    axes.set(xlim=(0, float(frame["threshold"].max())), ylim=(-0.12 * top, 1.1 * top))  # type: ignore[arg-type]  # a float column
    axes.set(xlabel="risk from which one would act", ylabel="net benefit")
    axes.xaxis.set_major_formatter(PercentFormatter(1, symbol=" %"))
    axes.plot(frame["threshold"], frame["treat_none"], color=SOFT, linewidth=1.4)
    axes.plot(frame["threshold"], frame["treat_all"], color=WARM)
    line_with_band(axes, frame["threshold"], frame["net_benefit"], frame["low"], frame["high"], ACCENT)
    for shown in frame.filter(pl.col("shown")).iter_rows(named=True):
        axes.plot(shown["threshold"], shown["net_benefit"], "o", color=ACCENT, markersize=7, markeredgecolor="white")
    middle = frame.row(frame.height * 2 // 3, named=True)
    name(axes, "the model", (middle["threshold"], middle["high"]), ACCENT, xytext=(0, 6))
    name(axes, "no one", (float(frame["threshold"][-1]), 0), SOFT, xytext=(-2, 4), ha="right")
    falling = frame.filter(pl.col("treat_all") <= 0.3 * frame["treat_all"][0]).head(1)
    for row in falling.iter_rows(named=True):
        name(axes, "everyone", (row["threshold"], row["treat_all"]), WARM, xytext=(-8, -2), ha="right")
    return figure


def risk_coverage_data(rows: Rows) -> pl.DataFrame:
    """``coverage``, ``error`` with ``low`` and ``high``."""
    wrong = rows.probabilities.argmax(1) != rows.y_true
    found: Floats = risk_at_coverage(rows.weights, rows.probabilities.max(1), wrong, COVERAGES)
    low, high = interval_bounds(found)
    return pl.DataFrame({"coverage": COVERAGES, "error": found[0], "low": low, "high": high})


def draw_risk_coverage(frame: pl.DataFrame) -> Figure:
    """Share of wrong answers over the share of photos that get one, the surest first."""
    figure = sheet()
    axes = figure.subplots()
    top = max(0.05, float(np.nanmax(frame["high"].to_numpy())))
    axes.set(
        xlim=(0, 1.02), ylim=(0, 1.25 * top), xlabel="photos answered, the surest first", ylabel="answered wrongly"
    )
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1, symbol=" %"))
    line_with_band(axes, frame["coverage"], frame["error"], frame["low"], frame["high"], ACCENT)
    for coverage, said in ((COVERAGE, f"{COVERAGE:.0%} answered"), (1.0, "all answered")):
        place = int(np.abs(frame["coverage"].to_numpy() - coverage).argmin())
        at = (float(frame["coverage"][place]), float(frame["error"][place]))
        axes.plot([at[0], at[0]], [0, at[1]], color=LINE, linewidth=1, zorder=0)
        axes.plot(*at, "o", color=ACCENT, markersize=7, markeredgecolor="white", clip_on=False)
        text = f"{said.replace('%', ' %')}\n{100 * at[1]:.1f} % wrong"
        name(axes, text, at, INK, xytext=(-4, 12), ha="right", fontsize=SMALL_PT)
    return figure
