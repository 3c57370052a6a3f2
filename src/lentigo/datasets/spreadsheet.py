"""Tables in Excel workbooks as people keep them: blanks, numbers as text, stray spaces, thousands of empty rows."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from lentigo.errors import SourceError

_SAVE = "Open it in a spreadsheet program and save it as .xlsx again."


@dataclass(frozen=True)
class SheetRow:
    """One row that is not empty: its number in the sheet (the header is row 1) and its cells as text."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """The rows of a sheet, and runs (first, last) of empty rows."""

    rows: list[SheetRow]
    empty_rows: list[tuple[int, int]]


def read_sheet(path: Path, required: Sequence[str]) -> Sheet:
    """The first sheet of a workbook whose first row has the required columns.

    Raises:
        SourceError: Not a workbook, no sheet with these columns, or no rows.
    """
    sheets = _read_workbook(path)
    for cells in sheets.values():
        columns = [_text(cell) for cell in cells[0]] if cells else []
        if all(column in columns for column in required):
            return _to_sheet(path, columns, cells)
    seen = "; ".join(
        f"{name}: {', '.join(filter(None, map(_text, cells[0]))) if cells else 'nothing'}"
        for name, cells in sheets.items()
    )
    raise SourceError(
        f"No sheet of {path} has the columns {', '.join(required)}.", f"The sheets' first rows: {seen or 'none'}."
    )


def _read_workbook(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All cells by sheet."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with path.open("rb") as file, closing(openpyxl.load_workbook(file, read_only=True, data_only=True)) as book:
            return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    # openpyxl raises whatever unpacking or parsing met; for the caller it is all one thing.
    except (zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError) as error:
        raise SourceError(f"{path} is no Excel workbook, or a damaged one: {error}.", _SAVE) from error
    except (KeyError, ValueError, TypeError, AttributeError, EOFError) as error:
        raise SourceError(f"{path} is a damaged Excel workbook.", _SAVE) from error


def _to_sheet(path: Path, columns: list[str], cells: list[tuple[Any, ...]]) -> Sheet:
    rows: list[SheetRow] = []
    empty: list[tuple[int, int]] = []
    for number, row in enumerate(cells[1:], start=2):
        texts = [_text(cell) for cell in row]
        if any(texts):
            padded = texts + [""] * (len(columns) - len(texts))
            rows.append(SheetRow(number, dict(zip(columns, padded, strict=False))))
        elif empty and empty[-1][1] == number - 1:
            empty[-1] = (empty[-1][0], number)
        else:
            empty.append((number, number))
    if not rows:
        raise SourceError(f"{path} has no rows.", "Give the folder of the whole set.")
    return Sheet(rows, empty)


def _text(cell: object) -> str:
    """A cell as text: nothing as "", whole numbers without a point, spaces in and around it as one and none."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())
