"""ISIC 2017 as published: ``ISIC-2017_*Part3_GroundTruth.csv`` and ``*metadata.csv`` per part, and folders of images.

Codella et al. 2018, https://arxiv.org/abs/1710.05006. An image that is neither melanoma nor seborrhoeic keratosis is a
benign naevus there. The published parts (training, validation, test) are joined: splits are Lentigo's own.
"""

from __future__ import annotations

from pathlib import Path

from lentigo.datasets.source import (
    Origin,
    Reading,
    Record,
    RowReader,
    Source,
    age,
    find_file,
    read_table,
    sex,
)
from lentigo.datasets.tree import find_images

TRUTH_COLUMNS = ("image_id", "melanoma", "seborrheic_keratosis")
METADATA_COLUMNS = ("image_id", "age_approximate", "sex")
DIAGNOSES = {"melanoma": "mel", "seborrheic_keratosis": "bkl", "naevus": "nv"}


def read(folder: Path) -> Reading:
    """Read all parts and find their images anywhere below ``folder``."""
    find_file(folder, "*Part3_GroundTruth.csv")
    truths = sorted(folder.rglob("*Part3_GroundTruth.csv"))
    metadata = _metadata(folder)
    images, unread = find_images(folder)
    photos = {name: paths for name, paths in images.items() if not name.endswith("_superpixels")}
    reader = RowReader(photos, DIAGNOSES, unread)
    told = set()
    for truth in truths:
        for line, row in read_table(truth, TRUTH_COLUMNS):
            told.add(row["image_id"])
            accepted = reader.accept(truth, line, row["image_id"], _diagnosis(row))
            if accepted is None:
                continue
            path, diagnosis = accepted
            known = metadata.get(row["image_id"], {})
            reader.reading.records.append(
                Record(
                    path,
                    diagnosis,
                    row=line,
                    table=truth.name,
                    image_type="dermoscopic",
                    age=age(known.get("age_approximate")),
                    sex=sex(known.get("sex")),
                )
            )
    reader.reading.notes.append(
        "ISIC 2017 names neither patients nor lesions: photos of one lesion are kept together only where they are "
        "recognised as duplicates."
    )
    if untold := sorted(set(metadata) - told):
        reader.reading.notes.append(
            f"Rows of the metadata without a row of ground truth, which are not used: {len(untold)}, "
            f"{untold[0]} for example."
        )
    return reader.finish(*truths)


def _metadata(folder: Path) -> dict[str, dict[str, str]]:
    """Age and sex by image, as far as there are tables of them."""
    tables = sorted(folder.rglob("*ata_metadata.csv"))
    return {row["image_id"]: row for table in tables for _, row in read_table(table, METADATA_COLUMNS)}


def _diagnosis(row: dict[str, str]) -> str:
    """The one column that is 1; an impossible pair stays unknown and so gets its row rejected."""
    try:
        melanoma, keratosis = float(row["melanoma"]), float(row["seborrheic_keratosis"])
    except ValueError:
        return f"melanoma={row['melanoma']}, seborrheic_keratosis={row['seborrheic_keratosis']}"
    found = {(0.0, 0.0): "naevus", (1.0, 0.0): "melanoma", (0.0, 1.0): "seborrheic_keratosis"}.get(
        (melanoma, keratosis)
    )
    return found or f"melanoma={melanoma:g}, seborrheic_keratosis={keratosis:g}"


SOURCE = Source(
    name="isic2017",
    licence="CC0 / CC BY-NC, treated as non-commercial",
    citation="Codella N. et al. (2018). Skin lesion analysis toward melanoma detection: ISBI 2017 challenge. ISIC.",
    read=read,
    origin=Origin(
        page="https://challenge.isic-archive.com/data/#2017",
        size="about 12 GB",
        contents="of each part (training, validation, test) ..._Data.zip, unpacked, and ..._Part3_GroundTruth.csv.",
        files=tuple(
            f"https://isic-challenge-data.s3.amazonaws.com/2017/ISIC-2017_{part}_{name}"
            for part in ("Training", "Validation", "Test_v2")
            for name in ("Part3_GroundTruth.csv", "Data.zip")
        ),
    ),
)
