"""Whose answers a photo gets from a table."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lentigo.answers import default_answers
from lentigo.cli.metadata import Metadata, read_metadata
from lentigo.errors import AnswerError, UsageError
from lentigo.taxonomy import load_taxonomy

TAXONOMY = load_taxonomy()


def read(path: Path, text: str | None = None) -> Metadata:
    if text is not None:
        path.write_text(text, encoding="utf-8")
    return read_metadata(path, default_answers(TAXONOMY), TAXONOMY)


def ages(metadata: Metadata, *photos: str) -> list[object]:
    found = metadata.match([Path(photo) for photo in photos])
    return [found[Path(photo)]["age"] if Path(photo) in found else None for photo in photos]


def test_a_photo_is_found_by_path_then_by_name_then_without_its_ending(tmp_path: Path) -> None:
    table = read(tmp_path / "t.csv", "image,age\na/1.jpg,31\nb/1.jpg,32\n2.jpg,33\n2.png,34\nx,35\nc/y.PNG,36\n")
    assert ages(table, "a/1.jpg", "b/1.jpg") == [31, 32]
    assert ages(table, "photos/b/1.jpg", str(tmp_path / "a" / "1.jpg")) == [32, 31]
    assert ages(table, "2.png", "photos/2.jpg") == [34, 33]
    assert ages(table, "x.jpeg", "y.jpg", "z.jpg") == [35, 36, None]


def test_only_the_endings_of_images_are_left_out(tmp_path: Path) -> None:
    table = read(tmp_path / "t.csv", "image_id,age\n2021.03.14,31\n2021.03.15,32\nP.1,33\n")
    assert ages(table, "2021.03.15.jpg", "2021.03.14.jpg", "P.1.tif", "P.2.tif") == [32, 31, 33, None]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("image,age\n1.jpg,31\n2.jpg,32\n1.jpg,33\n", "rows 2 and 4 both name '1.jpg'"),
        ("image,age\n1.jpg,31\n./1.jpg,31\n", "rows 2 and 3 both name"),
        ("image,age\n1.jpg,31\n,32\n", "row 3 names no photo"),
    ],
)
def test_a_table_that_names_a_photo_twice_or_none_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path / "t.csv", text)
    assert said in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "photos", "said"),
    [
        ("image,age\na/1.jpg,31\nb/1.jpg,32\n", ["c/1.jpg"], "rows 2 and 3 both fit c/1.jpg"),
        ("image,age\n1.png,31\n1.jpg,32\n", ["1.tif"], "rows 2 and 3 both fit 1.tif"),
        ("image,age\n1.jpg,31\n", ["a/1.jpg", "b/1.jpg"], "row 2: '1.jpg' fits both a/1.jpg and b/1.jpg"),
    ],
)
def test_what_fits_twice_is_refused(tmp_path: Path, text: str, photos: list[str], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path / "t.csv", text).match([Path(photo) for photo in photos])
    assert said in caught.value.message


def test_one_photo_given_in_two_ways_is_one_photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert ages(read(tmp_path / "t.csv", "image,age\n1.jpg,31\n"), "1.jpg", str(tmp_path / "1.jpg")) == [31, 31]


def test_empty_lines_at_the_end_are_no_rows(tmp_path: Path) -> None:
    assert ages(read(tmp_path / "t.csv", "image,age\n1.jpg,31\n,\n,\n"), "1.jpg") == [31]


def test_a_cell_that_is_no_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(AnswerError, match="row 2, column age"):
        read(tmp_path / "t.csv", "image,age\n1.jpg,old\n")


@pytest.mark.parametrize(
    ("table", "photo", "answers"),
    [
        ("ham10000/HAM10000_metadata.csv", "ISIC_0027419.jpg", {"age": 80, "sex": "male", "site": "scalp"}),
        ("pad_ufes_20/metadata.csv", "PAT_1545_1867_547.jpg", {"age": 77, "site": "face", "itches": "yes"}),
    ],
)
def test_the_tables_of_public_sets_work_as_they_are(
    shared_data: Path, table: str, photo: str, answers: dict[str, object]
) -> None:
    found = read(shared_data / table).match([Path(os.sep, "photos", photo)])
    assert answers.items() <= next(iter(found.values())).items()
