"""From prepared rows to a manifest: duplicates, groups, splits and folds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import polars as pl

from lentigo.datasets.dataset import DuplicateRecord, RejectRecord
from lentigo.datasets.duplicates import Clusters, near_pairs
from lentigo.datasets.given_splits import held_out_order, leak_reject, missing_splits, shown_name
from lentigo.datasets.manifest import MANIFEST_SCHEMA, SPLITS
from lentigo.datasets.splits import deal

TRAINED_IN_EVERY_FOLD = -1
"""The fold of rows that are never judged on."""

Rows = list[dict[str, Any]]
"""Rows of a manifest without group, split and fold; plus ``phash`` and ``train_only``, and what a source's
:class:`~lentigo.datasets.source.Record` says of names, splits and of what is kept together."""


@dataclass(frozen=True)
class SplitOptions:
    """How rows are split."""

    validation: float
    test: float
    folds: int
    seed: int

    @property
    def fractions(self) -> tuple[float, float, float]:
        """Shares of train, validation and test."""
        return (1 - self.validation - self.test, self.validation, self.test)


def link_identical(rows: Rows) -> None:
    """Tie together in ``kept_with`` whatever rows of one file tie together, before all but one of them are dropped.

    The same file under two patients says that the two are one, or that one id is wrong: either way nothing of the one
    may be judged by what was learned from the other.
    """
    clusters = _known_to_belong_together(rows)
    clusters.join_equal(row["sha1"] for row in rows)
    for place, row in enumerate(rows):
        row["kept_with"] = f"identical/{clusters.root(place)}"


def _known_to_belong_together(rows: Rows) -> Clusters:
    """Rows of one patient, of one lesion, and those that a source keeps together."""
    clusters = Clusters(len(rows))
    for column in ("patient_id", "lesion_id"):
        clusters.join_equal((row["source"], row[column]) if row.get(column) is not None else None for row in rows)
    clusters.join_equal(row.get("kept_with") for row in rows)
    return clusters


def drop_identical(rows: Rows) -> tuple[Rows, list[RejectRecord]]:
    """Keep one row of each file; none of a file that stands under several diagnoses, as one of them must be wrong.

    Where a source gives splits, the row that is held out is kept.
    """
    by_file: defaultdict[str, Rows] = defaultdict(list)
    for row in rows:
        by_file[row["sha1"]].append(row)
    kept, rejects = [], []
    for found in by_file.values():
        same = sorted(found, key=held_out_order)
        diagnoses = sorted({row["diagnosis"] for row in same})
        conflict = len(diagnoses) > 1
        kept += [] if conflict else same[:1]
        rejects += [_identical(row, same, diagnoses) for row in (same if conflict else same[1:])]
    order = {id(row): place for place, row in enumerate(rows)}
    return sorted(kept, key=lambda row: order[id(row)]), rejects


def _identical(row: dict[str, Any], same: Rows, diagnoses: list[str]) -> RejectRecord:
    """Why a row of a file that stands in several is not kept."""
    conflict = len(diagnoses) > 1
    if not conflict and row.get("given_split") != same[0].get("given_split"):
        return leak_reject(row, same[0], "is the same file as")
    others = ", ".join(shown_name(other) for other in same if other is not row)
    return RejectRecord(
        source=row["source"],
        name=shown_name(row),
        row=None,
        reason="conflicting_duplicates" if conflict else "exact_duplicate",
        detail=f"The same file as {others}" + (f", under {' and '.join(diagnoses)}." if conflict else "."),
    )


def assign_groups(rows: Rows) -> tuple[list[str], list[DuplicateRecord]]:
    """The group of each row: all of one patient, lesion, picture or ``kept_with`` together; and near duplicates."""
    clusters, pictures = _known_to_belong_together(rows), Clusters(len(rows))
    for one, other in near_pairs([row["phash"] for row in rows]):
        clusters.join(one, other)
        pictures.join(one, other)
    alike: defaultdict[int, list[str]] = defaultdict(list)
    for place, row in enumerate(rows):
        alike[pictures.root(place)].append(row["image"])
    found = [DuplicateRecord(images=tuple(images), exact=False) for images in alike.values() if len(images) > 1]
    return [_group_name(rows[clusters.root(place)]) for place in range(len(rows))], found


def to_manifest(rows: Rows, options: SplitOptions) -> tuple[pl.DataFrame, list[DuplicateRecord]]:
    """Groups, splits and folds for rows without identical files."""
    groups, duplicates = assign_groups(rows)
    strata = [f"{row['source']}/{row['diagnosis']}" for row in rows]
    fixed = {group: 0 for group, row in zip(groups, rows, strict=True) if row["train_only"]}
    split = _deal_splits(rows, groups, strata, options, fixed)
    fold = deal(groups, strata, [1 / options.folds] * options.folds, options.seed)
    columns: dict[str, list[Any]] = {
        name: [row.get(name) for row in rows] for name in MANIFEST_SCHEMA if name not in ("group", "split", "fold")
    }
    columns |= {
        "group": groups,
        "split": [SPLITS[split[group]] for group in groups],
        "fold": [TRAINED_IN_EVERY_FOLD if group in fixed else fold[group] for group in groups],
    }
    return pl.DataFrame({name: columns[name] for name in MANIFEST_SCHEMA}, schema=MANIFEST_SCHEMA), duplicates


def _deal_splits(
    rows: Rows, groups: list[str], strata: list[str], options: SplitOptions, fixed: dict[str, int]
) -> dict[str, int]:
    """The split of each group: the given one, else one that is dealt; a split that is not given comes from training."""
    missing = missing_splits(rows)
    shares = [share if name in missing else 0.0 for name, share in zip(SPLITS, options.fractions, strict=True)]
    shares[0] = 1 - sum(shares)
    given = {
        group: SPLITS.index(row["given_split"])
        for group, row in zip(groups, rows, strict=True)
        if row.get("given_split") is not None
    }
    parts = dict(given)
    for fractions, chosen in (
        (options.fractions, [group not in given for group in groups]),
        (tuple(shares), [bool(missing) and given.get(group) == 0 for group in groups]),
    ):
        dealt = [(group, stratum) for group, stratum, one in zip(groups, strata, chosen, strict=True) if one]
        if dealt:
            names, of = zip(*dealt, strict=True)
            here = {group: fixed[group] for group in set(names) & set(fixed)}
            parts |= deal(names, of, fractions, options.seed, here)
    return parts


def _group_name(row: dict[str, Any]) -> str:
    """A readable name that is unique: that of the group's first row."""
    return f"{row['source']}/{row['patient_id'] or row['lesion_id'] or row['image'].rsplit('/')[-1]}"
