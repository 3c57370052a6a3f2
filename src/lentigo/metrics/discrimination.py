"""How well a model tells diagnoses apart. Every function takes weights (R, N) and gives (R,) or (R, C) figures."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lentigo.metrics.resampling import Floats

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


def share(weights: Floats, right: Flags, among: Flags) -> Floats:
    """The weighted share of ``right`` among ``among``, (R,); not a number where there is none.

    Recall, specificity, precision and accuracy are all such shares.
    """
    totals = weights @ among.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((weights @ (right & among).astype(np.float64)) / totals)


def recalls(weights: Floats, y_true: Places, y_predicted: Places, classes: int) -> Floats:
    """Recall of each class, (R, C)."""
    right = y_true == y_predicted
    return np.stack([share(weights, right, y_true == place) for place in range(classes)], axis=1)


def precisions(weights: Floats, y_true: Places, y_predicted: Places, classes: int) -> Floats:
    """Precision of each class, (R, C)."""
    right = y_true == y_predicted
    return np.stack([share(weights, right, y_predicted == place) for place in range(classes)], axis=1)


def balanced_accuracy(weights: Floats, y_true: Places, y_predicted: Places, classes: int) -> Floats:
    """Mean recall over the classes that occur, (R,); a resample that lost a class averages the others."""
    each = recalls(weights, y_true, y_predicted, classes)
    present = np.isfinite(each)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(present, each, 0).sum(1) / present.sum(1))


def auroc(weights: Floats, scores: Floats, positive: Flags) -> Floats:
    """Area under the ROC curve, (R,): how often a positive scores higher than a negative, ties counting half.

    The Mann-Whitney form, with weights: each distinct score is one step of the curve.
    """
    _, step = np.unique(scores, return_inverse=True)
    one_hot_order = np.argsort(step, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(step[one_hot_order]) > 0])
    ordered = weights[:, one_hot_order]
    is_positive = positive[one_hot_order]
    positives = np.add.reduceat(ordered * is_positive, starts, axis=1)
    negatives = np.add.reduceat(ordered * ~is_positive, starts, axis=1)
    below = np.cumsum(negatives, axis=1) - negatives
    wins = (positives * (below + negatives / 2)).sum(1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(wins / (positives.sum(1) * negatives.sum(1)))


def confusion(y_true: Places, y_predicted: Places, classes: int) -> npt.NDArray[np.int64]:
    """Counts (C, C): rows the truth, columns the prediction."""
    counts = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(counts, (y_true, y_predicted), 1)
    return counts
