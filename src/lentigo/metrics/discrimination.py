"""How well a model tells diagnoses apart by the decision it takes; :mod:`lentigo.metrics.curves` looks at all of them.

Functions that take weights (R, N) give (R,) or (R, C) figures.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lentigo.metrics.resampling import Floats

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


def share(weights: Floats, right: Flags, among: Flags) -> Floats:
    """The weighted share of ``right`` among ``among``, (R,) for flags (N,), (R, K) for (N, K).

    Not a number where there is none. Recall, specificity, precision and accuracy are all such shares.
    """
    totals = weights @ among.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((weights @ (right & among).astype(np.float64)) / totals)


def recalls(weights: Floats, y_true: Places, y_predicted: Places, classes: int) -> Floats:
    """Recall of each class, (R, C)."""
    right = y_true == y_predicted
    return share(weights, right[:, None], y_true[:, None] == np.arange(classes))


def precisions(weights: Floats, y_true: Places, y_predicted: Places, classes: int) -> Floats:
    """Precision of each class, (R, C)."""
    right = y_true == y_predicted
    return share(weights, right[:, None], y_predicted[:, None] == np.arange(classes))


def balanced_accuracy(weights: Floats, y_true: Places, y_predicted: Places, classes: int) -> Floats:
    """Mean recall over the classes that occur, (R,); a resample that lost a class averages the others."""
    each = recalls(weights, y_true, y_predicted, classes)
    present = np.isfinite(each)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(present, each, 0).sum(1) / present.sum(1))


def in_top(probabilities: Floats, y_true: Places, k: int) -> Flags:
    """Whether the true class is among the k likeliest, (N,), from probabilities (N, C)."""
    likeliest = np.argsort(-probabilities, axis=1, kind="stable")[:, :k]
    return np.asarray((likeliest == y_true[:, None]).any(1))


def confusion(y_true: Places, y_predicted: Places, classes: int) -> npt.NDArray[np.int64]:
    """Counts (C, C): rows the truth, columns the prediction."""
    counts = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(counts, (y_true, y_predicted), 1)
    return counts
