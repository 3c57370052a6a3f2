"""Membership inference: could somebody who has the model tell whose photos it learned from.

The attack of Yeom et al. 2018 ("Privacy risk in machine learning: analyzing the connection to overfitting", section
3.2): a photo counts as a member of the training set when the model's loss on it is small. It asks nothing but the
model's answer and the true diagnosis. Stronger attacks exist (Carlini et al. 2022, "Membership inference attacks from
first principles", with models trained for the purpose): a low figure here is no proof of safety, a high one shows a
leak.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lentigo.card import Interval
from lentigo.metrics.curves import Flags, auroc, sensitivity_at
from lentigo.metrics.resampling import Floats, group_weights, to_interval

LOW_FALSE_POSITIVE_RATE = 0.01


@dataclass(frozen=True)
class Membership:
    """How well members of the training set are told from others.

    Attributes:
        auroc: How often a member has a smaller loss than another photo; 0.5 is a coin.
        advantage: Largest difference of true and false positive rate over all thresholds; 0 is none (Yeom et al.,
            definition 4).
        found: Share of the members found at a threshold that takes 1 % of the others for members (Carlini et al.).
        members: How many.
        others: How many.
    """

    auroc: Interval
    advantage: Interval
    found: Interval
    members: int
    others: int


def infer_membership(
    losses: npt.NDArray[np.floating], member: Flags, groups: npt.NDArray[np.str_], resamples: int, seed: int
) -> Membership:
    """Attack by the loss.

    Args:
        losses: (N,) cross-entropy of each photo; members and others are drawn from the same people and devices.
        member: (N,) whether the model learned from it.
        groups: (N,) what the intervals resample together.
        resamples: Of the bootstrap.
        seed: Of the resampling.
    """
    weights = group_weights(groups, resamples, seed)
    scores = -losses.astype(np.float64)
    rates = np.array([LOW_FALSE_POSITIVE_RATE])
    return Membership(
        auroc=to_interval(auroc(weights, scores, member)),
        advantage=to_interval(_advantage(weights, scores, member)),
        found=to_interval(sensitivity_at(weights, scores, member, rates)[:, 0]),
        members=int(member.sum()),
        others=int((~member).sum()),
    )


def _advantage(weights: Floats, scores: Floats, member: Flags) -> Floats:
    order = np.argsort(-scores, kind="stable")
    last = np.r_[np.diff(scores[order]) != 0, True]
    ordered, is_member = weights[:, order], member[order]
    hits = np.cumsum(ordered * is_member, axis=1)[:, last]
    alarms = np.cumsum(ordered * ~is_member, axis=1)[:, last]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((hits / hits[:, -1:] - alarms / alarms[:, -1:]).max(1))


def cross_entropies(logits: npt.NDArray[np.floating], y_true: npt.NDArray[np.int64]) -> Floats:
    """Loss (N,) of each photo from its logits (N, C)."""
    shifted = logits.astype(np.float64) - logits.max(1, keepdims=True)
    return np.asarray(np.log(np.exp(shifted).sum(1)) - shifted[np.arange(len(y_true)), y_true])
