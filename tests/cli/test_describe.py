"""`lentigo describe`, from a dataset to its page."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lentigo.cli import run
from tests.datasets.test_description import Page


def test_a_page_is_written_beside_the_dataset(
    dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dataset = tmp_path / "spots ü"
    shutil.copytree(dataset_path, dataset)
    (dataset / "images" / "mel_1.jpg").unlink()
    assert run(["describe", str(dataset), "--workers", "2"]) == 0
    page = Page((dataset / "description.html").read_text(encoding="utf-8"))
    assert page.loaded == []
    assert page.pictures > 20
    for words in ("spots ü", "71 photos", "images/mel_1.jpg", "Melanoma", "Where it comes from", "Splits"):
        assert words in page.words, words
    printed = capsys.readouterr()
    assert "1 photo of the manifest is missing or damaged." in printed.out
    assert f"Next: lentigo train {dataset}" in printed.out
    assert "100%" in printed.err


def test_a_page_is_written_where_it_is_wanted_and_repeats(dataset_path: Path, tmp_path: Path) -> None:
    pages = [tmp_path / "new" / f"{name}.html" for name in "ab"]
    for page in pages:
        assert run(["describe", str(dataset_path), "--out", str(page), "--photos", "12", "--seed", "3"]) == 0
    assert pages[0].read_bytes() == pages[1].read_bytes()
    assert "Measured on 12 of 72 photos" in Page(pages[0].read_text(encoding="utf-8")).words
    assert not (dataset_path / "description.html").exists()


def test_a_wrong_call_is_told_in_one_line(
    dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["describe", str(tmp_path)]) == 1
    assert "is no dataset" in capsys.readouterr().err
    assert run(["describe", str(dataset_path), "--out", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert "is a folder" in error
    assert len(error.strip().splitlines()) == 1
