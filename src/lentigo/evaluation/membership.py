"""What a model gives away about whose photos it learned from, as figures of a report."""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl

from lentigo.card import Figure
from lentigo.datasets.predictions import PredictionTable
from lentigo.metrics.membership import Membership, cross_entropies, infer_membership


def attack(learned: PredictionTable, others: PredictionTable, resamples: int, seed: int) -> Membership:
    """Membership inference by the loss.

    Sources differ in how hard their photos are. So that this is not mistaken for a leak, photos that were learned from
    are drawn until each source has the same share among them as among the others.

    Args:
        learned: Predictions on photos that the model learned from.
        others: On photos of the same sources that it did not learn from.
        resamples: Of the intervals.
        seed: Of the drawing and of the resampling.
    """
    tables = (_in_shares_of(others, learned, seed), others)
    losses = np.concatenate([cross_entropies(one.logits, one.y_true) for one in tables])
    member = np.repeat([True, False], [one.frame.height for one in tables])
    groups = np.concatenate([(one.frame["source"] + "/" + one.frame["group"]).to_numpy() for one in tables])
    return infer_membership(losses, member, groups, resamples, seed)


def _in_shares_of(others: PredictionTable, learned: PredictionTable, seed: int) -> PredictionTable:
    """As many of the photos as there can be with the others' share of each source."""
    wanted, there = (Counter(one.frame["source"].to_list()) for one in (others, learned))
    ratio = min(there[source] / count for source, count in wanted.items())
    drawn = [
        rows.sample(int(ratio * wanted[str(source)]), seed=seed)
        for (source,), rows in learned.frame.group_by("source", maintain_order=True)
        if wanted[str(source)]
    ]
    return PredictionTable(pl.concat(drawn), learned.codes)


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
