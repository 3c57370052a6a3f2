"""What a reader gives: records of usable rows, and rejects of the others, each with its reason."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lentigo.errors import SourceError, SourceMissing
from lentigo.taxonomy import Diagnosis

Row = Mapping[str, str]


@dataclass(frozen=True)
class Record:
    """One image of a source, before it is decoded; fields as in the manifest."""

    path: Path
    diagnosis: str
    row: int | None = None
    table: str | None = None
    """The file that the row stands in."""
    patient_id: str | None = None
    lesion_id: str | None = None
    image_type: str | None = None
    age: float | None = None
    sex: str | None = None
    site: str | None = None
    history: Mapping[str, bool | None] = field(default_factory=dict)
    fitzpatrick_skin_type: int | None = None
    confirmed_by: str | None = None
    train_only: bool = False
    """The row is not certain enough to be judged on."""
    name: str | None = None
    """What the image is called in messages and in the dataset; without it, its file's name."""
    given_split: str | None = None
    """The split that the source puts it in."""
    kept_with: str | None = None
    """Rows with the same value stay on one side of a split, though no patient or lesion is known to join them."""


@dataclass(frozen=True)
class Reject:
    """One row or file that cannot be used. ``reason`` is a stable code, ``detail`` a sentence."""

    name: str
    reason: str
    detail: str
    row: int | None = None
    table: str | None = None


@dataclass
class Reading:
    """Everything that a reader found; ``notes`` are sentences for the reader of the dataset's record."""

    records: list[Record] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Grouping:
    """A set of classes that a source's own are joined to, and a sentence that says how.

    Attributes:
        joined: The source's class -> the class it becomes; one that is not here stays as it is.
        note: For the reader of the dataset's record.
    """

    joined: Mapping[str, str]
    note: str


@dataclass(frozen=True)
class Origin:
    """Where a public set comes from.

    Attributes:
        page: The publisher's page; for a set that is not public, whom to ask.
        size: How much there is to download, in words.
        contents: What to get there and how it lies in the folder, in one sentence.
        doi: Of an archive whose own list of files and checksums can be asked for; None without one.
        wanted: Names (patterns) of the files of that archive that the reader needs.
        files: Addresses of the files, for a publisher that lists no checksums.
    """

    page: str
    size: str
    contents: str
    doi: str | None = None
    wanted: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def downloadable(self) -> bool:
        """Whether ``--download`` can fetch it."""
        return bool(self.doi or self.files)


@dataclass(frozen=True)
class Source:
    """A public or own collection in its original layout.

    Attributes:
        name: What ``lentigo prepare`` takes.
        licence: Of the data.
        citation: Whom to cite.
        read: Reads one folder.
        classes: Classes that the taxonomy does not know, with what the source says of their danger.
        groupings: What ``--classes`` takes; the first is the default.
        origin: Where to get it; None for a collection of one's own.
    """

    name: str
    licence: str
    citation: str
    read: Callable[[Path], Reading]
    classes: tuple[Diagnosis, ...] = ()
    groupings: Mapping[str, Grouping] = field(default_factory=dict)
    origin: Origin | None = None


