"""Splits that keep every group on one side and every stratum in proportion.

Groups are dealt out one at a time, those of the rarest strata first and the largest first within them, each to the
part that lacks most of its stratum. scikit-learn's StratifiedGroupKFold balances classes over the whole set; here each
diagnosis of each source has its own share, so that a rare diagnosis of a small source reaches every part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np


def deal(
    groups: Sequence[str],
    strata: Sequence[str],
    fractions: Sequence[float],
    seed: int,
    fixed: Mapping[str, int] | None = None,
) -> dict[str, int]:
    """Deal groups out to parts.

    Args:
        groups: (N,) group of each image.
        strata: (N,) what is to be kept in proportion, for example source and diagnosis.
        fractions: Share of each part; they sum to 1.
        seed: Of the order among groups that are otherwise alike.
        fixed: Groups whose part is given.

    Returns:
        Part (place in ``fractions``) of each group.
    """
    group_names, group_of = np.unique(np.asarray(groups), return_inverse=True)
    stratum_names, stratum_of = np.unique(np.asarray(strata), return_inverse=True)
    counts = np.zeros((len(group_names), len(stratum_names)))
    np.add.at(counts, (group_of, stratum_of), 1)
    wanted = np.outer(fractions, counts.sum(0))
    given = np.zeros_like(wanted)
    parts: dict[str, int] = {}
    for name, part in (fixed or {}).items():
        place = int(np.searchsorted(group_names, name))
        parts[name] = part
        given[part] += counts[place]

    shuffled = np.random.default_rng(seed).permutation(len(group_names))
    totals = counts.sum(0)
    # The stratum that a group is dealt by is the rarest that it holds.
    rarest = np.where(counts > 0, totals, np.inf).argmin(1)
    for place in sorted(shuffled, key=lambda g: (totals[rarest[g]], rarest[g], -counts[g].sum())):
        name = str(group_names[place])
        if name in parts:
            continue
        stratum = rarest[place]
        lacking = (wanted[:, stratum] - given[:, stratum]) / np.maximum(wanted[:, stratum], 1e-9)
        part = int(np.lexsort((-np.asarray(fractions), -lacking))[0])
        parts[name] = part
        given[part] += counts[place]
    return parts
