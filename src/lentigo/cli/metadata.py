"""Answers from a table: our own columns, or HAM10000's and PAD-UFES-20's as they are."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lentigo.answers import AnswerValue, from_text
from lentigo.card import AnswerSpec
from lentigo.errors import AnswerError, UsageError
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


@dataclass
class Metadata:
    """Answers by the name or stem of a photo's file; counts the photos that it does not know."""

    path: Path
    answers: Mapping[str, Mapping[str, AnswerValue]]
    missed: int = field(default=0)

    def of(self, photo: Path) -> Mapping[str, AnswerValue]:
        """The answers for a photo; none when the table does not name it."""
        found = self.answers.get(photo.stem)
        if found is None:
            self.missed += 1
            return {}
        return found


def read_metadata(path: Path, specs: Sequence[AnswerSpec], taxonomy: Taxonomy) -> Metadata:
    """Read a table of answers.

    Raises:
        UsageError: Not there, not a CSV, or without a column that names the photos.
        AnswerError: A cell that is no answer; row and column are named.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = list(reader.fieldnames or [])
            rows = [(reader.line_num, row) for row in reader]
    except FileNotFoundError:
        raise UsageError(f"There is no table {path}.") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{path} is not a CSV in UTF-8: {error}.", "Save the table as CSV (UTF-8).") from error
    key = next((name for name in KEYS if name in columns), None)
    if key is None:
        raise UsageError(f"{path} has no column that names the photos.", f"Name it one of: {', '.join(KEYS)}.")
    by_name = {spec.name: spec for spec in specs}
    wanted = {column: by_name[name] for column in columns if (name := ALIASES.get(column, column)) in by_name}
    answers = {Path((row[key] or "").strip()).stem: _answers(path, line, row, wanted, taxonomy) for line, row in rows}
    return Metadata(path, answers)


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
