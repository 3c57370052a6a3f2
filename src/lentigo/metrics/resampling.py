"""Intervals by the bootstrap, drawing groups instead of images.

Photos of one lesion or patient are alike; drawing them one by one would make the intervals too narrow. A resample is a
row of weights: how often each image's group was drawn (Davison & Hinkley 1997, section 2.4, for clustered data).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lentigo.card import Interval

Floats = npt.NDArray[np.float64]

CONFIDENCE = 0.95


def group_weights(groups: npt.NDArray[np.str_], resamples: int, seed: int) -> Floats:
    """Weights (1 + R, N) of N images: the first row is the data as they are, all ones; the others are resamples."""
    names, group_of = np.unique(groups, return_inverse=True)
    drawn = np.random.default_rng(seed).multinomial(len(names), np.full(len(names), 1 / len(names)), resamples)
    return np.concatenate([np.ones((1, len(groups))), drawn[:, group_of].astype(np.float64)])


def to_interval(values: Floats) -> Interval:
    """From a figure on the data and on each resample, (1 + R,), to the figure with its percentile interval.

    Not a number becomes None; resamples in which the figure has none are left out of the interval.
    """
    if not np.isfinite(values[0]):
        return Interval(value=None)
    resampled = values[1:][np.isfinite(values[1:])]
    if len(resampled) == 0:
        return Interval(value=float(values[0]))
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(resampled, [tail, 1 - tail])
    return Interval(value=float(values[0]), low=float(low), high=float(high))


def interval_bounds(values: Floats) -> tuple[Floats, Floats]:
    """Lower and upper ends (G,) of the percentile intervals of G figures, (1 + R, G), as for :func:`to_interval`.

    Not a number where no resample has the figure.
    """
    resampled = values[1:]
    tail = (1 - CONFIDENCE) / 2
    known = np.isfinite(resampled).any(0)
    ends = np.full((2, values.shape[1]), np.nan)
    ends[:, known] = np.nanquantile(resampled[:, known], [tail, 1 - tail], axis=0)
    return ends[0], ends[1]
