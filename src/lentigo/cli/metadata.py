"""Answers from a table: our own columns, or HAM10000's and PAD-UFES-20's as they are.

A row must never answer for another person's photo. So a photo is looked for by its path as written, then by its file
name, then by that without its ending; what fits twice at the first of these that fits is refused, not guessed.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lentigo.answers import AnswerValue, from_text
from lentigo.card import AnswerSpec
from lentigo.errors import AnswerError, UsageError
from lentigo.imaging import EXTENSIONS
from lentigo.taxonomy import Taxonomy

KEYS = ("image", "image_id", "img_id")
ALIASES = {
    "localization": "site",
    "region": "site",
    "gender": "sex",
    "itch": "itches",
    "hurt": "hurts",
    "bleed": "bleeds",
    "elevation": "raised",
}
"""Columns of public sets by the name of the answer that they hold. Diagnosis columns are never read."""

_WHOLE_PATHS = "Write the photos' whole paths into the table."


@dataclass(frozen=True)
class Row:
    """What a table says about one photo. ``number`` counts lines of the file, the header being 1."""

    number: int
    image: Path
    answers: Mapping[str, AnswerValue]


class Metadata:
    """A table of answers, one row a photo."""

    def __init__(self, path: Path, rows: Sequence[Row]) -> None:
        self.path = path
        self._by_path = {row.image: row for row in rows}
        self._by_name: dict[str, list[Row]] = {}
        self._by_stem: dict[str, list[Row]] = {}
        for row in rows:
            self._by_name.setdefault(row.image.name, []).append(row)
            self._by_stem.setdefault(stem(row.image), []).append(row)

    def match(self, photos: Sequence[Path]) -> dict[Path, Mapping[str, AnswerValue]]:
        """The answers of each photo that the table names; the others are left out.

        Raises:
            UsageError: A photo fits two rows, or two photos fit one.
        """
        found: dict[Path, Mapping[str, AnswerValue]] = {}
        taken: dict[int, Path] = {}
        for photo in photos:
            row = self._row(photo)
            if row is None:
                continue
            other = taken.setdefault(row.number, photo)
            if other != photo and other.resolve() != photo.resolve():
                raise UsageError(
                    f"{self.path}, row {row.number}: '{row.image}' fits both {other} and {photo}.", _WHOLE_PATHS
                )
            found[photo] = row.answers
        return found

    def _row(self, photo: Path) -> Row | None:
        parts = photo.absolute().parts
        # As written, also from another folder: the longest end of photos/a/1.jpg that has a row, at least `a/1.jpg`.
        for path in (photo, *(Path(*parts[start:]) for start in range(len(parts) - 1))):
            if path in self._by_path:
                return self._by_path[path]
        for fitting in (self._by_name.get(photo.name, []), self._by_stem.get(stem(photo), [])):
            if len(fitting) > 1:
                raise UsageError(
                    f"{self.path}: rows {fitting[0].number} and {fitting[1].number} both fit {photo}.", _WHOLE_PATHS
                )
            if fitting:
                return fitting[0]
        return None


def stem(path: Path) -> str:
    """A file's name without the ending of an image: ``2021.03.14`` stays whole."""
    return path.stem if path.suffix.lower() in EXTENSIONS else path.name


def read_metadata(path: Path, specs: Sequence[AnswerSpec], taxonomy: Taxonomy) -> Metadata:
    """Read a table of answers.

    Raises:
        UsageError: Not there, not a CSV, without a column that names the photos, or one photo is named twice.
        AnswerError: A cell that is no answer; row and column are named.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = list(reader.fieldnames or [])
            cells = [(reader.line_num, row) for row in reader]
    except FileNotFoundError:
        raise UsageError(f"There is no table {path}.") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path} is not a CSV in UTF-8: {error}.", "Save the table as CSV (UTF-8).") from error
    key = next((name for name in KEYS if name in columns), None)
    if key is None:
        raise UsageError(f"{path} has no column that names the photos.", f"Name it one of: {', '.join(KEYS)}.")
    by_name = {spec.name: spec for spec in specs}
    wanted = {column: by_name[name] for column in columns if (name := ALIASES.get(column, column)) in by_name}
    rows: dict[Path, Row] = {}
    for number, row in cells:
        if not any(row.values()):
            continue  # spreadsheets write empty lines at the end
        name = (row[key] or "").strip()
        if not name:
            raise UsageError(f"{path}, row {number} names no photo.", f"Fill its column {key}, or remove the row.")
        image = Path(name)
        if image in rows:
            raise UsageError(
                f"{path}: rows {rows[image].number} and {number} both name '{name}'.", "Keep one row for each photo."
            )
        rows[image] = Row(number, image, _answers(path, number, row, wanted, taxonomy))
    return Metadata(path, list(rows.values()))


def _answers(
    path: Path, line: int, row: Mapping[str, str | None], wanted: Mapping[str, AnswerSpec], taxonomy: Taxonomy
) -> dict[str, AnswerValue]:
    answers: dict[str, AnswerValue] = {}
    for column, spec in wanted.items():
        try:
            answers[spec.name] = from_text(spec, row[column] or "", taxonomy)
        except AnswerError as error:
            raise AnswerError(f"{path}, row {line}, column {column}: {error.message}", error.hint) from error
    return answers
