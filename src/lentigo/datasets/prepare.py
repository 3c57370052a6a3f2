"""Preparing: a source's folder becomes a dataset folder; datasets become one.

The manifest and ``dataset.json`` are written last, each whole or not at all: a preparation that was stopped leaves
images but no half dataset, and running it again overwrites them with the same.
"""

from __future__ import annotations

import datetime
import itertools
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

import lentigo
from lentigo.datasets.classes import declare, grouping_of, join, joined_classes, refuse_look_alikes
from lentigo.datasets.dataset import (
    RECORD_FILE,
    ClassRecord,
    Dataset,
    DatasetRecord,
    RejectRecord,
    SourceRecord,
)
from lentigo.datasets.download import how_to_get
from lentigo.datasets.given_splits import drop_leaks, missing_splits
from lentigo.datasets.grouping import (
    TRAINED_IN_EVERY_FOLD,
    Rows,
    SplitOptions,
    assign_groups,
    drop_identical,
    link_identical,
    to_manifest,
)
from lentigo.datasets.images import Job, Prepared, prepare_images
from lentigo.datasets.manifest import MANIFEST_FILE, SPLITS, write_manifest
from lentigo.datasets.source import Reading, Record, Source
from lentigo.errors import DatasetError, SourceMissing, UsageError
from lentigo.taxonomy import Diagnosis, load_taxonomy
from lentigo.writing import write_whole

HASHES_FILE = "hashes.parquet"

_NOT_IN_ROWS = ("path", "row", "table", "history")
_LONGEST_NAME = 55
"""Characters; of up to four bytes each, and a disk takes 255 bytes."""


