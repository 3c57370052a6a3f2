"""Splits that a source brings itself: kept as they are where nothing stands on two sides of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from lentigo.datasets.dataset import RejectRecord
from lentigo.datasets.manifest import SPLITS

Row = dict[str, Any]

HELD_OUT_FIRST = {split: place for place, split in enumerate(reversed(SPLITS))}
"""Which copy of a picture stays: the one in the test split, else in validation, else in training."""


def shown_name(row: Mapping[str, Any]) -> str:
    """What messages call a row's image."""
    return str(row.get("name") or row["image"])


def held_out_order(row: Mapping[str, Any]) -> int:
    """Place of a row when those of a picture are sorted by :data:`HELD_OUT_FIRST`; rows without a split come last."""
    return HELD_OUT_FIRST.get(row.get("given_split") or "", len(SPLITS))


def leak_reject(row: Mapping[str, Any], kept: Mapping[str, Any], how: str) -> RejectRecord:
    """The reject for a row of a picture, lesion or patient that also stands in a split that is held out."""
    split = kept["given_split"]
    return RejectRecord(
        source=row["source"],
        name=shown_name(row),
        row=None,
        reason=f"leaks_into_{split}",
        detail=f"{shown_name(row)} {how} {shown_name(kept)}, which is kept in the {split} split.",
    )


def drop_leaks(rows: Sequence[Row], groups: Sequence[str]) -> tuple[list[Row], list[RejectRecord]]:
    """Rows whose group stands in one of the given splits only; of another group, only what is held out most stays."""
    by_group: defaultdict[str, list[Row]] = defaultdict(list)
    for row, group in zip(rows, groups, strict=True):
        if row["given_split"] is not None:
            by_group[group].append(row)
    rejects: dict[int, RejectRecord] = {}
    for together in by_group.values():
        kept = min(together, key=held_out_order)
        for row in together:
            if row["given_split"] != kept["given_split"]:
                rejects[id(row)] = leak_reject(row, kept, "shows the same picture as, or belongs to,")
    return [row for row in rows if id(row) not in rejects], list(rejects.values())


def missing_splits(rows: Sequence[Row]) -> tuple[str, ...]:
    """Validation or test, where training is given and they are not: these are taken from training."""
    given = Counter(row.get("given_split") for row in rows)
    return tuple(split for split in SPLITS[1:] if given["train"] and not given[split])
