"""Whether probabilities mean what they say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

from lentigo.metrics.resampling import Floats

TEMPERATURES = (0.05, 20.0)
BINS = 15


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


def softmax(logits: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """(N, C) logits -> (N, C) probabilities."""
    exponentials = np.exp(np.asarray(logits, dtype=np.float64) - logits.max(1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(1, keepdims=True))


def expected_calibration_error(
    weights: Floats, probabilities: npt.NDArray[np.floating], y_true: npt.NDArray[np.integer], bins: int = BINS
) -> Floats:
    """Expected calibration error, (R,), for weights (R, N) and probabilities (N, C).

    Of the top probability, in ``bins`` of equal width: the mean distance between how sure the model was and how often
    it was right (Naeini et al. 2015; Guo et al. 2017).
    """
    confidence, right, bin_of = _binned(probabilities, y_true, bins)
    gaps = np.zeros((len(y_true), bins))
    gaps[np.arange(len(y_true)), bin_of] = confidence - right
    return np.asarray(np.abs(weights @ gaps).sum(1) / weights.sum(1))


def brier_score(weights: Floats, probabilities: npt.NDArray[np.floating], y_true: npt.NDArray[np.integer]) -> Floats:
    """Mean squared distance between probabilities (N, C) and the truth, summed over the classes, (R,).

    From 0 to 2 (Brier 1950). For two classes this is twice the mean squared error of the probability of one of them.
    """
    truth = np.zeros(probabilities.shape)
    truth[np.arange(len(y_true)), y_true] = 1
    distances = ((probabilities - truth) ** 2).sum(1)
    return np.asarray(weights @ distances / weights.sum(1))


@dataclass(frozen=True)
class ReliabilityBin:
    """Photos of like confidence: how many, how sure the model was of them, how often it was right."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def reliability(
    probabilities: npt.NDArray[np.floating], y_true: npt.NDArray[np.integer], bins: int = BINS
) -> list[ReliabilityBin]:
    """The bins of the reliability diagram that hold a photo."""
    confidence, right, bin_of = _binned(probabilities, y_true, bins)
    found = []
    for place in range(bins):
        inside = bin_of == place
        if inside.any():
            count, sure, correct = int(inside.sum()), float(confidence[inside].mean()), float(right[inside].mean())
            found.append(ReliabilityBin(place / bins, (place + 1) / bins, count, sure, correct))
    return found


def _binned(
    probabilities: npt.NDArray[np.floating], y_true: npt.NDArray[np.integer], bins: int
) -> tuple[Floats, Floats, npt.NDArray[np.int64]]:
    """Confidence, rightness and bin of each row, (N,) each."""
    confidence = probabilities.max(1).astype(np.float64)
    right = (probabilities.argmax(1) == y_true).astype(np.float64)
    return confidence, right, np.minimum((confidence * bins).astype(np.int64), bins - 1)
