"""How plots look: few colours, few lines, words beside what they name instead of in a legend.

Sizes are in points, for a picture that is as wide as a phone's screen; a page may show it larger.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

INK, SOFT, LINE, PAPER = "#24302f", "#5d6967", "#e4ded3", "#fbf8f3"
ACCENT, WARM = "#0f5c5c", "#a8591c"

BAND_ALPHA = 0.14
_POINTS_PER_INCH = 72
_TEXT_PT, SMALL_PT = 12.5, 11

_SETTINGS: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": _TEXT_PT,
    "text.color": INK,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": SOFT,
    "axes.labelsize": _TEXT_PT,
    "axes.facecolor": "none",
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelsize": SMALL_PT,
    "ytick.labelsize": SMALL_PT,
    "lines.linewidth": 2,
    "lines.solid_capstyle": "round",
    # Text stays text: it can be read aloud, searched and copied, and the file is small.
    "svg.fonttype": "none",
}


@contextmanager
def styled(name: str) -> Iterator[None]:
    """Draw in this style; ``name`` makes the ids inside an SVG the same each time and unlike those of other plots."""
    with mpl.rc_context({**_SETTINGS, "svg.hashsalt": name}):
        yield


def sheet(width_pt: float = 360, height_pt: float = 300) -> Figure:
    """An empty figure."""
    size = (width_pt / _POINTS_PER_INCH, height_pt / _POINTS_PER_INCH)
    return Figure(figsize=size, layout="constrained", facecolor="none")


def percent_axes(axes: Any, x: str, y: str) -> None:
    """Both axes from 0 to 100 %, with what they count."""
    axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel=x, ylabel=y)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1, symbol=" %"))


def line_with_band(axes: Any, x: Any, values: Any, low: Any, high: Any, colour: str) -> None:
    """A line and its 95 % band; each (N,)."""
    axes.fill_between(x, low, high, color=colour, alpha=BAND_ALPHA, linewidth=0)
    axes.plot(x, values, color=colour)


def name(axes: Any, text: str, at: tuple[float, float], colour: str, **where: Any) -> None:
    """Words at a place of the data, in the colour of what they name."""
    axes.annotate(text, at, color=colour, **{"textcoords": "offset points", "xytext": (0, 0), **where})
