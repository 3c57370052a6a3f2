"""Photos in folders that people filled: cats and dogs, conditions, splits that leak, links that go in circles."""

from __future__ import annotations

import os
import shutil
import struct
from pathlib import Path

import polars as pl
import pytest
from PIL import Image

from lentigo.cli import run
from lentigo.datasets import Dataset
from lentigo.datasets.dataset import RejectRecord
from lentigo.datasets.readers.folders import SOURCE
from lentigo.errors import SourceError, SourceMissing
from tests.made import photo_bytes, write_photo


def huge_tiff(width_px: int = 40_000, height_px: int = 25_000) -> bytes:
    """A header that claims a billion pixels, and nothing behind it."""
    entries = [(256, 4, width_px), (257, 4, height_px), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8), (279, 4, 1)]
    fields = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + fields + struct.pack("<I", 0)


def fill(folder: Path, count: int = 6, seed: int = 0, ending: str = ".jpg") -> None:
    for number in range(count):
        write_photo(folder / f"{number}{ending}", "nv", seed + number)


def prepare(folder: Path, out: Path, *options: str) -> int:
    return run(["prepare", "folders", str(folder), "--out", str(out), "--workers", "1", *options])


def rejects(out: Path) -> dict[str, RejectRecord]:
    return {one.name: one for one in Dataset.open(out).record.rejects}


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """Cats and dogs, no splits."""
    fill(tmp_path / "pets" / "cats", 10)
    fill(tmp_path / "pets" / "dogs", 10, 100)
    return tmp_path / "pets"


@pytest.fixture
def split_pets(tmp_path: Path) -> Path:
    """Cats and dogs with splits, named as people name them."""
    for place, split in enumerate(("Train", "valid", "test")):
        fill(tmp_path / "pets" / split / "cats", 6, 100 * place)
        fill(tmp_path / "pets" / split / "dogs", 6, 100 * place + 50)
    return tmp_path / "pets"


