"""Shapes of small charts as SVG paths, each in a box of its own; the page stretches them and writes the words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

WIDTH, HEIGHT = 200, 40
OLDEST = 100
AGE_STEP = 5
RIDGE_BINS = 40

_BELL = np.array([1, 6, 15, 20, 15, 6, 1]) / 64
"""Binomial weights: smooths a few dozen photos into one hill, where the bins alone would make it many."""

Floats = npt.NDArray[np.float64]


def age_counts(ages: Sequence[float]) -> list[int]:
    """People by age in steps of AGE_STEP years from 0; who is OLDEST or older stands in the last."""
    edges = np.arange(0, OLDEST + AGE_STEP, AGE_STEP)
    counted: list[int] = np.histogram(np.minimum(ages, OLDEST - 1), edges)[0].tolist()
    return counted


def steps(counts: Sequence[int], highest: int, upwards: bool = True) -> str:
    """A histogram's outline in a box of WIDTH by HEIGHT; ``highest`` reaches the far side.

    Upwards it stands on the lower edge, else it hangs from the upper one.
    """
    if not highest:
        return ""
    width = WIDTH / len(counts)
    base = HEIGHT if upwards else 0
    points = [f"M0 {base}"]
    for place, number in enumerate(counts):
        length = HEIGHT * number / highest
        y = base - length if upwards else length
        points.append(f"V{y:.1f}H{(place + 1) * width:g}")
    return "".join([*points, f"V{base}Z"])


def ridge(values: Floats, low: float, high: float) -> str:
    """A smoothed histogram of the values from ``low`` to ``high``, its top at the box's top."""
    counts = np.histogram(values, RIDGE_BINS, (low, max(high, low + 1e-9)))[0].astype(np.float64)
    smooth = np.convolve(counts, _BELL, mode="same")
    top = smooth.max(initial=0)
    if top == 0:
        return ""
    xs = (np.arange(RIDGE_BINS) + 0.5) * WIDTH / RIDGE_BINS
    ys = HEIGHT - (HEIGHT - 2) * smooth / top
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in zip(xs, ys, strict=True))
    return f"M0 {HEIGHT}L{line}L{WIDTH} {HEIGHT}Z"


def place(value: float, low: float, high: float) -> float:
    """Where a value stands between two others, in percent."""
    return 50.0 if high <= low else round(100 * (min(max(value, low), high) - low) / (high - low), 2)
