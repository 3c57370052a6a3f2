"""The mole project's set, from made tables with all that the real one has wrong with it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from lentigo.cli import run
from lentigo.datasets import Dataset
from lentigo.datasets.readers.skincare import BLOCK, SOURCE
from lentigo.datasets.source import Reject
from lentigo.errors import SourceError, SourceMissing
from tests.made import write_photo

COLUMNS = ("klin. Diagn.", "id", "nr", "Histo performed", "Diagnose red.", "kat.Diagnose ")
Row = Sequence[object]


def write_workbook(path: Path, rows: Sequence[Row], columns: Sequence[str] = COLUMNS) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    book.create_sheet("Sheet2")
    sheet = book.worksheets[0]
    sheet.append(columns)
    for row in rows:
        sheet.append(row)
    book.save(path)


def row(name: object, category: object, histology: object = 0, diagnosis: str = "Compound Nevus") -> Row:
    return ("Compound Nävus", name, 1, histology, diagnosis, category)


@pytest.fixture
def skincare(tmp_path: Path) -> Path:
    """Twelve photos in two sets, every third one a melanoma."""
    folder = tmp_path / "Haut pflege (ü)"
    rows = []
    for number in range(1, 13):
        name = f"{'d' if number <= 6 else 'e'}{number}"
        path = folder / f"SET_{name[0].upper()}" / (f"{name.upper()}.BMP" if number % 2 else f"{name}.jpg")
        write_photo(path, "nv", number)
        rows.append(row(name, number % 3 + 1, number % 2))
    write_workbook(folder / "CLIN_DIA.xlsx", rows)
    return folder


def test_the_categories_become_classes(skincare: Path) -> None:
    reading = SOURCE.read(skincare)
    assert [one.diagnosis for one in reading.records[:3]] == ["dysplastic", "mel", "benign"]
    assert {one.image_type for one in reading.records} == {"dermoscopic"}
    assert [one.confirmed_by for one in reading.records[:2]] == ["histopathology", None]
    assert {one.patient_id for one in reading.records} == {one.lesion_id for one in reading.records} == {None}
    assert reading.rejects == []


def test_everything_unused_is_named_with_its_row(skincare: Path) -> None:
    table = skincare / "CLIN_DIA.xlsx"
    rows = [
        row("d1", "1 "),
        row(" D2  ", 2.0),
        row("d3", "?", diagnosis="melanom  "),
        row("d4", 0, diagnosis="Basaliom"),
        row("d5", None),
        row(None, 3),
        row("d1", 3),
        row("d99", 3),
        (None,) * 6,
        ("  ",) * 6,
        (None,) * 6,
        row("d6", 3),
        (None,) * 6,
    ]
    write_workbook(table, rows)
    (skincare / "original_bmp").mkdir()
    shutil.copy(skincare / "SET_D" / "D1.BMP", skincare / "original_bmp" / "D1.BMP")
    write_photo(skincare / "SET_D" / "d2.png", "nv", 99)
    reading = SOURCE.read(skincare)
    assert [(one.path.name, one.diagnosis, one.row) for one in reading.records] == [
        ("D1.BMP", "benign", 2),
        ("d2.jpg", "dysplastic", 3),
        ("d6.jpg", "mel", 13),
    ]
    assert reading.records[0].path.parent.name == "SET_D"

    def rejects(reason: str) -> list[tuple[str, int | None]]:
        return [(one.name, one.row) for one in reading.rejects if one.reason == reason]

    assert rejects("unknown_diagnosis") == [("d3", 4), ("d4", 5), ("d5", 6)]
    assert rejects("no_id") == [("", 7)]
    assert rejects("duplicated_id") == [("d1", 8)]
    assert rejects("image_missing") == [("d99", 9)]
    assert rejects("empty_rows") == [("rows 10 to 12", 10), ("row 14", 14)]
    assert sorted(rejects("second_file")) == [("SET_D/d2.png", None), ("original_bmp/D1.BMP", None)]
    assert len(rejects("no_row")) == 6, "set E has no rows here"
    assert len(reading.records) + len(reading.rejects) == 3 + 3 + 1 + 1 + 1 + 2 + 2 + 6
    details = {one.name: one.detail for one in reading.rejects}
    assert "Basaliom" in details["d4"]
    assert "blank" in details["d5"]


def test_neighbouring_ids_are_kept_together(skincare: Path) -> None:
    blocks = {one.path.stem.lower(): one.kept_with for one in SOURCE.read(skincare).records}
    assert len({blocks[f"d{number}"] for number in range(1, 7)}) == 1
    assert blocks["d6"] != blocks["e7"]
    assert BLOCK == 20


def test_a_row_at_odds_with_its_diagnosis_is_pointed_out(skincare: Path) -> None:
    rows = [row(f"d{number}", 1) for number in range(1, 6)]
    write_workbook(skincare / "CLIN_DIA.xlsx", [*rows, row("d6", 2, diagnosis="compound  nevus")])
    assert any("1 rows stand in another category" in note and "row 7" in note for note in SOURCE.read(skincare).notes)


@pytest.mark.parametrize(
    ("break_it", "sentence"),
    [
        (lambda table: table.write_text("id,kat.Diagnose\nd1,1\n"), "CLIN_DIA.xlsx is no Excel workbook"),
        (lambda table: table.write_bytes(table.read_bytes()[:400]), "is no Excel workbook"),
        (lambda table: table.write_bytes(b""), "is no Excel workbook"),
        (lambda table: write_workbook(table, [], ("id", "nr")), "No sheet of"),
        (lambda table: write_workbook(table, []), "has no rows"),
        (lambda table: write_workbook(table, [(None,) * 6] * 9), "has no rows"),
    ],
)
def test_a_broken_table_gives_one_clear_line(skincare: Path, break_it: Callable[[Path], object], sentence: str) -> None:
    break_it(skincare / "CLIN_DIA.xlsx")
    with pytest.raises(SourceError, match=sentence):
        SOURCE.read(skincare)


def test_a_workbook_with_another_archive_inside_is_refused(skincare: Path) -> None:
    shutil.make_archive(str(skincare / "other"), "zip", skincare / "SET_D")
    shutil.move(skincare / "other.zip", skincare / "CLIN_DIA.xlsx")
    with pytest.raises(SourceError, match=r"is (a damaged|no) Excel workbook"):
        SOURCE.read(skincare)


def test_without_table_or_images_it_says_what_is_missing(skincare: Path) -> None:
    for image in [*skincare.rglob("*.jpg"), *skincare.rglob("*.BMP")]:
        image.unlink()
    with pytest.raises(SourceMissing, match="There is no image file named 'd1'"):
        SOURCE.read(skincare)
    (skincare / "CLIN_DIA.xlsx").unlink()
    with pytest.raises(SourceMissing, match=r"holds no CLIN_DIA\.xlsx"):
        SOURCE.read(skincare)


def test_benign_and_malignant_are_a_stated_choice(
    skincare: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["prepare", "skincare", str(skincare), "--workers", "1"]
    assert run([*arguments, "--out", str(tmp_path / "out"), "--classes", "benign-malignant"]) == 0
    dataset = Dataset.open(tmp_path / "out")
    assert [(one.code, one.malignancy, one.tier) for one in dataset.diagnoses] == [
        ("benign", "benign", "low"),
        ("malignant", "malignant", "high"),
    ]
    assert dataset.manifest.filter(pl.col("diagnosis") == "malignant").height == 4
    assert dataset.record.options["classes"] == "benign-malignant"
    assert any("1 (benign) and 2 (dysplastic) are 'benign'" in note for note in dataset.record.notes)
    assert run([*arguments, "--out", str(tmp_path / "wide"), "--classes", "benign-suspicious"]) == 0
    assert {one.code: one.tier for one in Dataset.open(tmp_path / "wide").diagnoses} == {
        "benign": "low",
        "suspicious": "high",
    }
    assert run([*arguments, "--out", str(tmp_path / "no"), "--classes", "three"]) == 2
    assert "Sets of classes: kat, benign-malignant" in capsys.readouterr().err


@pytest.mark.realdata
def test_the_real_set_is_read_whole(shared_data: Path) -> None:
    reading = SOURCE.read(shared_data / "skincare")

    def rejects(reason: str) -> list[Reject]:
        return [one for one in reading.rejects if one.reason == reason]

    assert len(reading.records) == 1936
    assert len(rejects("second_file")) == 8
    assert all(one.name.startswith("original_bmp/") for one in rejects("second_file"))
    assert len(rejects("unknown_diagnosis")) == 42
    assert len(reading.records) + len(rejects("unknown_diagnosis")) + len(rejects("image_missing")) == 2000
    assert [(one.name, one.row) for one in rejects("empty_rows")] == [("rows 2002 to 4501", 2002)]
    counts = {code: sum(one.diagnosis == code for one in reading.records) for code in ("benign", "dysplastic", "mel")}
    assert counts == {"benign": 1499, "dysplastic": 400, "mel": 37}
