"""Curves over every threshold, and areas under them: ROC and precision-recall.

Every function takes weights (R, N), scores (N,) and which rows are positive (N,), and gives a row for each of the R
weightings. Rows of equal score are one step: no threshold can part them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lentigo.metrics.resampling import Floats

Flags = npt.NDArray[np.bool_]

SENSITIVITY_FLOOR = 0.8
"""The ISIC 2024 challenge looks at the ROC above a sensitivity of 80 %."""

_HAIR = 1e-12
"""So that 0.3 of the positives is reached by 3 of 10, whatever the rounding."""


def steps(weights: Floats, scores: Floats, positive: Flags, *, merged: bool = False) -> tuple[Floats, Floats]:
    """Weight of the positives and of the negatives at each distinct score, (R, S) each, from the lowest score up.

    With ``merged``, neighbouring scores that only negatives have are one step: no area or curve changes, as nothing
    is found between them, and there is much less to add up.
    """
    order = np.argsort(scores, kind="stable")
    ordered, is_positive = weights[:, order], positive[order]
    starts = np.flatnonzero(np.r_[True, np.diff(scores[order]) > 0])
    has_positive = np.logical_or.reduceat(is_positive, starts)
    if merged:
        kept = has_positive | np.r_[True, has_positive[:-1]]
        starts, has_positive = starts[kept], has_positive[kept]
    totals = ordered if len(starts) == len(scores) else np.add.reduceat(ordered, starts, axis=1)
    if np.logical_and.reduceat(is_positive, starts)[has_positive].all():
        positives = totals * has_positive
    else:
        positives = np.add.reduceat(ordered * is_positive, starts, axis=1)
    return positives, totals - positives


def auroc(weights: Floats, scores: Floats, positive: Flags) -> Floats:
    """Area under the ROC curve, (R,): how often a positive scores higher than a negative, ties counting half.

    The Mann-Whitney form, with weights (Hanley & McNeil 1982).
    """
    positives, negatives = steps(weights, scores, positive, merged=True)
    below = np.cumsum(negatives, axis=1) - negatives
    wins = (positives * (below + negatives / 2)).sum(1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(wins / (positives.sum(1) * negatives.sum(1)))


def partial_auroc(
    weights: Floats, scores: Floats, positive: Flags, sensitivity_floor: float = SENSITIVITY_FLOOR
) -> Floats:
    """Area between the ROC curve and a floor of sensitivity, (R,): from 0 to ``1 - sensitivity_floor``.

    The score of the ISIC 2024 challenge (Kurtansky et al. 2024, "The SLICE-3D dataset", pAUC above 80 % sensitivity).
    Seen from the other end: over the share of positives missed, from 0 up to the most that the floor allows, the share
    of negatives left in peace.
    """
    positives, negatives = steps(weights, scores, positive, merged=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        missed = np.cumsum(positives, axis=1) / positives.sum(1, keepdims=True)
        spared = np.cumsum(negatives, axis=1) / negatives.sum(1, keepdims=True)
    start_missed, start_spared = _shifted(missed), _shifted(spared)
    width, height = missed - start_missed, spared - start_spared
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.clip((1 - sensitivity_floor - start_missed) / width, 0, 1)
    part = np.where(width > 0, part, 0)
    area = np.asarray((part * width * (start_spared + part * height / 2)).sum(1))
    area[~np.isfinite(missed[:, -1] + spared[:, -1])] = np.nan
    return area


def average_precision(weights: Floats, scores: Floats, positive: Flags) -> Floats:
    """Mean precision over the thresholds, each counted by the recall it adds, (R,); no interpolation."""
    recall, precision = _recall_and_precision(weights, scores, positive)
    return np.asarray((np.diff(recall, axis=1, prepend=0.0) * precision).sum(1))


def sensitivity_at(weights: Floats, scores: Floats, positive: Flags, false_positive_rates: Floats) -> Floats:
    """Height of the ROC curve at G false-positive rates, (R, G); straight lines between its points."""
    positives, negatives = steps(weights, scores, positive, merged=True)
    found = np.full((len(weights), len(false_positive_rates)), np.nan)
    for row, (hits, alarms) in enumerate(zip(positives, negatives, strict=True)):
        if hits.sum() and alarms.sum():
            tpr = np.r_[0.0, np.cumsum(hits[::-1])] / hits.sum()
            fpr = np.r_[0.0, np.cumsum(alarms[::-1])] / alarms.sum()
            found[row] = np.interp(false_positive_rates, fpr, tpr)
    return found


def precision_at_recall(weights: Floats, scores: Floats, positive: Flags, recalls: Floats) -> Floats:
    """Precision at the highest threshold that reaches each of G recalls, (R, G).

    Without straight lines between points, which would flatter (Davis & Goadrich 2006).
    """
    recall, precision = _recall_and_precision(weights, scores, positive)
    found = np.full((len(weights), len(recalls)), np.nan)
    for row in np.flatnonzero(np.isfinite(recall[:, -1])):
        places = np.searchsorted(recall[row], recalls - _HAIR)
        found[row] = precision[row, np.minimum(places, recall.shape[1] - 1)]
    return found


def _recall_and_precision(weights: Floats, scores: Floats, positive: Flags) -> tuple[Floats, Floats]:
    """Both at each threshold, (R, S), from the highest threshold down; precision is 0 before anything is flagged."""
    positives, negatives = steps(weights, scores, positive, merged=True)
    hits = np.cumsum(positives[:, ::-1], axis=1)
    flagged = hits + np.cumsum(negatives[:, ::-1], axis=1)
    precision = np.divide(hits, flagged, out=np.zeros_like(hits), where=flagged > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return hits / hits[:, -1:], precision


def _shifted(cumulative: Floats) -> Floats:
    """Where each step of a cumulative sum begins."""
    return np.concatenate([np.zeros((len(cumulative), 1)), cumulative[:, :-1]], axis=1)
