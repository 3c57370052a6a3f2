"""Preparing: a source's folder becomes a dataset folder; datasets become one.

The manifest and ``dataset.json`` are written last, each whole or not at all: a preparation that was stopped leaves
images but no half dataset, and running it again overwrites them with the same.
"""

from __future__ import annotations

import datetime
import os
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

import lentigo
from lentigo.datasets.dataset import (
    RECORD_FILE,
    ClassRecord,
    Dataset,
    DatasetRecord,
    RejectRecord,
    SourceRecord,
)
from lentigo.datasets.grouping import TRAINED_IN_EVERY_FOLD, Rows, SplitOptions, drop_identical, to_manifest
from lentigo.datasets.images import Job, Prepared, prepare_images
from lentigo.datasets.manifest import MANIFEST_FILE, SPLITS, write_manifest
from lentigo.datasets.source import Reading, Record, Source
from lentigo.errors import DatasetError, UsageError
from lentigo.taxonomy import load_taxonomy

HASHES_FILE = "hashes.parquet"


@dataclass(frozen=True)
class PrepareOptions:
    """How a source is prepared."""

    split: SplitOptions
    shorter_side_px: int = 256
    workers: int | None = None


def prepare(
    source: Source,
    folders: Sequence[Path],
    out: Path,
    options: PrepareOptions,
    on_total: Callable[[int], None],
    on_image: Callable[[], None],
) -> Dataset:
    """Prepare the folders of a source as one dataset.

    Args:
        source: How to read them.
        folders: Where they are.
        out: Folder of the dataset; must not hold one.
        options: Sizes and splits.
        on_total: Told how many images there are to decode.
        on_image: Called after each.

    Raises:
        SourceError: A folder or its table cannot be read.
        DatasetError: No image could be used.
        OSError: Writing failed; nothing that was there before is harmed.
    """
    _need_room(out, folders)
    readings = [source.read(folder) for folder in folders]
    records = [record for reading in readings for record in reading.records]
    rejects = [_reject(source, reject) for reading in readings for reject in reading.rejects]
    on_total(len(records))
    rows, unreadable = _prepare_images(source, records, out, options, on_image)
    rows, identical = drop_identical(rows)
    if not rows:
        raise DatasetError(f"None of the {len(records)} images could be read.", f"First: {unreadable[0].detail}")
    record = {"command": "prepare", "source": source.name, "shorter_side_px": options.shorter_side_px}
    return _write(
        out,
        rows,
        options.split,
        options=record,
        sources=[SourceRecord(name=source.name, licence=source.licence, citation=source.citation)],
        notes=_notes(readings),
        rejects=[*rejects, *unreadable, *identical],
    )


def merge(datasets: Sequence[Dataset], out: Path, split: SplitOptions) -> Dataset:
    """Join datasets into one with splits of its own; each row keeps its source.

    Raises:
        DatasetError: Two of them hold an image of the same name: the same source twice.
    """
    _need_room(out, [dataset.path for dataset in datasets])
    names = Counter(name for dataset in datasets for name in dataset.manifest["image"])
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        raise DatasetError(
            f"{len(twice)} images stand in two of the datasets, for example {twice[0]}.", "Merge each source once."
        )
    rows = [row for dataset in datasets for row in _rows_of(dataset)]
    kept, identical = drop_identical(rows)
    (out / "images").mkdir(parents=True, exist_ok=True)
    homes = {name: dataset.path for dataset in datasets for name in dataset.manifest["image"]}
    for row in kept:
        _link(homes[row["image"]] / row["image"], out / row["image"])
    sources = {source.name: source for dataset in datasets for source in dataset.sources}
    return _write(
        out,
        kept,
        split,
        options={"command": "merge", "datasets": [dataset.path.name for dataset in datasets]},
        sources=list(sources.values()),
        notes=[note for dataset in datasets for note in dataset.record.notes],
        rejects=[*(reject for dataset in datasets for reject in dataset.record.rejects), *identical],
    )


def _need_room(out: Path, inputs: Sequence[Path]) -> None:
    if (out / MANIFEST_FILE).exists():
        raise UsageError(f"{out} already holds a dataset.", "Choose another --out, or remove it first.")
    if any(out.resolve() == folder.resolve() for folder in inputs):
        raise UsageError(f"{out} is the folder that is read from.", "Choose another --out.")
    (out / "images").mkdir(parents=True, exist_ok=True)