def test_any_classes_in_any_format(tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    for place, ending in enumerate((".jpg", ".PNG", ".bmp", ".webp", ".tiff")):
        fill(folder / "Süße 'Katzen' & \"Co\"" / "deeper" / "and deeper", 1, place, ending)
        fill(folder / "not dangerous, really", 1, 50 + place, ending)
    reading = SOURCE.read(folder)
    assert {one.diagnosis for one in reading.records} == {"Süße 'Katzen' & \"Co\"", "not dangerous, really"}
    assert len(reading.records) == 10
    assert reading.rejects == []
    assert prepare(folder, tmp_path / "out", "--malignant", "not dangerous, really") == 0
    dataset = Dataset.open(tmp_path / "out")
    assert dataset.manifest.height == 10
    dangerous = {one.code: one.dangerous for one in dataset.diagnoses}
    assert dangerous == {"Süße 'Katzen' & \"Co\"": False, "not dangerous, really": True}


def test_names_of_the_taxonomy_are_recognised(tmp_path: Path) -> None:
    for place, name in enumerate(("MELANOMA", "nv", "basal_cell carcinoma", "eczema")):
        fill(tmp_path / "skin" / name, 2, 10 * place)
    reading = SOURCE.read(tmp_path / "skin")
    assert {one.diagnosis for one in reading.records} == {"mel", "nv", "bcc", "eczema"}
    assert any("'MELANOMA' as mel" in note and "'nv' as nv" in note for note in reading.notes)
    assert any("of its own" in note and note.endswith("'eczema'.") for note in reading.notes)


def test_own_classes_can_be_declared_dangerous(pets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(pets / "nv", 3, 300)
    assert prepare(pets, tmp_path / "out", "--malignant", "dogs") == 0
    assert {one.code: (one.malignancy, one.tier) for one in Dataset.open(tmp_path / "out").diagnoses} == {
        "nv": ("benign", "low"),
        "cats": (None, None),
        "dogs": ("malignant", "high"),
    }
    assert run(["merge", str(tmp_path / "out"), "--out", str(tmp_path / "merged")]) == 0
    assert {one.code: one.tier for one in Dataset.open(tmp_path / "merged").diagnoses}["dogs"] == "high"
    assert prepare(pets, tmp_path / "a", "--malignant", "cats,wolves") == 2
    assert "There is no class 'wolves'" in capsys.readouterr().err
    assert prepare(pets, tmp_path / "a", "--malignant", "nv") == 2
    assert "which is benign" in capsys.readouterr().err


def test_given_splits_are_kept(split_pets: Path, tmp_path: Path) -> None:
    assert prepare(split_pets, tmp_path / "out") == 0
    dataset = Dataset.open(tmp_path / "out")
    assert dataset.record.counts == {split: {"cats": 6, "dogs": 6} for split in ("train", "validation", "test")}
    assert set(dataset.manifest.filter(pl.col("image").str.contains("Train"))["split"]) == {"train"}
    assert dataset.record.rejects == ()


def test_a_split_that_is_not_given_is_taken_from_training(split_pets: Path, tmp_path: Path) -> None:
    shutil.rmtree(split_pets / "valid")
    assert prepare(split_pets, tmp_path / "out", "--validation", "0.34") == 0
    dataset = Dataset.open(tmp_path / "out")
    assert dataset.record.counts["validation"] == {"cats": 2, "dogs": 2}
    assert dataset.record.counts["test"] == {"cats": 6, "dogs": 6}
    assert any("no validation split" in note for note in dataset.record.notes)


def test_what_leaks_from_training_is_dropped_and_named(split_pets: Path, tmp_path: Path) -> None:
    shutil.copy(split_pets / "test" / "cats" / "0.jpg", split_pets / "Train" / "cats" / "same file.jpg")
    with Image.open(split_pets / "test" / "dogs" / "1.jpg") as photo:
        photo.resize((80, 80)).save(split_pets / "Train" / "dogs" / "smaller.jpg", quality=70)
        photo.resize((90, 90)).save(split_pets / "valid" / "dogs" / "smaller.jpg", quality=70)
    shutil.copy(split_pets / "valid" / "cats" / "0.jpg", split_pets / "Train" / "cats" / "again.jpg")
    shutil.copy(split_pets / "Train" / "cats" / "3.jpg", split_pets / "Train" / "dogs" / "both.jpg")
    assert prepare(split_pets, tmp_path / "out") == 0
    found = rejects(tmp_path / "out")
    assert {name: one.reason for name, one in found.items()} == {
        "Train/cats/same file.jpg": "leaks_into_test",
        "Train/dogs/smaller.jpg": "leaks_into_test",
        "valid/dogs/smaller.jpg": "leaks_into_test",
        "Train/cats/again.jpg": "leaks_into_validation",
        "Train/cats/3.jpg": "conflicting_duplicates",
        "Train/dogs/both.jpg": "conflicting_duplicates",
    }
    assert "test/dogs/1.jpg" in found["Train/dogs/smaller.jpg"].detail
    assert Dataset.open(tmp_path / "out").record.counts["test"] == {"cats": 6, "dogs": 6}


def test_resplit_splits_anew(split_pets: Path, tmp_path: Path) -> None:
    shutil.copy(split_pets / "test" / "cats" / "0.jpg", split_pets / "Train" / "cats" / "same.jpg")
    assert prepare(split_pets, tmp_path / "out", "--resplit") == 0
    dataset = Dataset.open(tmp_path / "out")
    assert dataset.manifest.height == 36
    assert {name: one.reason for name, one in rejects(tmp_path / "out").items()} == {
        "test/cats/0.jpg": "exact_duplicate"
    }
    assert sum(dataset.record.counts["train"].values()) > 18


@pytest.mark.parametrize(
    ("one", "other"), [("Cats", "cats"), ("cats", "cats "), ("not_dangerous", "not dangerous"), ("Melanoma", "mel")]
)
def test_classes_that_look_alike_are_named(tmp_path: Path, one: str, other: str) -> None:
    fill(tmp_path / "pets" / "train" / one, 1)
    fill(tmp_path / "pets" / "test" / other, 1, 10)
    with pytest.raises(SourceError, match="look like one and the same") as raised:
        SOURCE.read(tmp_path / "pets")
    assert f"'{one}'" in str(raised.value)
    assert f"'{other}'" in str(raised.value)


def test_classes_that_look_alike_in_two_folders_are_named(
    pets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(tmp_path / "more" / "CATS", 2, 500)
    assert run(["prepare", "folders", str(pets), str(tmp_path / "more"), "--out", str(tmp_path / "out")]) == 2
    assert "'CATS' and 'cats'" in capsys.readouterr().err


def test_a_class_with_one_image_works_with_a_warning(
    pets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(pets / "axolotl", 1, 700)
    (pets / "unicorns" / "none").mkdir(parents=True)
    assert prepare(pets, tmp_path / "out") == 0
    errors = capsys.readouterr().err
    assert "The class 'axolotl' has 1 image and does not reach validation and test" in errors
    assert rejects(tmp_path / "out")["unicorns"].reason == "empty_class"


def test_what_is_no_image_is_named_and_litter_is_not(pets: Path, tmp_path: Path) -> None:
    for litter in ("Thumbs.db", ".DS_Store", "desktop.ini", ".hidden.jpg"):
        (pets / "cats" / litter).write_bytes(b"litter")
    (pets / "__MACOSX").mkdir()
    (pets / ".git").mkdir()
    (pets / "cats" / "notes.txt").write_text("meow")
    (pets / "cats" / "text.jpg").write_text("meow")
    (pets / "dogs" / "huge.tif").write_bytes(huge_tiff())
    (pets / "dogs" / "cut.jpg").write_bytes(photo_bytes()[:-900])
    write_photo(pets / "alone.jpg", "nv", 900)
    (pets / "readme.md").write_text("pets")
    assert prepare(pets, tmp_path / "out") == 0
    assert {name: one.reason for name, one in rejects(tmp_path / "out").items()} == {
        "cats/notes.txt": "not_an_image",
        "cats/text.jpg": "unsupported_format",
        "dogs/huge.tif": "too_many_pixels",
        "dogs/cut.jpg": "corrupt_image",
        "alone.jpg": "no_class",
        "readme.md": "not_an_image",
    }


@pytest.mark.skipif(os.name != "posix", reason="links and named pipes are made as on POSIX")
def test_links_do_not_go_round_in_circles(pets: Path, tmp_path: Path) -> None:
    (pets / "cats" / "round").symlink_to(pets)
    (pets / "cats" / "up").symlink_to("/")
    (pets / "cats" / "a class").symlink_to(pets / "dogs")
    (pets / "cats" / "lost.jpg").symlink_to(tmp_path / "nowhere")
    (pets / "cats" / "self.jpg").symlink_to(pets / "cats" / "self.jpg")
    os.mkfifo(pets / "cats" / "pipe.jpg")
    fill(tmp_path / "elsewhere" / "inside", 3, 800)
    (tmp_path / "elsewhere" / "round").symlink_to(tmp_path / "elsewhere")
    (pets / "birds").symlink_to(tmp_path / "elsewhere")
    reading = SOURCE.read(pets)
    assert {code: sum(one.diagnosis == code for one in reading.records) for code in ("cats", "dogs", "birds")} == {
        "cats": 10,
        "dogs": 10,
        "birds": 3,
    }
    assert {one.name: one.reason for one in reading.rejects} == {
        "cats/round": "link_not_followed",
        "cats/up": "link_not_followed",
        "cats/a class": "link_not_followed",
        "cats/lost.jpg": "unreadable",
        "cats/self.jpg": "unreadable",
        "cats/pipe.jpg": "unreadable",
        "birds/round": "link_not_followed",
    }


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on POSIX only")
def test_odd_names_are_written_plainly(pets: Path, tmp_path: Path) -> None:
    cats = pets / "cats"
    for place, name in enumerate(
        ("new\nline.jpg", "x" * 240 + ".jpg", "猫" * 80 + ".jpg", "-rf *.jpg", "0_2.jpg", "0.JPG")
    ):
        write_photo(cats / name, "nv", 400 + place)
    shutil.copy(cats / "0.jpg", cats / os.fsdecode(b"caf\xe9.jpg"))
    assert prepare(pets, tmp_path / "out") == 0
    dataset = Dataset.open(tmp_path / "out")
    assert dataset.manifest.height == 26
    assert all(dataset.image_path(row).is_file() for row in dataset.manifest.iter_rows(named=True))
    assert rejects(tmp_path / "out")["cats/caf\ufffd.jpg"].reason == "exact_duplicate"


def test_a_layout_that_is_unclear_is_refused(pets: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match="There is no folder"):
        SOURCE.read(tmp_path / "nowhere")
    with pytest.raises(SourceMissing, match="holds no images in folders"):
        SOURCE.read(pets / "cats")
    fill(pets / "train" / "cats", 1)
    with pytest.raises(SourceError, match=r"a split \('train'\) beside another folder \('cats'\)"):
        SOURCE.read(pets)
    fill(tmp_path / "zip" / "pets" / "train" / "cats", 1)
    with pytest.raises(SourceError, match="only wraps the folder"):
        SOURCE.read(tmp_path / "zip")


def test_a_source_with_one_set_of_classes_says_so(
    pets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert prepare(pets, tmp_path / "out", "--classes", "kat") == 2
    assert "Leave --classes out" in capsys.readouterr().err
