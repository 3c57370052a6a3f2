"""The manifest: one row per image, as ``docs/reference/manifest.md`` describes it. Unknown is null."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from lentigo.answers import HISTORY
from lentigo.errors import DatasetError, SplitLeak
from lentigo.writing import replacing

SPLITS = ("train", "validation", "test")
MANIFEST_FILE = "manifest.parquet"

MANIFEST_SCHEMA: dict[str, pl.DataType] = {
    "image": pl.String(),
    "source": pl.String(),
    "diagnosis": pl.String(),
    "patient_id": pl.String(),
    "lesion_id": pl.String(),
    "group": pl.String(),
    "split": pl.String(),
    "fold": pl.Int64(),
    "image_type": pl.String(),
    "age": pl.Float64(),
    "sex": pl.String(),
    "site": pl.String(),
    **{name: pl.Boolean() for name in HISTORY},
    "fitzpatrick_skin_type": pl.Int64(),
    "confirmed_by": pl.String(),
    "sha1": pl.String(),
}
"""Columns in order, with their types."""

_NEVER_NULL = ("image", "source", "diagnosis", "group", "split", "fold", "sha1")
_KEPT_TOGETHER = ("group", "patient_id", "lesion_id", "sha1")


def check_manifest(manifest: pl.DataFrame) -> None:
    """Refuse a manifest that breaks the contract.

    Raises:
        DatasetError: Columns, types, unknown splits, nulls where none may be, or one image in two rows.
        SplitLeak: A group, patient, lesion or identical file stands in two splits or two folds.
    """
    if dict(manifest.schema) != MANIFEST_SCHEMA:
        differing = sorted(set(manifest.schema.items()) ^ set(MANIFEST_SCHEMA.items()), key=str)
        raise DatasetError(f"The manifest's columns are not as they should be: {differing[0][0]}.", _PREPARE)
    for column in _NEVER_NULL:
        if manifest[column].null_count():
            raise DatasetError(f"The manifest has rows without {column}.", _PREPARE)
    if unknown := sorted(set(manifest["split"]) - set(SPLITS)):
        raise DatasetError(f"The manifest has a split '{unknown[0]}'.", f"Splits: {', '.join(SPLITS)}.")
    if manifest["image"].n_unique() < manifest.height:
        raise DatasetError("The manifest names one image in two rows.", _PREPARE)
    for column in _KEPT_TOGETHER:
        _check_together(manifest, column)


def _check_together(manifest: pl.DataFrame, column: str) -> None:
    """Each value of ``column``, within its source, must stand in one split and one fold."""
    known = manifest.filter(pl.col(column).is_not_null())
    for side in ("split", "fold"):
        sides = known.group_by("source", column).agg(pl.col(side).unique())
        torn = sides.filter(pl.col(side).list.len() > 1).sort("source", column)
        if torn.height:
            first = torn.row(0, named=True)
            raise SplitLeak(
                f"{column} '{first[column]}' of {first['source']} stands in {side}s "
                f"{' and '.join(sorted(map(str, first[side])))}"
                + (f", and {torn.height - 1} more like it." if torn.height > 1 else "."),
                "A split must keep everything of one patient, lesion or duplicate on one side; prepare again.",
            )


def write_manifest(manifest: pl.DataFrame, folder: Path) -> None:
    """Check and write a manifest; a split that leaks cannot be written."""
    check_manifest(manifest)
    with replacing(folder / MANIFEST_FILE) as part:
        manifest.write_parquet(part)


def read_manifest(folder: Path) -> pl.DataFrame:
    """Read and check a manifest.

    Raises:
        DatasetError: Not there, not Parquet, or against the contract.
    """
    path = folder / MANIFEST_FILE
    if not path.is_file():
        raise DatasetError(f"{folder} is no dataset (it has no {MANIFEST_FILE}).", _PREPARE)
    try:
        manifest = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise DatasetError(f"{path} cannot be read: {error}", _PREPARE) from error
    check_manifest(manifest)
    return manifest


_PREPARE = "Write the dataset again with `lentigo prepare`."
