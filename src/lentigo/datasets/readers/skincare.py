"""The mole project's set as found: ``CLIN_DIA.xlsx`` and folders ``SET_*`` of BMP or JPEG named by the table's ``id``.

What the columns mean was found by looking, nothing is published:

- ``id`` (``d1`` ... ``e1000``) names the image, in any case; ``nr`` only counts the rows. There is neither patient nor
  lesion.
- ``kat.Diagnose`` is 1 (benign melanocytic), 2 (dysplastic naevus) or 3 (melanoma). 0 stands for everything else: basal
  cell carcinoma, seborrhoeic keratosis, angioma, "not diagnostic".
- ``Diagnose red.`` is the diagnosis that ``kat.Diagnose`` follows; ``klin. Diagn.`` is the clinical one.
- ``Histo performed`` is 1 where there was histology.

Photos whose ids follow each other show skin of like colour far more often than others (the border's colour differs by
0.5 of what it does in a random pair between neighbours, by 0.9 at a distance of 20 ids, in both sets), so runs of ids
very likely come from one patient: blocks of ``BLOCK`` ids are kept on one side of a split.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from lentigo.datasets.source import Grouping, Origin, Reading, Record, Reject, RowReader, Source, find_file
from lentigo.datasets.spreadsheet import SheetRow, read_sheet
from lentigo.datasets.tree import find_images
from lentigo.taxonomy import Diagnosis

ID, HISTOLOGY, REDUCED, CATEGORY = "id", "Histo performed", "Diagnose red.", "kat.Diagnose"
KAT = {"1": "benign", "2": "dysplastic", "3": "mel"}
BLOCK = 20


def read(folder: Path) -> Reading:
    """Read the table and find its images in and below ``folder``."""
    table = find_file(folder, "CLIN_DIA.xlsx", "CLIN_DIA*.xlsx")
    sheet = read_sheet(table, (ID, HISTOLOGY, REDUCED, CATEGORY))
    found, unread = find_images(folder)
    images, copies = _first_files(folder, found)
    reader = RowReader(images, KAT, unread)
    for row in sheet.rows:
        _read_row(table, row, reader)
    reading = reader.finish(table)
    reading.rejects += copies
    reading.rejects += [_empty(table, first, last) for first, last in sheet.empty_rows]
    reading.notes += _notes(reading, sheet.rows)
    return reading


def _read_row(table: Path, row: SheetRow, reader: RowReader) -> None:
    name, category = row.cells[ID].lower(), row.cells[CATEGORY]
    shown = category if category in KAT else f"{CATEGORY} {category or 'blank'} ({row.cells[REDUCED] or 'blank'})"
    accepted = reader.accept(table, row.number, name, shown)
    if accepted is None:
        return
    path, diagnosis = accepted
    reader.reading.records.append(
        Record(
            path,
            diagnosis,
            row=row.number,
            table=table.name,
            image_type="dermoscopic",
            confirmed_by="histopathology" if row.cells[HISTOLOGY] == "1" else None,
            kept_with=_block(name),
        )
    )


def _empty(table: Path, first: int, last: int) -> Reject:
    """One reject for a run of empty rows."""
    if first == last:
        return Reject(f"row {first}", "empty_rows", f"Row {first} of {table.name} is empty.", first, table.name)
    detail = f"{last - first + 1} rows of {table.name} are empty."
    return Reject(f"rows {first} to {last}", "empty_rows", detail, first, table.name)


def _first_files(folder: Path, found: Mapping[str, Sequence[Path]]) -> tuple[dict[str, list[Path]], list[Reject]]:
    """One image for each id, those in ``SET_*`` first; further files of an id are rejected by name."""
    by_id: defaultdict[str, list[Path]] = defaultdict(list)
    for stem, paths in found.items():
        by_id[stem.strip().lower()] += paths
    images: dict[str, list[Path]] = {}
    copies: list[Reject] = []
    for name, paths in by_id.items():
        kept, *others = sorted(paths, key=lambda path: (not path.parent.name.upper().startswith("SET_"), path))
        images[name] = [kept]
        copies += [
            Reject(
                str(other.relative_to(folder)),
                "second_file",
                f"{other.relative_to(folder)} is a second file of '{name}': {kept.relative_to(folder)} is used.",
            )
            for other in others
        ]
    return images, copies


def _block(name: str) -> str | None:
    """The block of ids that this one stands in; None for an id of another form."""
    found = re.fullmatch(r"([a-z]+)(\d+)", name)
    return None if found is None else f"{found[1]}{(int(found[2]) - 1) // BLOCK}"


def _notes(reading: Reading, rows: Iterable[SheetRow]) -> list[str]:
    confirmed = sum(record.confirmed_by is not None for record in reading.records)
    notes = [
        f"The table names neither patients nor lesions ('nr' only counts). Neighbouring photos often show like skin, "
        f"so blocks of {BLOCK} ids are kept on one side of a split; a patient at the border of two blocks, or one who "
        f"came again, may still stand on both.",
        f"{confirmed} of {len(reading.records)} diagnoses are confirmed by histology"
        + ("." if confirmed == len(reading.records) else "; how the others were made is not stated."),
        "Rows of category 0 (no melanocytic lesion, or not diagnostic: basal-cell carcinomas too) belong to no class.",
    ]
    if odd := _at_odds(rows):
        notes.append(
            f"{len(odd)} rows stand in another category than most rows of their diagnosis (for example row {odd[0]}); "
            f"{CATEGORY} is kept."
        )
    return notes


def _at_odds(rows: Iterable[SheetRow]) -> list[int]:
    """Rows whose category is not the usual one of their diagnosis."""
    usual: defaultdict[str, Counter[str]] = defaultdict(Counter)
    known = [(row.number, row.cells[REDUCED].casefold(), row.cells[CATEGORY]) for row in rows]
    known = [(number, diagnosis, category) for number, diagnosis, category in known if diagnosis and category in KAT]
    for _, diagnosis, category in known:
        usual[diagnosis][category] += 1
    return [number for number, diagnosis, category in known if usual[diagnosis].most_common(1)[0][0] != category]


_KAT_NOTE = (
    "Classes are the table's categories: 1 is 'benign', 2 'dysplastic', 3 'mel' (melanoma). Dysplastic naevi count as "
    "benign in the figures about danger."
)
_TWO_NOTE = "Classes are joined: categories 1 (benign) and 2 (dysplastic) are 'benign', 3 (melanoma) is 'malignant'."

_SUSPICIOUS_NOTE = (
    "Classes are joined: category 1 is 'benign', 2 (dysplastic) and 3 (melanoma) are 'suspicious' and count as "
    "dangerous, as in the project that this set comes from."
)

SOURCE = Source(
    name="skincare",
    licence="unknown: for measuring only, not for training what is passed on",
    citation="A health-care company's mole project, sets D and E; unpublished.",
    read=read,
    classes=(
        Diagnosis("benign", "benign", "low"),
        Diagnosis("dysplastic", "benign", "low"),
        Diagnosis("malignant", "malignant", "high"),
        Diagnosis("suspicious", "malignant", "high"),
    ),
    groupings={
        "kat": Grouping({}, _KAT_NOTE),
        "benign-malignant": Grouping({"dysplastic": "benign", "mel": "malignant"}, _TWO_NOTE),
        "benign-suspicious": Grouping({"dysplastic": "suspicious", "mel": "suspicious"}, _SUSPICIOUS_NOTE),
    },
    origin=Origin(
        page="its owner, as it is not published",
        size="sets D and E: 2,000 images",
        contents="CLIN_DIA.xlsx and the folders SET_D and SET_E with the images that its column 'id' names.",
    ),
)
