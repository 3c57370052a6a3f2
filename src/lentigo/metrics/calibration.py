"""Whether probabilities mean what they say."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

TEMPERATURES = (0.05, 20.0)


def fit_temperature(logits: npt.NDArray[np.floating], y_true: npt.NDArray[np.integer]) -> float:
    """The temperature that makes logits / temperature likeliest (Guo et al. 2017).

    Args:
        logits: (N, C).
        y_true: (N,) place of the true class.

    Returns:
        A number between 0.05 and 20.
    """
    rows = np.arange(len(y_true))

    def loss(log_temperature: float) -> float:
        return float(-log_softmax(logits / np.exp(log_temperature), axis=1)[rows, y_true].mean())

    low, high = np.log(TEMPERATURES)
    return float(np.exp(minimize_scalar(loss, bounds=(low, high), method="bounded").x))