def _reject(source: Source, reject: Any) -> RejectRecord:
    return RejectRecord(source=source.name, **asdict(reject))


def _notes(readings: Sequence[Reading]) -> list[str]:
    return list(dict.fromkeys(note for reading in readings for note in reading.notes))


def _prepare_images(
    source: Source, records: Sequence[Record], out: Path, options: PrepareOptions, on_image: Callable[[], None]
) -> tuple[Rows, list[RejectRecord]]:
    names = _unique_names(source, records)
    jobs = [
        Job(number, record.path, out / name, options.shorter_side_px)
        for number, (record, name) in enumerate(zip(records, names, strict=True))
    ]
    rows: dict[int, dict[str, Any]] = {}
    rejects: dict[int, RejectRecord] = {}
    for result in prepare_images(jobs, options.workers):
        record = records[result.number]
        if isinstance(result, Prepared):
            rows[result.number] = _row(source, record, names[result.number], result)
        else:
            rejects[result.number] = RejectRecord(
                source=source.name,
                name=record.path.name,
                row=record.row,
                reason=result.code,
                detail=f"{record.path.name}: {result.message}",
            )
        on_image()
    return [rows[number] for number in sorted(rows)], [rejects[number] for number in sorted(rejects)]


def _unique_names(source: Source, records: Sequence[Record]) -> list[str]:
    """A name for each image that no other has, also on a disk that does not tell upper from lower case."""
    taken: Counter[str] = Counter()
    names = []
    for record in records:
        stem = f"{source.name}_{record.path.stem}"
        taken[stem.lower()] += 1
        count = taken[stem.lower()]
        names.append(f"images/{stem}{f'_{count}' if count > 1 else ''}.jpg")
    return names


def _row(source: Source, record: Record, name: str, prepared: Prepared) -> dict[str, Any]:
    fields = {field: value for field, value in asdict(record).items() if field not in ("path", "row", "history")}
    return {
        **fields,
        **record.history,
        "image": name,
        "source": source.name,
        "sha1": prepared.sha1,
        "phash": prepared.phash,
    }


def _rows_of(dataset: Dataset) -> Rows:
    hashes = pl.read_parquet(dataset.path / HASHES_FILE)
    joined = dataset.manifest.join(hashes, on="image", how="left", maintain_order="left")
    return [{**row, "train_only": row["fold"] == TRAINED_IN_EVERY_FOLD} for row in joined.iter_rows(named=True)]


def _link(source: Path, target: Path) -> None:
    """A hard link where the disk allows one, else a copy."""
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _write(
    out: Path,
    rows: Rows,
    split: SplitOptions,
    *,
    options: dict[str, Any],
    sources: list[SourceRecord],
    notes: list[str],
    rejects: list[RejectRecord],
) -> Dataset:
    manifest, duplicates = to_manifest(rows, split)
    hashes = pl.DataFrame({"image": [row["image"] for row in rows], "phash": [row["phash"] for row in rows]})
    hashes.write_parquet(out / HASHES_FILE)
    record = DatasetRecord(
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        lentigo_version=lentigo.__version__,
        options={**options, **asdict(split)},
        sources=tuple(sources),
        diagnoses=_diagnoses(manifest),
        counts=_counts(manifest),
        notes=tuple(dict.fromkeys(notes)),
        duplicates=tuple(duplicates),
        rejects=tuple(rejects),
    )
    (out / RECORD_FILE).write_text(record.model_dump_json(indent=2) + "\n", encoding="utf-8")
    write_manifest(manifest, out)
    return Dataset(out, manifest, record)


def _diagnoses(manifest: pl.DataFrame) -> tuple[ClassRecord, ...]:
    """The diagnoses that occur: those of the taxonomy in its order, then a dataset's own by name."""
    taxonomy = load_taxonomy()
    present = set(manifest["diagnosis"])
    ordered = [code for code in taxonomy.diagnoses if code in present] + sorted(present - set(taxonomy.diagnoses))
    known = [taxonomy.diagnosis(code) for code in ordered]
    return tuple(ClassRecord(code=one.code, malignancy=one.malignancy, tier=one.tier) for one in known)


def _counts(manifest: pl.DataFrame) -> dict[str, dict[str, int]]:
    """Images by split and diagnosis."""
    return {
        split: dict(sorted(Counter(manifest.filter(pl.col("split") == split)["diagnosis"]).items())) for split in SPLITS
    }
