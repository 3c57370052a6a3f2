"""Thresholds chosen for recall."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from lentigo.card import OperatingPoint
from lentigo.metrics.discrimination import share
from lentigo.metrics.resampling import group_weights, to_interval

RESAMPLES = 1000


def choose_operating_point(
    scores: npt.NDArray[np.floating],
    positive: npt.NDArray[np.bool_],
    groups: npt.NDArray[np.str_],
    target_recall: float,
    chosen_on: str,
) -> OperatingPoint:
    """The highest threshold at which at least ``target_recall`` of the positives score as high.

    Args:
        scores: (N,) probabilities.
        positive: (N,) which rows must be found; at least one.
        groups: (N,) what is resampled together for the intervals.
        target_recall: Between 0 and 1.
        chosen_on: On whom, in words.
    """
    ranked = np.sort(scores[positive])[::-1]
    # A hair below the product, so that 0.9 of 10 asks for 9 and not, by rounding, for 10.
    needed = max(1, math.ceil(target_recall * len(ranked) - 1e-9))
    threshold = min(1.0, float(ranked[needed - 1]))
    flagged = scores >= threshold
    weights = group_weights(groups, RESAMPLES, seed=0)
    return OperatingPoint(
        threshold=threshold,
        target_recall=target_recall,
        recall=to_interval(share(weights, flagged, positive)),
        specificity=to_interval(share(weights, ~flagged, ~positive)),
        n_positive=int(positive.sum()),
        n_negative=int((~positive).sum()),
        chosen_on=chosen_on,
    )