def read_table(path: Path, required: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Rows of a CSV with their line numbers (the header is line 1); cells without surrounding spaces.

    Raises:
        SourceError: Not readable as a CSV, without a needed column or with one twice, without rows, or a row has more
            cells than there are columns, so that nobody knows which belongs where.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            columns = reader.fieldnames or []
            rows = [(reader.line_num, _cells(path, reader.line_num, row)) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"{path} is not a CSV in UTF-8: {error}.", "Save the table as CSV (UTF-8).") from error
    if twice := [column for column in required if columns.count(column) > 1]:
        raise SourceError(f"{path} has the column {twice[0]} twice.", "Remove or rename one of them.")
    missing = [column for column in required if column not in columns]
    if missing:
        raise SourceError(
            f"{path} lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}.",
            f"It has: {', '.join(columns) or 'nothing'}.",
        )
    if not rows:
        raise SourceError(f"{path} has no rows.", "Give the folder of the whole set.")
    return rows


def _cells(path: Path, line: int, row: Mapping[str | None, Any]) -> dict[str, str]:
    """The cells of a row by column; the cells that the row lacks at its end are empty."""
    if None in row:
        raise SourceError(
            f"{path}, row {line} has {len(row[None])} cells more than there are columns.",
            "Put a cell that holds a comma in quotes.",
        )
    return {column: (cell or "").strip() for column, cell in row.items() if column}


def find_file(folder: Path, *patterns: str) -> Path:
    """The one table of a source, wherever it lies in its folder.

    Raises:
        SourceMissing: There is no such folder or file.
    """
    if not folder.is_dir():
        raise SourceMissing(f"There is no folder {folder}.", "Give the folder that holds the images and the table.")
    for pattern in patterns:
        found = sorted(folder.rglob(pattern))
        if found:
            return found[0]
    raise SourceMissing(f"{folder} holds no {patterns[0]}.", "Give the folder that holds the images and the table.")


class RowReader:
    """Turns a table's rows into records; a row that cannot be one becomes a reject."""

    def __init__(
        self, images: Mapping[str, Sequence[Path]], known: Mapping[str, str], unread: Iterable[Reject] = ()
    ) -> None:
        self.images, self.known = images, known
        self.reading = Reading(rejects=list(unread))
        self._seen: dict[str, tuple[str, int]] = {}

    def accept(self, table: Path, row: int, name: str, diagnosis: str) -> tuple[Path, str] | None:
        """The image and our code of a row's diagnosis; None when the row was rejected."""
        place = (table.name, row)
        earlier = self._seen.setdefault(name, place) if name else place
        paths = self.images.get(name, ())
        if not name:
            problem = ("no_id", f"The row names no image (its diagnosis: {diagnosis or 'blank'}).")
        elif earlier != place:
            elsewhere = f" of {earlier[0]}" if earlier[0] != table.name else ""
            problem = ("duplicated_id", f"'{name}' already stands in row {earlier[1]}{elsewhere}.")
        elif diagnosis not in self.known:
            known = ", ".join(self.known)
            problem = ("unknown_diagnosis", f"'{diagnosis}' is no known diagnosis of this set ({known}).")
        elif not paths:
            problem = ("image_missing", f"There is no image file named '{name}'.")
        elif len(paths) > 1:
            where = " and ".join(str(path.parent.name) + "/" + path.name for path in paths)
            problem = ("ambiguous_image", f"Several files are named '{name}': {where}.")
        else:
            return paths[0], self.known[diagnosis]
        self.reading.rejects.append(Reject(name, *problem, row, table.name))
        return None

    def finish(self, *tables: Path) -> Reading:
        """Also reject images that the tables do not name, and return all.

        Raises:
            SourceMissing: There is no image for any row.
            SourceError: No row can be used for another reason.
        """
        names = " or ".join(table.name for table in tables)
        strays = [path for name, paths in sorted(self.images.items()) if name not in self._seen for path in paths]
        for path in strays:
            detail = f"{path.name} has no row in {names}."
            self.reading.rejects.append(Reject(path.name, "no_row", detail))
        if not self.reading.records:
            first = self.reading.rejects[0].detail if self.reading.rejects else "It is empty."
            kind = SourceError if any(name in self.images for name in self._seen) else SourceMissing
            raise kind(
                f"No row of {names} in {tables[0].parent} can be used. {first}",
                "Give the folder that holds the images too.",
            )
        return self.reading


def number(cell: str | None) -> float | None:
    """A cell as a number; empty, text, NaN and infinities are unknown."""
    try:
        value = float(cell) if cell else None
    except ValueError:
        return None
    return value if value is not None and abs(value) < float("inf") else None


def age(cell: str | None) -> float | None:
    """An age in years; 0 and below stand for unknown in HAM10000, above 120 for a slip."""
    value = number(cell)
    return value if value is not None and 0 < value <= 120 else None


def sex(cell: str | None) -> str | None:
    """``female``, ``male`` or unknown."""
    value = (cell or "").lower()
    return value if value in ("female", "male") else None


def yes_or_no(cell: str | None) -> bool | None:
    """A yes-or-no answer; anything but a clear one is unknown."""
    return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get((cell or "").lower())
