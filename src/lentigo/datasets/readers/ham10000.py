"""HAM10000 as published: ``HAM10000_metadata`` (CSV, with or without the ending) and folders of ``ISIC_*.jpg``.

Tschandl, Rosendahl & Kittler 2018, https://doi.org/10.1038/sdata.2018.161. An age of 0 stands for unknown.
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
from lentigo.taxonomy import load_taxonomy

DIAGNOSES = ("akiec", "bcc", "bkl", "df", "mel", "nv", "vasc")
COLUMNS = ("lesion_id", "image_id", "dx", "dx_type", "age", "sex", "localization")


def read(folder: Path) -> Reading:
    """Read the table and find its images anywhere below ``folder``."""
    table = find_file(folder, "HAM10000_metadata.csv", "HAM10000_metadata", "HAM10000_metadata.*")
    rows = read_table(table, COLUMNS)
    images, unread = find_images(folder)
    reader = RowReader(images, {code: code for code in DIAGNOSES}, unread)
    taxonomy = load_taxonomy()
    for line, row in rows:
        accepted = reader.accept(table, line, row["image_id"], row["dx"])
        if accepted is None:
            continue
        path, diagnosis = accepted
        reader.reading.records.append(
            Record(
                path,
                diagnosis,
                row=line,
                table=table.name,
                lesion_id=row["lesion_id"] or None,
                image_type="dermoscopic",
                age=age(row["age"]),
                sex=sex(row["sex"]),
                site=taxonomy.site(row["localization"]),
                confirmed_by=row["dx_type"] or None,
            )
        )
    return reader.finish(table)


SOURCE = Source(
    name="ham10000",
    licence="CC BY-NC 4.0",
    citation="Tschandl P., Rosendahl C., Kittler H. (2018). The HAM10000 dataset. Scientific Data 5:180161.",
    read=read,
    origin=Origin(
        page="https://doi.org/10.7910/DVN/DBW86T",
        size="about 3 GB",
        contents="HAM10000_images_part_1.zip and HAM10000_images_part_2.zip, unpacked, and HAM10000_metadata.csv.",
        doi="10.7910/DVN/DBW86T",
        wanted=("HAM10000_metadata*", "HAM10000_images_part_1.zip", "HAM10000_images_part_2.zip"),
    ),
)
