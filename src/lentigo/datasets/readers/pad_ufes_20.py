"""PAD-UFES-20 as published: ``metadata.csv`` and folders of smartphone photos ``PAT_*.png``.

Pacheco et al. 2020, https://doi.org/10.1016/j.dib.2020.106221. The set counts Bowen's disease as squamous-cell
carcinoma. Images are matched by name without ending, so that copies saved as JPEG are read too.
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
    number,
    read_table,
    sex,
    yes_or_no,
)
from lentigo.datasets.tree import find_images
from lentigo.taxonomy import load_taxonomy

DIAGNOSES = {"ACK": "akiec", "BCC": "bcc", "MEL": "mel", "NEV": "nv", "SCC": "scc", "SEK": "bkl"}
HISTORY = {
    "itch": "itches",
    "grew": "grew",
    "hurt": "hurts",
    "changed": "changed",
    "bleed": "bleeds",
    "elevation": "raised",
}
COLUMNS = (
    "patient_id",
    "lesion_id",
    "age",
    "gender",
    "region",
    "fitspatrick",
    "diagnostic",
    *HISTORY,
    "img_id",
    "biopsed",
)
RECOVERED = "ids_recovered_by_matching.txt"


def read(folder: Path) -> Reading:
    """Read the table and find its images anywhere below ``folder``."""
    table = find_file(folder, "metadata.csv")
    rows = read_table(table, COLUMNS)
    images, unread = find_images(folder)
    reader = RowReader(images, DIAGNOSES, unread)
    uncertain = _uncertain(folder)
    for line, row in rows:
        name = Path(row["img_id"]).stem
        accepted = reader.accept(table, line, name, row["diagnostic"])
        if accepted is not None:
            reader.reading.records.append(_record(*accepted, table, line, row, name in uncertain))
    if uncertain:
        reader.reading.notes.append(
            f"{len(uncertain)} photos have ids that are only very likely ({RECOVERED}): they and their patients are "
            "trained on, never judged on."
        )
    return reader.finish(table)


def _record(path: Path, diagnosis: str, table: Path, line: int, row: dict[str, str], uncertain: bool) -> Record:
    skin_type = number(row["fitspatrick"])
    return Record(
        path,
        diagnosis,
        row=line,
        table=table.name,
        patient_id=row["patient_id"] or None,
        lesion_id=f"{row['patient_id']}_{row['lesion_id']}" if row["lesion_id"] else None,
        image_type="clinical",
        age=age(row["age"]),
        sex=sex(row["gender"]),
        site=load_taxonomy().site(row["region"]),
        history={ours: yes_or_no(row[theirs]) for theirs, ours in HISTORY.items()},
        fitzpatrick_skin_type=int(skin_type) if skin_type in (1, 2, 3, 4, 5, 6) else None,
        confirmed_by="histopathology" if yes_or_no(row["biopsed"]) else "clinical consensus",
        train_only=uncertain,
    )


def _uncertain(folder: Path) -> frozenset[str]:
    """Names of photos whose ids were recovered and are not certain; none in the published set."""
    found = sorted(folder.rglob(RECOVERED))
    return frozenset(found[0].read_text(encoding="utf-8").split()) if found else frozenset()


SOURCE = Source(
    name="pad-ufes-20",
    licence="CC BY 4.0",
    citation="Pacheco A. et al. (2020). PAD-UFES-20: a skin lesion dataset. Data in Brief 32:106221.",
    read=read,
    origin=Origin(
        page="https://data.mendeley.com/datasets/zr7vgbcyr2/1",
        size="about 3.4 GB",
        contents="metadata.csv and the folders in imgs_part_1.zip, imgs_part_2.zip and imgs_part_3.zip, unpacked.",
    ),
)
