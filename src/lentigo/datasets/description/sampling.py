"""Which photos are looked at, and which are shown. Every choice is seeded and made before anything is decoded."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

HUNDRED = 100
HUNDRED_CLASSES = 16
"""With more classes most would have one photo of a hundred or none: no picture of their shares."""
SHOWN = 240
"""About so many samples are shown in all; many classes get fewer each, but each gets one."""
MOST_PER_CLASS = 8


def shuffled(manifest: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The rows in a random order that depends on the seed and the rows alone."""
    order = np.random.default_rng(seed).permutation(manifest.height)
    return manifest.sort("image")[order]


def draw(manifest: pl.DataFrame, limit: int) -> list[str]:
    """Images to measure: all, or ``limit`` of them, half of which are dealt evenly to the classes.

    By chance alone a class of one photo in a hundred would have 20 of 2,000: too few to compare.

    Args:
        manifest: In random order, see :func:`shuffled`.
        limit: How many at most.
    """
    if manifest.height <= limit:
        return manifest["image"].to_list()
    evenly = _round_robin(manifest.select("diagnosis", "image").rows())[: limit // 2]
    chosen = set(evenly)
    others = [image for image in manifest["image"] if image not in chosen]
    return evenly + others[: limit - len(evenly)]


def samples(manifest: pl.DataFrame) -> dict[str, list[str]]:
    """Images to show of each diagnosis, one of each group, from its sources in turn.

    Args:
        manifest: In random order, see :func:`shuffled`.
    """
    classes = manifest["diagnosis"].n_unique()
    each = max(1, min(MOST_PER_CLASS, SHOWN // classes))
    apart = manifest.unique(["diagnosis", "group"], keep="first", maintain_order=True)
    return {
        str(diagnosis): _round_robin(rows.select("source", "image").rows())[:each]
        for (diagnosis,), rows in apart.group_by("diagnosis", maintain_order=True)
    }


def hundred(manifest: pl.DataFrame) -> dict[str, list[str]]:
    """The set as if it were 100 photos: images of each diagnosis in its share, the commonest diagnosis first.

    Empty for a set of fewer photos or of more than HUNDRED_CLASSES classes.

    Args:
        manifest: In random order, see :func:`shuffled`.
    """
    if manifest.height < HUNDRED or manifest["diagnosis"].n_unique() > HUNDRED_CLASSES:
        return {}
    of: defaultdict[str, list[str]] = defaultdict(list)
    for diagnosis, image in manifest.select("diagnosis", "image").iter_rows():
        of[diagnosis].append(image)
    seats = apportion({diagnosis: len(images) for diagnosis, images in of.items()}, HUNDRED)
    ordered = sorted(of, key=lambda diagnosis: (-len(of[diagnosis]), diagnosis))
    return {diagnosis: of[diagnosis][: seats[diagnosis]] for diagnosis in ordered}


def apportion(counts: Mapping[str, int], seats: int) -> dict[str, int]:
    """Whole numbers in proportion to counts that sum to ``seats`` (Hamilton's method of largest remainders)."""
    total = sum(counts.values())
    exact = {name: seats * number / total for name, number in counts.items()}
    given = {name: int(share) for name, share in exact.items()}
    by_remainder = sorted(counts, key=lambda name: (given[name] - exact[name], name))
    for name in by_remainder[: seats - sum(given.values())]:
        given[name] += 1
    return given


def _round_robin(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """The second of each pair, one of each first in turn."""
    of: defaultdict[str, list[str]] = defaultdict(list)
    for first, second in pairs:
        of[first].append(second)
    turns = itertools.zip_longest(*(of[first] for first in sorted(of)))
    return [one for turn in turns for one in turn if one is not None]
