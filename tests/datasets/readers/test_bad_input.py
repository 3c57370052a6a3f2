"""What the readers of tables do with bad input: each row and file is used or named."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from lentigo.cli import run
from lentigo.datasets import Dataset
from lentigo.datasets.readers import READERS
from lentigo.errors import SourceError
from tests.made import write_photo
from tests.test_imaging import huge_png

ODD_NAME = 'Müllers "Fleck" No. 1'


@dataclass(frozen=True)
class Layout:
    """How a source writes its table; ``row`` makes one of an image's name and its class."""

    source: str
    table: str
    columns: Sequence[str]
    row: Callable[[str, str], Sequence[object]]
    naevus: str
    other: str
    misspelt: str


HAM = Layout(
    "ham10000",
    "HAM10000_metadata.csv",
    ("lesion_id", "image_id", "dx", "dx_type", "age", "sex", "localization"),
    lambda name, diagnosis: (f"lesion {name}", name, diagnosis, "histo", "fifty", "?", "moon"),
    *("nv", "bcc", "NV"),
)
ISIC = Layout(
    "isic2017",
    "ISIC-2017_Training_Part3_GroundTruth.csv",
    ("image_id", "melanoma", "seborrheic_keratosis"),
    lambda name, diagnosis: (name, *diagnosis.split()),
    *("0.0 0.0", "0.0 1.0", "1.0 1.0"),
)
PAD = Layout(
    "pad-ufes-20",
    "metadata.csv",
    (
        *("patient_id", "lesion_id", "age", "gender", "region", "fitspatrick", "diagnostic"),
        *("itch", "grew", "hurt", "changed", "bleed", "elevation", "biopsed", "img_id"),
    ),
    lambda name, diagnosis: (name, 1, -3, "?", "moon", 9, diagnosis, *["UNK"] * 7, f"{name}.png" if name else ""),
    *("NEV", "BCC", "nev"),
)
LAYOUTS = pytest.mark.parametrize("layout", [HAM, ISIC, PAD], ids=lambda layout: layout.source)


def write_set(folder: Path, layout: Layout, rows: Sequence[tuple[str, str]]) -> Path:
    """Write the table; photos are written by the tests."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / layout.table).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([layout.columns, *(layout.row(name, diagnosis) for name, diagnosis in rows)])
    return folder / layout.table


@LAYOUTS
def test_every_row_is_used_or_named_with_its_table(
    layout: Layout, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "a set (ü)"
    photos = folder / "the photos"
    names = [f"photo{number}" for number in range(12)]
    for place, name in enumerate([*names, ODD_NAME, "one", "misspelt", "stray"]):
        write_photo(photos / f"{name}.png", "nv", place)
    (photos / "huge.tif").write_bytes(huge_png())
    odd = [(ODD_NAME, layout.naevus), ("one", layout.other), ("misspelt", layout.misspelt)]
    bad = [("gone", layout.naevus), ("photo0", layout.naevus), ("", layout.naevus), ("huge", layout.naevus)]
    write_set(folder, layout, [*((name, layout.naevus) for name in names), *odd, *bad])
    run(["prepare", layout.source, str(folder), "--out", str(tmp_path / "out"), "--workers", "1"])
    dataset = Dataset.open(tmp_path / "out")
    assert dataset.manifest.height == len(names) + 2
    assert {(one.reason, one.table, one.row, one.name) for one in dataset.record.rejects} == {
        ("unknown_diagnosis", layout.table, 16, "misspelt"),
        ("image_missing", layout.table, 17, "gone"),
        ("duplicated_id", layout.table, 18, "photo0"),
        ("no_id", layout.table, 19, ""),
        ("too_many_pixels", layout.table, 20, "huge.tif"),
        ("no_row", None, None, "stray.png"),
    }
    printed = capsys.readouterr().err
    assert f"{layout.source}, {layout.table} row 17: There is no image file named 'gone'." in printed
    assert "has 1 image and does not reach" in printed


@LAYOUTS
@pytest.mark.skipif(os.name != "posix", reason="links are made as on POSIX")
def test_links_are_followed_unless_they_go_round(layout: Layout, tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "set", tmp_path / "a big disk"
    table = write_set(folder, layout, [("here", layout.naevus), ("there", layout.naevus)])
    write_photo(folder / "here.png", "nv", 1)
    write_photo(elsewhere / "there.png", "nv", 2)
    (folder / "more").symlink_to(elsewhere, target_is_directory=True)
    (folder / "round").symlink_to(folder, target_is_directory=True)
    (folder / "lost.png").symlink_to("nowhere.png")
    reading = READERS[layout.source].read(folder)
    assert [(one.path.name, one.table) for one in reading.records] == [
        ("here.png", table.name),
        ("there.png", table.name),
    ]
    assert {(one.name, one.reason) for one in reading.rejects} == {
        ("round", "link_not_followed"),
        ("lost.png", "unreadable"),
    }


@LAYOUTS
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: text.encode("utf-16"), "is not a CSV in UTF-8"),
        (lambda text: text.replace(",", ";").encode(), "lacks the columns"),
        (lambda text: text.splitlines()[0].encode(), "has no rows"),
        (lambda text: text[:0].encode(), "lacks the columns"),
        (lambda text: (text + '"never closed').encode(), "is not a CSV in UTF-8: unexpected end of data"),
        (lambda text: (text.rstrip() + ",too,much\n").encode(), "row 2 has 2 cells more than there are columns"),
        (lambda text: text.replace("melanoma", "image_id").replace("lesion_id", "image_id").encode(), "twice|lacks"),
    ],
)
def test_a_broken_table_is_refused_with_its_row(
    layout: Layout, tmp_path: Path, change: Callable[[str], bytes], sentence: str
) -> None:
    table = write_set(tmp_path, layout, [("photo", layout.naevus)])
    write_photo(tmp_path / "photo.png", "nv", 1)
    table.write_bytes(change(table.read_text(encoding="utf-8")))
    with pytest.raises(SourceError, match=sentence):
        READERS[layout.source].read(tmp_path)


def test_an_id_in_two_tables_names_both(tmp_path: Path) -> None:
    first = write_set(tmp_path, ISIC, [("photo", "0.0 0.0")])
    (tmp_path / "ISIC-2017_Validation_Part3_GroundTruth.csv").write_bytes(first.read_bytes())
    write_photo(tmp_path / "photo.png", "nv", 1)
    (reject,) = READERS["isic2017"].read(tmp_path).rejects
    assert reject.table == "ISIC-2017_Validation_Part3_GroundTruth.csv"
    assert reject.detail == f"'photo' already stands in row 2 of {first.name}."


def test_metadata_without_ground_truth_is_counted(tmp_path: Path) -> None:
    write_set(tmp_path, ISIC, [("photo", "0.0 0.0")])
    write_photo(tmp_path / "photo.png", "nv", 1)
    rows = "image_id,age_approximate,sex\nphoto,40,male\nlost,50,female\n"
    (tmp_path / "ISIC-2017_Training_Data_metadata.csv").write_text(rows, encoding="utf-8")
    reading = READERS["isic2017"].read(tmp_path)
    assert reading.records[0].age == 40
    assert any("not used: 1, lost" in note for note in reading.notes)
