"""A dataset folder: manifest.parquet, images/, hashes.parquet and dataset.json."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl
from pydantic import ValidationError

from lentigo.card import Frozen
from lentigo.datasets.manifest import MANIFEST_FILE, read_manifest
from lentigo.errors import DatasetError
from lentigo.taxonomy import Diagnosis, Malignancy, TierName

RECORD_FILE = "dataset.json"


class SourceRecord(Frozen):
    """Where photos came from, and under which licence."""

    name: str
    licence: str
    citation: str


class ClassRecord(Frozen):
    """A diagnosis of the dataset, as the taxonomy or the dataset itself knows it."""

    code: str
    malignancy: Malignancy | None
    tier: TierName | None


class RejectRecord(Frozen):
    """A row or file that was not used, and why."""

    source: str
    name: str
    row: int | None
    table: str | None = None
    """The file that the row stands in."""
    reason: str
    detail: str


class DuplicateRecord(Frozen):
    """Images that show the same picture: they are kept in one group."""

    images: tuple[str, ...]
    exact: bool


class DatasetRecord(Frozen):
    """``dataset.json``: what a dataset is and how it was made."""

    schema_version: Literal[1] = 1
    created: str
    lentigo_version: str
    options: dict[str, Any]
    sources: tuple[SourceRecord, ...]
    diagnoses: tuple[ClassRecord, ...]
    counts: dict[str, dict[str, int]]
    notes: tuple[str, ...]
    duplicates: tuple[DuplicateRecord, ...]
    rejects: tuple[RejectRecord, ...]


@dataclass(frozen=True)
class Dataset:
    """A prepared dataset.

    Attributes:
        path: Its folder.
        manifest: One row per image, see :data:`~lentigo.datasets.manifest.MANIFEST_SCHEMA`.
        record: How it was made.
    """

    path: Path
    manifest: pl.DataFrame
    record: DatasetRecord

    @classmethod
    def open(cls, path: Path) -> Dataset:
        """Open a dataset folder.

        Raises:
            DatasetError: Not a dataset, or one that breaks the contract.
        """
        manifest = read_manifest(path)
        return cls(path, manifest, read_record(path))

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.path.resolve().name

    @property
    def sha256(self) -> str:
        """Hash of the manifest's file: tells this very dataset, with these splits, from any other."""
        return hashlib.sha256((self.path / MANIFEST_FILE).read_bytes()).hexdigest()

    @property
    def diagnoses(self) -> tuple[Diagnosis, ...]:
        """The diagnoses that occur, in the taxonomy's order, a dataset's own after them."""
        return tuple(Diagnosis(known.code, known.malignancy, known.tier) for known in self.record.diagnoses)

    @property
    def sources(self) -> tuple[SourceRecord, ...]:
        """Where the photos came from."""
        return self.record.sources

    def image_path(self, row: dict[str, Any]) -> Path:
        """The file of a manifest row."""
        return self.path / str(row["image"])


def read_record(folder: Path) -> DatasetRecord:
    """Read a ``dataset.json``.

    Raises:
        DatasetError: Not there, or not one of this version.
    """
    path = folder / RECORD_FILE
    try:
        return DatasetRecord.model_validate_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DatasetError(f"{folder} is no dataset (it has no {RECORD_FILE}).", _PREPARE) from None
    except (ValidationError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path} was not written by this version of Lentigo.", _PREPARE) from error


_PREPARE = "Write the dataset again with `lentigo prepare`."
