"""`lentigo prepare` and `merge`, from made sources in the published layouts."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from PIL import Image

from lentigo import imaging
from lentigo.cli import run
from lentigo.datasets import Dataset
from tests.made import photo_bytes, write_photo
from tests.servers import lentigo
from tests.test_imaging import huge_png

HAM_COLUMNS = ("lesion_id", "image_id", "dx", "dx_type", "age", "sex", "localization")
PAD_COLUMNS = (
    *("patient_id", "lesion_id", "smoke", "age", "gender", "region", "fitspatrick", "diagnostic"),
    *("itch", "grew", "hurt", "changed", "bleed", "elevation", "img_id", "biopsed"),
)


def write_table(path: Path, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([columns, *rows])


@pytest.fixture
def ham(tmp_path: Path) -> Path:
    """HAM10000 in small: 60 photos of 40 lesions in two folders."""
    folder = tmp_path / "HAM 10000 (ä)"
    rows = []
    for number in range(60):
        diagnosis = ("mel", "nv", "bcc")[number % 3]
        name = f"ISIC_{number:07d}"
        lesion = f"HAM_{number if number < 40 else number - 39:07d}"
        diagnosis = ("mel", "nv", "bcc")[int(lesion[4:]) % 3]
        rows.append((lesion, name, diagnosis, "histo", "50.0" if number % 2 else "", "male", "back"))
        write_photo(folder / f"HAM10000_images_part_{number % 2 + 1}" / f"{name}.jpg", diagnosis, number)
    write_table(folder / "HAM10000_metadata.csv", HAM_COLUMNS, rows)
    return folder


def prepare(source: str, folder: Path, out: Path, *options: str) -> int:
    return run(["prepare", source, str(folder), "--out", str(out), "--workers", "2", *options])


def rejects(out: Path) -> dict[str, str]:
    return {one["name"]: one["reason"] for one in json.loads((out / "dataset.json").read_text())["rejects"]}


def test_ham10000_becomes_a_dataset(ham: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert prepare("ham10000", ham, out) == 0
    dataset = Dataset.open(out)
    assert dataset.manifest.height == 60
    assert {one.code for one in dataset.diagnoses} == {"mel", "nv", "bcc"}
    row = dataset.manifest.filter(pl.col("image").str.contains("0000001")).row(0, named=True)
    assert (row["age"], row["sex"], row["site"], row["confirmed_by"]) == (50, "male", "back", "histo")
    assert row["itches"] is None
    for one in dataset.manifest.iter_rows(named=True):
        assert imaging.read(dataset.image_path(one)).pixels.shape == (96, 96, 3)
    assert dataset.sources[0].licence == "CC BY-NC 4.0"
    printed = capsys.readouterr().out
    assert "Melanoma" in printed
    assert f"Next: lentigo train {out}" in printed


def test_the_same_seed_gives_the_same_dataset(ham: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert prepare("ham10000", ham, tmp_path / name, "--seed", "7") == 0
    assert Dataset.open(tmp_path / "a").manifest.equals(Dataset.open(tmp_path / "b").manifest)


def test_what_cannot_be_used_is_named_with_its_reason(ham: Path, tmp_path: Path) -> None:
    part = ham / "HAM10000_images_part_1"
    (part / "ISIC_0000000.jpg").write_bytes(b"text")
    (part / "ISIC_0000002.jpg").write_bytes(photo_bytes()[:-700])
    (part / "ISIC_0000004.jpg").unlink()
    (part / "ISIC_0000006.jpg").write_bytes(huge_png())
    shutil.copy(part / "ISIC_0000008.jpg", part / "ISIC_0000010.jpg")
    write_photo(part / "stray.jpg", "nv", 999)
    with (ham / "HAM10000_metadata.csv").open("a") as table:
        table.write("HAM_1,ISIC_0000012,nv,histo,50,male,back\nHAM_2,ISIC_0000099,zzz,histo,50,male,back\n")
    assert prepare("ham10000", ham, tmp_path / "out") == 0
    found = rejects(tmp_path / "out")
    assert found["ISIC_0000000.jpg"] == "unsupported_format"
    assert found["ISIC_0000002.jpg"] == "corrupt_image"
    assert found["ISIC_0000004"] == "image_missing"
    assert found["ISIC_0000006.jpg"] == "too_many_pixels"
    assert found["ISIC_0000012"] == "duplicated_id"
    assert found["ISIC_0000099"] == "unknown_diagnosis"
    assert found["stray.jpg"] == "no_row"
    assert "conflicting_duplicates" in found.values() or "exact_duplicate" in found.values()


def test_two_files_of_one_name_are_not_guessed_between(ham: Path, tmp_path: Path) -> None:
    write_photo(ham / "other" / "ISIC_0000007.jpg", "mel", 777)
    assert prepare("ham10000", ham, tmp_path / "out") == 0
    assert rejects(tmp_path / "out")["ISIC_0000007"] == "ambiguous_image"


def test_one_file_under_two_lesions_keeps_both_lesions_together(ham: Path, tmp_path: Path) -> None:
    """The copy is dropped, but what it says stays: photos 0 and 40 show one lesion, 3 and 43 another."""
    first, second = ham / "HAM10000_images_part_1", ham / "HAM10000_images_part_2"
    shutil.copy(first / "ISIC_0000040.jpg", second / "ISIC_0000043.jpg")
    assert prepare("ham10000", ham, tmp_path / "out") == 0
    manifest = Dataset.open(tmp_path / "out").manifest
    groups = {row["image"][-11:-4]: row["group"] for row in manifest.iter_rows(named=True)}
    lesions = {row["image"][-11:-4]: row["lesion_id"] for row in manifest.iter_rows(named=True)}
    kept = "0000040" if "0000040" in groups else "0000043"
    assert len({lesions[one] for one in ("0000001", "0000004", kept)}) > 1
    assert groups["0000001"] == groups["0000004"] == groups[kept]


def test_a_recompressed_copy_stays_in_the_group_of_its_picture(ham: Path, tmp_path: Path) -> None:
    part = ham / "HAM10000_images_part_1"
    with Image.open(part / "ISIC_0000000.jpg") as original:
        original.resize((80, 80)).save(part / "ISIC_0000098.jpg", quality=60)
    with (ham / "HAM10000_metadata.csv").open("a") as table:
        table.write("HAM_0000077,ISIC_0000098,nv,histo,50,male,back\n")
    assert prepare("ham10000", ham, tmp_path / "out") == 0
    manifest = Dataset.open(tmp_path / "out").manifest
    groups = manifest.filter(pl.col("image").str.contains("0000000|0000098"))["group"]
    assert len(groups) == 2
    assert groups.n_unique() == 1


def test_isic2017_becomes_a_dataset(tmp_path: Path) -> None:
    folder = tmp_path / "isic"
    rows = [(f"ISIC_{n}", float(n % 3 == 0), float(n % 3 == 1)) for n in range(30)]
    for name, _, _ in rows:
        write_photo(folder / "ISIC-2017_Training_Data" / f"{name}.jpg", "nv", int(name[5:]))
        write_photo(folder / "ISIC-2017_Training_Data" / f"{name}_superpixels.png", "nv", 1)
    truth = ("image_id", "melanoma", "seborrheic_keratosis")
    write_table(folder / "ISIC-2017_Training_Part3_GroundTruth.csv", truth, [*rows, ("ISIC_bad", 1.0, 1.0)])
    metadata = [("ISIC_0", "55", "female"), ("ISIC_1", "unknown", "unknown")]
    write_table(folder / "ISIC-2017_Training_Data_metadata.csv", ("image_id", "age_approximate", "sex"), metadata)
    assert prepare("isic2017", folder, tmp_path / "out") == 0
    manifest = Dataset.open(tmp_path / "out").manifest
    assert manifest.height == 30
    assert set(manifest["diagnosis"]) == {"mel", "bkl", "nv"}
    first, second = (manifest.filter(pl.col("image").str.ends_with(f"_{n}.jpg")).row(0, named=True) for n in (0, 1))
    assert (first["age"], first["sex"], second["age"], second["sex"]) == (55, "female", None, None)
    assert rejects(tmp_path / "out") == {"ISIC_bad": "unknown_diagnosis"}


@pytest.fixture
def pad(tmp_path: Path) -> Path:
    folder = tmp_path / "pad"
    rows = []
    for n in range(40):
        name = f"PAT_{n // 2}_{n}_7"
        code = ("ACK", "BCC", "MEL", "NEV", "SCC", "SEK")[n // 2 % 6]
        skin = "2.0" if n % 2 else ""
        history = ("True", "False", "UNK", "True", "False", "True")
        rows.append((f"PAT_{n // 2}", n, "", 60, "FEMALE", "NOSE", skin, code, *history, f"{name}.png", n % 2 == 0))
        write_photo(folder / "images" / f"{name}.jpg", "nv", n + 5000)
    write_table(folder / "metadata.csv", PAD_COLUMNS, rows)
    return folder


def test_pad_ufes_20_becomes_a_dataset(pad: Path, tmp_path: Path) -> None:
    (pad / "ids_recovered_by_matching.txt").write_text("\n".join(f"PAT_{n}_{2 * n}_7" for n in range(10)))
    assert prepare("pad-ufes-20", pad, tmp_path / "out") == 0
    manifest = Dataset.open(tmp_path / "out").manifest
    row = manifest.filter(pl.col("image").str.contains("PAT_0_1_7")).row(0, named=True)
    assert (row["diagnosis"], row["site"], row["image_type"]) == ("akiec", "face", "clinical")
    assert (row["itches"], row["grew"], row["hurts"], row["raised"]) == (True, False, None, True)
    assert row["fitzpatrick_skin_type"] == 2
    assert manifest.group_by("patient_id").agg(pl.col("split").n_unique())["split"].max() == 1
    uncertain = manifest.filter(pl.col("patient_id").is_in([f"PAT_{n}" for n in range(10)]))
    assert set(uncertain["split"]) == {"train"}
    assert set(uncertain["fold"]) == {-1}


def test_merging_keeps_sources_and_finds_duplicates_across_them(ham: Path, pad: Path, tmp_path: Path) -> None:
    shutil.copy(ham / "HAM10000_images_part_1" / "ISIC_0000000.jpg", pad / "images" / "PAT_0_0_7.jpg")
    assert prepare("ham10000", ham, tmp_path / "a") == 0
    assert prepare("pad-ufes-20", pad, tmp_path / "b") == 0
    out = tmp_path / "both"
    assert run(["merge", str(tmp_path / "a"), str(tmp_path / "b"), "--out", str(out)]) == 0
    merged = Dataset.open(out)
    assert merged.manifest.height == 98, "one file under two diagnoses: neither row can be trusted"
    assert set(merged.manifest["source"]) == {"ham10000", "pad-ufes-20"}
    assert set(rejects(out).values()) == {"conflicting_duplicates"}
    assert all(merged.image_path(row).is_file() for row in merged.manifest.iter_rows(named=True))
    assert run(["merge", str(tmp_path / "a"), str(tmp_path / "a"), "--out", str(tmp_path / "c")]) == 1


@pytest.mark.parametrize(
    ("break_it", "sentence"),
    [
        (lambda ham: shutil.rmtree(ham), "There is no folder"),
        (lambda ham: (ham / "HAM10000_metadata.csv").unlink(), "holds no HAM10000_metadata.csv"),
        (lambda ham: write_table(ham / "HAM10000_metadata.csv", ("image_id", "age"), [("a", 1)]), "lacks the columns"),
        (lambda ham: write_table(ham / "HAM10000_metadata.csv", HAM_COLUMNS, []), "has no rows"),
        (lambda ham: (ham / "HAM10000_metadata.csv").write_bytes(b"\xff\xfe\0\0"), "is not a CSV in UTF-8"),
        (lambda ham: [p.unlink() for p in ham.rglob("*.jpg")], "There is no image file"),
    ],
)
def test_a_broken_source_gives_one_clear_line(
    ham: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], break_it: object, sentence: str
) -> None:
    break_it(ham)  # type: ignore[operator]  # a lambda
    assert prepare("ham10000", ham, tmp_path / "out") == 2
    errors = [line for line in capsys.readouterr().err.splitlines() if "Error:" in line]
    assert len(errors) == 1
    assert sentence in errors[0]
    assert not (tmp_path / "out" / "manifest.parquet").exists()


def test_wrong_calls_say_what_to_do(ham: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert prepare("ham1000", ham, tmp_path / "out") == 2
    assert "Sources: ham10000, isic2017, pad-ufes-20, skincare, folders" in capsys.readouterr().err
    assert prepare("ham10000", ham, tmp_path / "out", "--validation", "0.6", "--test", "0.5") == 2
    assert prepare("ham10000", ham, tmp_path / "out") == 0
    assert prepare("ham10000", ham, tmp_path / "out") == 2
    assert capsys.readouterr().err.strip().splitlines()[-1:] == [
        f"Error: {tmp_path / 'out'} already holds a dataset. Choose another --out, or remove it first."
    ]
    assert prepare("ham10000", tmp_path / "nowhere", tmp_path / "new") == 2
    errors = capsys.readouterr().err.strip().splitlines()
    assert len(errors) == 1, errors
    assert not (tmp_path / "new").exists()


def test_one_class_is_prepared_but_not_trained(ham: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = (ham / "HAM10000_metadata.csv").read_text().replace(",mel,", ",nv,").replace(",bcc,", ",nv,")
    (ham / "HAM10000_metadata.csv").write_text(table)
    assert prepare("ham10000", ham, tmp_path / "out") == 1
    printed = capsys.readouterr()
    assert "only one class" in printed.err
    assert "Next" not in printed.out
    assert run(["train", str(tmp_path / "out"), "--out", str(tmp_path / "run"), "--preset", "cnn"]) == 1
    assert "needs two or more" in capsys.readouterr().err


@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="mounting a small disk needs root on Linux")
def test_a_disk_that_fills_up_ends_with_one_clear_line(ham: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", disk], check=False).returncode:
        pytest.skip("this machine allows no mounts")
    try:
        command = lentigo("prepare", "ham10000", ham, "--out", disk / "out", "--workers", "2")
        finished = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        written = list((disk / "out" / "images").glob("*.jpg"))
    finally:
        subprocess.run(["umount", disk], check=True)
    assert finished.returncode == 1
    errors = [line for line in finished.stderr.splitlines() if "Error:" in line]
    assert len(errors) == 1
    assert "The disk is full" in errors[0]
    assert "Traceback" not in finished.stderr
    assert written


def test_ctrl_c_leaves_no_half_dataset_and_the_next_run_finishes(ham: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = lentigo("prepare", "ham10000", ham, "--out", out, "--workers", "1")
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not list(out.glob("images/*.jpg")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    if process.returncode == 0:
        pytest.skip("it was done before the signal came")
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert not (out / "manifest.parquet").exists()
    assert prepare("ham10000", ham, out) == 0


@pytest.mark.realdata
def test_the_real_sets_are_read_whole(shared_data: Path, tmp_path: Path) -> None:
    assert prepare("pad-ufes-20", shared_data / "pad_ufes_20", tmp_path / "pad") == 0
    dataset = Dataset.open(tmp_path / "pad")
    assert dataset.manifest.height + len(dataset.record.rejects) == 848
    assert {one.code for one in dataset.diagnoses} == {"mel", "scc", "bcc", "akiec", "nv", "bkl"}
