"""From prepared rows to a manifest: duplicates, groups, splits and folds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import polars as pl

from lentigo.datasets.dataset import DuplicateRecord, RejectRecord
from lentigo.datasets.duplicates import Clusters, near_pairs
from lentigo.datasets.manifest import MANIFEST_SCHEMA, SPLITS
from lentigo.datasets.splits import deal

TRAINED_IN_EVERY_FOLD = -1
"""The fold of rows that are never judged on."""

Rows = list[dict[str, Any]]
"""Rows of a manifest without group, split and fold; plus ``phash`` and ``train_only``."""


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


def drop_identical(rows: Rows) -> tuple[Rows, list[RejectRecord]]:
    """Keep one row of each file; none of a file that stands under several diagnoses, as one of them must be wrong."""
    by_file: defaultdict[str, Rows] = defaultdict(list)
    for row in rows:
        by_file[row["sha1"]].append(row)
    kept, rejects = [], []
    for same in by_file.values():
        diagnoses = sorted({row["diagnosis"] for row in same})
        conflict = len(diagnoses) > 1
        kept += [] if conflict else same[:1]
        for row in same if conflict else same[1:]:
            reason = "conflicting_duplicates" if conflict else "exact_duplicate"
            others = ", ".join(other["image"] for other in same if other is not row)
            detail = f"The same file as {others}" + (f", under {' and '.join(diagnoses)}." if conflict else ".")
            rejects.append(
                RejectRecord(source=row["source"], name=row["image"], row=None, reason=reason, detail=detail)
            )
    return kept, rejects


def assign_groups(rows: Rows) -> tuple[list[str], list[DuplicateRecord]]:
    """The group of each row: all of one patient, lesion or picture together; and the near duplicates found."""
    clusters, pictures = Clusters(len(rows)), Clusters(len(rows))
    for column in ("patient_id", "lesion_id"):
        clusters.join_equal((row["source"], row[column]) if row[column] is not None else None for row in rows)
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
    split = deal(groups, strata, options.fractions, options.seed, fixed)
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


def _group_name(row: dict[str, Any]) -> str:
    """A readable name that is unique: that of the group's first row."""
    return f"{row['source']}/{row['patient_id'] or row['lesion_id'] or row['image'].rsplit('/')[-1]}"
