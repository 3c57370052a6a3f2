"""What a model gives away about whose photos it learned from, as figures of a report."""

from __future__ import annotations

import numpy as np
import polars as pl

from lentigo.card import Figure
from lentigo.datasets.predictions import PredictionTable
from lentigo.metrics.membership import Membership, cross_entropies, infer_membership


def attack(learned: PredictionTable, others: PredictionTable, resamples: int, seed: int) -> Membership:
    """Membership inference by the loss.

    Args:
        learned: Predictions on photos that the model learned from.
        others: On photos of the same sources that it did not learn from.
        resamples: Of the intervals.
        seed: Of the resampling.
    """
    tables = (learned, others)
    losses = np.concatenate([cross_entropies(one.logits, one.y_true) for one in tables])
    member = np.repeat([True, False], [one.frame.height for one in tables])
    groups = np.concatenate([(one.frame["source"] + "/" + one.frame["group"]).to_numpy() for one in tables])
    return infer_membership(losses, member, groups, resamples, seed)


def membership_figures(learned: PredictionTable, others: PredictionTable, resamples: int, seed: int) -> list[Figure]:
    """The attack as figures; photos of sources that the model did not learn from are left out."""
    known = others.filter(pl.col("source").is_in(sorted(set(learned.frame["source"]))))
    found = attack(learned, known, resamples, seed)
    on = f"{found.members} photos that the model learned from and {found.others} others"
    values = {
        "membership_auroc": found.auroc,
        "membership_advantage": found.advantage,
        "membership_found": found.found,
    }
    number = found.members + found.others
    return [Figure(name=name, value=value, n=number, measured_on=on) for name, value in values.items()]
