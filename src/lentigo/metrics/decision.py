"""What acting on a probability is worth: decision curves (Vickers & Elkin 2006, "Decision curve analysis").

The threshold says how a person weighs harms: who would rather have 19 harmless spots looked at than miss one dangerous
spot acts from 5 % on. At each threshold, net benefit counts the true positives, less the false ones at that exchange.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lentigo.metrics.resampling import Floats

Flags = npt.NDArray[np.bool_]


def net_benefit(weights: Floats, scores: Floats, positive: Flags, thresholds: Floats) -> Floats:
    """Net benefit of acting on scores (N,) at or above each of T thresholds, (R, T): TP/n - FP/n · t/(1 - t).

    Thresholds lie below 1.
    """
    flagged = (scores[:, None] >= thresholds).astype(np.float64)
    hits = weights @ (flagged * positive[:, None])
    alarms = weights @ (flagged * ~positive[:, None])
    return _per_person(weights, hits, alarms, thresholds)


def treat_all(weights: Floats, positive: Flags, thresholds: Floats) -> Floats:
    """Net benefit of acting on everyone, (R, T); that of acting on no one is 0."""
    hits = weights @ positive.astype(np.float64)
    return _per_person(weights, hits[:, None], (weights.sum(1) - hits)[:, None], thresholds)


def _per_person(weights: Floats, hits: Floats, alarms: Floats, thresholds: Floats) -> Floats:
    return np.asarray((hits - alarms * thresholds / (1 - thresholds)) / weights.sum(1, keepdims=True))