@dataclass(frozen=True)
class PrepareOptions:
    """How a source is prepared.

    Attributes:
        split: Shares and seed of the splits.
        shorter_side_px: Of the images that are written; smaller ones stay as they are.
        workers: Processes; None for one per core.
        classes: One of the source's groupings of its classes; None for its default.
        malignant: Own classes that are declared dangerous.
        resplit: Split anew, whatever splits the source gives.
    """

    split: SplitOptions
    shorter_side_px: int = 256
    workers: int | None = None
    classes: str | None = None
    malignant: tuple[str, ...] = ()
    resplit: bool = False


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
        SourceError: A folder or its table cannot be read, or two of its classes look like one.
        UsageError: There is no such grouping or class.
        DatasetError: No image could be used.
        OSError: Writing failed; nothing that was there before is harmed.
    """
    _need_room(out, folders)
    grouping = grouping_of(source, options.classes)
    readings = [_read(source, folder) for folder in folders]
    records = [record for reading in readings for record in reading.records]
    notes = [note for reading in readings for note in reading.notes]
    if grouping is not None:
        records = join(records, grouping[1])
        notes.append(grouping[1].note)
    if options.resplit:
        records = [replace(record, given_split=None) for record in records]
    refuse_look_alikes(record.diagnosis for record in records)
    classes = declare((record.diagnosis for record in records), source.classes, options.malignant)
    rejects = [_reject(source, reject) for reading in readings for reject in reading.rejects]
    on_total(len(records))
    rows, unreadable = _prepare_images(source, records, out, options, on_image)
    link_identical(rows)
    rows, identical = drop_identical(rows)
    if not rows:
        first = [*unreadable, *identical][0].detail
        raise DatasetError(f"None of the {len(records)} images can be used.", f"First: {first}")
    rows, leaking = _keep_given_splits(rows, notes)
    record = {
        "command": "prepare",
        "source": source.name,
        "shorter_side_px": options.shorter_side_px,
        "classes": grouping[0] if grouping else None,
        "malignant": list(options.malignant),
        "resplit": options.resplit,
    }
    return _write(
        out,
        rows,
        options.split,
        options=record,
        sources=[SourceRecord(name=source.name, licence=source.licence, citation=source.citation)],
        notes=notes,
        rejects=[*rejects, *unreadable, *identical, *leaking],
        classes=classes,
    )


def merge(datasets: Sequence[Dataset], out: Path, split: SplitOptions) -> Dataset:
    """Join datasets into one with splits of its own; each row keeps its source.

    Raises:
        DatasetError: Two of them hold an image of the same name (the same source twice), or say different things of
            one class.
    """
    classes = joined_classes({one.code: one for one in dataset.diagnoses} for dataset in datasets)
    refuse_look_alikes(classes)
    _need_room(out, [dataset.path for dataset in datasets])
    names = Counter(name for dataset in datasets for name in dataset.manifest["image"])
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        raise DatasetError(
            f"{len(twice)} images stand in two of the datasets, for example {twice[0]}.", "Merge each source once."
        )
    rows = [row for place, dataset in enumerate(datasets) for row in _rows_of(dataset, place)]
    link_identical(rows)
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
        options={"command": "merge", "datasets": [dataset.name for dataset in datasets]},
        sources=list(sources.values()),
        notes=[note for dataset in datasets for note in dataset.record.notes],
        rejects=[*(reject for dataset in datasets for reject in dataset.record.rejects), *identical],
        classes=classes,
    )


def _need_room(out: Path, inputs: Sequence[Path]) -> None:
    if (out / MANIFEST_FILE).exists():
        raise UsageError(f"{out} already holds a dataset.", "Choose another --out, or remove it first.")
    if any(out.resolve() == folder.resolve() for folder in inputs):
        raise UsageError(f"{out} is the folder that is read from.", "Choose another --out.")


def _reject(source: Source, reject: Any) -> RejectRecord:
    return RejectRecord(source=source.name, **asdict(reject))


def _read(source: Source, folder: Path) -> Reading:
    """Read a folder; where its files are not there, the error says where to get them."""
    try:
        return source.read(folder)
    except SourceMissing as error:
        raise SourceMissing(error.message, f"{error.hint} {how_to_get(source, folder)}".strip()) from error


def _keep_given_splits(rows: Rows, notes: list[str]) -> tuple[Rows, list[RejectRecord]]:
    """Drop what would leak between the splits that the source gives, and say so."""
    if all(row["given_split"] is None for row in rows):
        return rows, []
    kept, leaking = drop_leaks(rows, assign_groups(rows)[0])
    notes.append("Splits are those of the source's folders.")
    if leaking:
        notes.append(f"{len(leaking)} images stand, or look alike, in two splits: the copies that are trained on go.")
    if missing := missing_splits(kept):
        notes.append(f"The folders give no {' and no '.join(missing)} split: taken from training.")
    return kept, leaking


def _prepare_images(
    source: Source, records: Sequence[Record], out: Path, options: PrepareOptions, on_image: Callable[[], None]
) -> tuple[Rows, list[RejectRecord]]:
    (out / "images").mkdir(parents=True, exist_ok=True)
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
                name=record.name or record.path.name,
                row=record.row,
                table=record.table,
                reason=result.code,
                detail=f"{record.name or record.path.name}: {result.message}",
            )
        on_image()
    return [rows[number] for number in sorted(rows)], [rejects[number] for number in sorted(rejects)]


def _unique_names(source: Source, records: Sequence[Record]) -> list[str]:
    """A name for each image that no other has, also on a disk that does not tell upper from lower case."""
    taken: set[str] = set()
    names = []
    for record in records:
        stem = f"{source.name}_{_plain(record.name or record.path.name)}"
        counted = (f"{stem}{f'_{count}' if count > 1 else ''}" for count in itertools.count(1))
        free = next(name for name in counted if name.lower() not in taken)
        taken.add(free.lower())
        names.append(f"images/{free}.jpg")
    return names


def _plain(name: str) -> str:
    """A name without ending, of characters that every disk takes, and short enough for one."""
    return re.sub(r"[^\w.()+-]+", "_", name.rpartition(".")[0] or name)[-_LONGEST_NAME:]


def _row(source: Source, record: Record, name: str, prepared: Prepared) -> dict[str, Any]:
    fields = {field: value for field, value in asdict(record).items() if field not in _NOT_IN_ROWS}
    return {
        **fields,
        **record.history,
        "image": name,
        "source": source.name,
        "sha1": prepared.sha1,
        "phash": prepared.phash,
    }


def _rows_of(dataset: Dataset, place: int) -> Rows:
    """The rows of a dataset; what it kept together stays so."""
    hashes = pl.read_parquet(dataset.path / HASHES_FILE)
    joined = dataset.manifest.join(hashes, on="image", how="left", maintain_order="left")
    return [
        {**row, "train_only": row["fold"] == TRAINED_IN_EVERY_FOLD, "kept_with": f"{place}/{row['group']}"}
        for row in joined.iter_rows(named=True)
    ]


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
    classes: Mapping[str, Diagnosis],
) -> Dataset:
    manifest, duplicates = to_manifest(rows, split)
    hashes = pl.DataFrame({"image": [row["image"] for row in rows], "phash": [row["phash"] for row in rows]})
    hashes.write_parquet(out / HASHES_FILE)
    record = DatasetRecord(
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        lentigo_version=lentigo.__version__,
        options={**options, **asdict(split)},
        sources=tuple(sources),
        diagnoses=_diagnoses(manifest, classes),
        counts=_counts(manifest),
        notes=tuple(dict.fromkeys(notes)),
        duplicates=tuple(duplicates),
        rejects=tuple(rejects),
    )
    write_whole(out / RECORD_FILE, record.model_dump_json(indent=2) + "\n")
    write_manifest(manifest, out)
    return Dataset(out, manifest, record)


def _diagnoses(manifest: pl.DataFrame, own: Mapping[str, Diagnosis]) -> tuple[ClassRecord, ...]:
    """The diagnoses that occur: those of the taxonomy in its order, then a dataset's own by name."""
    taxonomy = load_taxonomy()
    present = set(manifest["diagnosis"])
    ordered = [code for code in taxonomy.diagnoses if code in present] + sorted(present - set(taxonomy.diagnoses))
    known = [own.get(code) or taxonomy.diagnosis(code) for code in ordered]
    return tuple(ClassRecord(code=one.code, malignancy=one.malignancy, tier=one.tier) for one in known)


def _counts(manifest: pl.DataFrame) -> dict[str, dict[str, int]]:
    """Images by split and diagnosis."""
    return {
        split: dict(sorted(Counter(manifest.filter(pl.col("split") == split)["diagnosis"]).items())) for split in SPLITS
    }
