"""The counts on the page: classes, sources, people, sites, missing values, splits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from lentigo.answers import HISTORY
from lentigo.datasets.dataset import SourceRecord
from lentigo.datasets.description.wording import name_of
from lentigo.datasets.manifest import SPLITS
from lentigo.taxonomy import Diagnosis
from lentigo.taxonomy.model import TIERS

OPTIONAL = ("age", "sex", "site", "image_type", "patient_id", "lesion_id")
LATER = ("fitzpatrick_skin_type", "confirmed_by")
SKIN_TYPES = (1, 2, 3, 4, 5, 6)


@dataclass(frozen=True)
class ClassSummary:
    """One diagnosis: photos and groups in all, photos by source, and both by split."""

    code: str
    name: str
    tier: str | None
    photos: int
    groups: int
    by_source: dict[str, int]
    by_split: dict[str, int]
    groups_by_split: dict[str, int]


@dataclass(frozen=True)
class SourceSummary:
    """One source: what it says of itself, and what of it is here."""

    record: SourceRecord
    photos: int
    patients: int
    lesions: int
    groups: int
    classes: int
    image_types: dict[str, int]


def classes(manifest: pl.DataFrame, diagnoses: Sequence[Diagnosis]) -> list[ClassSummary]:
    """The classes that occur: the most urgent tier first, the commonest first within it."""
    tiers = {one.code: one.tier for one in diagnoses}
    found = [
        _class(str(code), tiers.get(str(code)), rows)
        for (code,), rows in manifest.group_by("diagnosis", maintain_order=True)
    ]
    rank: dict[str | None, int] = {tier: place for place, tier in enumerate([*TIERS, None])}
    return sorted(found, key=lambda one: (rank[one.tier], -one.photos, one.code))


def _class(code: str, tier: str | None, rows: pl.DataFrame) -> ClassSummary:
    splits = {split: rows.filter(pl.col("split") == split) for split in SPLITS}
    return ClassSummary(
        code,
        name_of(code),
        tier,
        rows.height,
        rows["group"].n_unique(),
        dict(Counter(rows["source"])),
        {split: part.height for split, part in splits.items()},
        {split: part["group"].n_unique() for split, part in splits.items()},
    )


def sources(manifest: pl.DataFrame, records: Sequence[SourceRecord]) -> list[SourceSummary]:
    """The sources that occur, in the record's order, the unrecorded after them."""
    known = {record.name: record for record in records}
    present = set(manifest["source"])
    names = [name for name in known if name in present] + sorted(present - set(known))
    return [_source(known.get(name), name, manifest.filter(pl.col("source") == name)) for name in names]


def _source(record: SourceRecord | None, name: str, rows: pl.DataFrame) -> SourceSummary:
    return SourceSummary(
        record or SourceRecord(name=name, licence="not recorded", citation=""),
        rows.height,
        rows["patient_id"].drop_nulls().n_unique(),
        rows["lesion_id"].drop_nulls().n_unique(),
        rows["group"].n_unique(),
        rows["diagnosis"].n_unique(),
        dict(Counter(value or "unknown" for value in rows["image_type"]).most_common()),
    )


def ages(rows: pl.DataFrame, sex: str) -> list[float]:
    """The known ages of one sex."""
    return rows.filter(pl.col("sex") == sex)["age"].drop_nulls().to_list()


def sites(manifest: pl.DataFrame) -> dict[str, int]:
    """Photos of each body site, the commonest first; unknown is left out."""
    known = Counter(manifest["site"].drop_nulls().to_list())
    return dict(sorted(known.items(), key=lambda item: (-item[1], item[0])))


def skin_types(manifest: pl.DataFrame) -> dict[int, int]:
    """Photos of each Fitzpatrick skin type, I to VI; unknown is left out."""
    known = Counter(manifest["fitzpatrick_skin_type"].drop_nulls().to_list())
    return {number: known.get(number, 0) for number in SKIN_TYPES}


def missing(manifest: pl.DataFrame, names: Sequence[str]) -> dict[str, dict[str, float]]:
    """Share of missing values of each optional column, by source; ``""`` is all of them."""
    parts = {"": manifest} | {name: manifest.filter(pl.col("source") == name) for name in names}
    return {
        column: {name: rows[column].null_count() / rows.height for name, rows in parts.items()}
        for column in (*OPTIONAL, *HISTORY, *LATER)
    }
