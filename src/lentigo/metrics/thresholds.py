"""Thresholds chosen for recall."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lentigo.card import Interval, OperatingPoint

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
    needed = int(np.ceil(target_recall * len(ranked) - 1e-9))
    threshold = float(ranked[max(needed, 1) - 1])
    flagged = scores >= threshold
    _, group_of = np.unique(groups, return_inverse=True)
    weights = np.random.default_rng(0).multinomial(
        group_of.max() + 1, np.full(group_of.max() + 1, 1 / (group_of.max() + 1)), RESAMPLES
    )[:, group_of]

    def interval(of: npt.NDArray[np.bool_], right: npt.NDArray[np.bool_]) -> Interval:
        totals = np.maximum(weights[:, of].sum(1), 1)
        low, high = np.quantile(weights[:, of & right].sum(1) / totals, [0.025, 0.975])
        return Interval(value=float((of & right).sum() / max(of.sum(), 1)), low=float(low), high=float(high))

    return OperatingPoint(
        threshold=threshold,
        target_recall=target_recall,
        recall=interval(positive, flagged),
        specificity=interval(~positive, ~flagged),
        n_positive=int(positive.sum()),
        n_negative=int((~positive).sum()),
        chosen_on=chosen_on,
    )
