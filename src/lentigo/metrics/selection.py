"""What a model gains by answering only where it is sure (El-Yaniv & Wiener 2010, selective classification).

Coverage is the share of rows that get an answer, the surest first; risk is the share of wrong answers among them. Rows
of equal confidence are answered together. ``wrong`` and ``confidence`` are (N,), weights (R, N).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lentigo.metrics.curves import steps
from lentigo.metrics.resampling import Floats

Flags = npt.NDArray[np.bool_]

_HAIR = 1e-12
"""So that 80 % of ten rows is eight of them, whatever the rounding."""


def aurc(weights: Floats, confidence: Floats, wrong: Flags) -> Floats:
    """Area under the risk-coverage curve, (R,): the mean, over rows, of the risk at which each is first answered."""
    answered, risk = _answered_and_risk(weights, confidence, wrong)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((np.diff(answered, axis=1, prepend=0.0) * risk).sum(1) / answered[:, -1])


def risk_at_coverage(weights: Floats, confidence: Floats, wrong: Flags, coverages: Floats) -> Floats:
    """Risk where at least each of G coverages is first reached, (R, G)."""
    answered, risk = _answered_and_risk(weights, confidence, wrong)
    found = np.full((len(weights), len(coverages)), np.nan)
    for row in np.flatnonzero(answered[:, -1]):
        places = np.searchsorted(answered[row] / answered[row, -1], coverages - _HAIR)
        found[row] = risk[row, np.minimum(places, answered.shape[1] - 1)]
    return found


def error_at_coverage(weights: Floats, confidence: Floats, wrong: Flags, coverage: float) -> Floats:
    """Risk at one coverage, (R,)."""
    return risk_at_coverage(weights, confidence, wrong, np.array([coverage]))[:, 0]


def _answered_and_risk(weights: Floats, confidence: Floats, wrong: Flags) -> tuple[Floats, Floats]:
    """Weight answered and share of it that is wrong, (R, S), from the surest step to the least sure."""
    mistakes, right = steps(weights, confidence, wrong)
    errors = np.cumsum(mistakes[:, ::-1], axis=1)
    answered = errors + np.cumsum(right[:, ::-1], axis=1)
    return answered, np.divide(errors, answered, out=np.zeros_like(errors), where=answered > 0)
