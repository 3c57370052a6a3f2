"""`lentigo predict` at its borders: which files, which shape, where to write. With the bundle that ships."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lentigo.cli import run
from lentigo.cli.pictures import picture_names
from lentigo.cli.predict import find_photos
from tests.made import photo_bytes


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of two photos, one file that is none, and what macOS leaves beside them; we are in its parent."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "photos"
    (folder / "deep").mkdir(parents=True)
    for name in ("a.jpg", "deep/b.jpg"):
        (folder / name).write_bytes(photo_bytes())
    (folder / "c.png").write_bytes(b"text")
    (folder / "._a.jpg").write_bytes(b"Mac OS X")
    (folder / "notes.txt").write_text("text")
    return folder


@pytest.mark.parametrize(
    ("argument", "names"),
    [
        ("photos", ["a.jpg", "c.png", "b.jpg"]),
        ("photos/*.jpg", ["a.jpg"]),
        ("photos/**/*.jpg", ["a.jpg", "b.jpg"]),
        ("photos/._a.jpg", ["._a.jpg"]),
        ("photos/.*.jpg", ["._a.jpg"]),
    ],
)
def test_hidden_files_are_left_out_unless_they_are_named(photos: Path, argument: str, names: list[str]) -> None:
    del photos
    assert [path.name for path in find_photos((argument,))] == names


@pytest.mark.parametrize("argument", ["", "photos/**a", "{absolute}/**a", "nothing/*.jpg", "nothing.jpg"])
def test_an_argument_that_names_nothing_gives_one_clear_line(
    photos: Path, capsys: pytest.CaptureFixture[str], argument: str
) -> None:
    assert run(["predict", argument.format(absolute=photos)]) == 2
    errors = capsys.readouterr().err
    assert errors.startswith("Error: '")
    assert errors.count("\n") == 1


@pytest.mark.parametrize("out", ["notes.txt/p.csv", "taken.csv"])
def test_what_cannot_be_written_fails_before_anything_is_assessed(
    photos: Path, capsys: pytest.CaptureFixture[str], out: str
) -> None:
    (photos / "taken.csv").mkdir()
    assert run(["predict", "photos", "--out", str(photos / out)]) == 1
    errors = capsys.readouterr().err
    assert errors.startswith("Error: ")
    assert "cannot be written" in errors
    assert "Assessing" not in errors


def test_the_folder_of_the_table_is_made(photos: Path) -> None:
    assert run(["predict", str(photos / "a.jpg"), "--out", "new/deep/p.csv"]) == 0
    assert [path.name for path in Path("new/deep").iterdir()] == ["p.csv"]


@pytest.mark.parametrize(
    ("arguments", "shapes"),
    [
        (["photos/a.jpg"], ["assessment itself"]),
        (["photos/c.png"], ["error image"]),
        (["photos/deep"], ["assessment image"]),
        (["photos/*.jpg"], ["assessment image"]),
        (["photos/a.jpg", "photos/a.jpg"], ["assessment image"]),
        (["photos"], ["assessment image", "error image", "assessment image"]),
    ],
)
def test_the_shape_of_json_goes_by_what_was_asked_not_by_the_count(
    photos: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], shapes: list[str]
) -> None:
    del photos
    run(["predict", *arguments, "--json"])
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert ["assessment itself" if "outcome" in one else " ".join(sorted(one)) for one in printed] == shapes
    assert all(set(one["error"]) == {"code", "message"} for one in printed if "error" in one)


@pytest.mark.parametrize(
    "answers",
    [
        ["--site", "Back"],
        ["--site", " back "],
        ["--site", "back", "--sex", "Female"],
        ["--site", "back", "--grew", "YES"],
    ],
)
def test_answers_are_understood_as_in_forms_and_tables(
    photos: Path, capsys: pytest.CaptureFixture[str], answers: list[str]
) -> None:
    del photos
    assert run(["predict", "photos/a.jpg", "--json", *answers]) == 0
    given = {one["answer"]: one["value"] for one in json.loads(capsys.readouterr().out)["evidence"]["answers"]}
    expected = {"site": "back", "sex": "female", "grew": "yes"}
    assert given == {name: expected[name] for name in given}
    assert "site" in given


def test_an_unknown_answer_is_as_none(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del photos
    assert run(["predict", "photos/a.jpg", "--json", "--site", "unknown"]) == 0
    assert json.loads(capsys.readouterr().out)["evidence"]["answers"] == []
    assert run(["predict", "photos/a.jpg", "--site", "moon"]) == 2
    assert "'moon' is no known site" in capsys.readouterr().err


def test_the_texts_are_in_the_language_that_is_asked_for(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["predict", str(photos / "a.jpg"), "--grew", "yes", "--bleeds", "yes", "--locale"]
    assert run([*arguments, "de_CH"]) == 0
    german = capsys.readouterr().out
    assert "Gehen Sie bald zum Arzt" in german
    assert "Sie sagen, er ist gewachsen." in german
    assert "Risiko" in german
    assert run([*arguments, "pl"]) == 0
    assert "See a doctor soon" in capsys.readouterr().out


def test_each_photo_gets_a_picture_of_its_own_name(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (photos / "deep" / "A.png").write_bytes(photo_bytes(image_format="PNG", seed=3))
    shown = [str(photos / "a.jpg"), str(photos / "deep" / "A.png"), str(photos / "deep" / "b.jpg")]
    assert run(["predict", *shown, "--overlay", "pictures/new", "--bundle", "lesions"]) == 0
    captured = capsys.readouterr()
    written = sorted(path.name for path in Path("pictures/new").iterdir())
    assert f"Wrote {len(written)} of 3 pictures" in captured.err
    assert len(written) == captured.out.count("What in the photo spoke for")
    assert set(written) <= {"a.png", "A-2.png", "b.png"}


def test_pictures_of_photos_of_one_name_are_kept_apart() -> None:
    files = [Path("x/a.jpg"), Path("y/a.jpg"), Path("z/A.png"), Path("a-2.jpg")]
    names = picture_names(files)
    assert names == ["a.png", "a-2.png", "A-3.png", "a-2-2.png"]
    assert len({name.lower() for name in names}) == 4


def test_an_overlay_that_cannot_be_written_is_one_clear_line(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["predict", "photos/a.jpg", "--overlay", str(photos / "notes.txt" / "x")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_any_diagnosis_of_the_bundle_can_be_explained(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del photos
    assert run(["predict", "photos/a.jpg", "--json", "--explain", "vasc"]) == 0
    evidence = json.loads(capsys.readouterr().out)["evidence"]
    assert evidence is None or evidence["map"]["code"] == "vasc"
    assert run(["predict", "photos/a.jpg", "--explain", "moon"]) == 2
    assert "'moon' is no diagnosis" in capsys.readouterr().err


def test_photos_of_one_spot_are_one_answer(photos: Path, bundle_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del photos
    together = ["predict", "photos/a.jpg", "photos/deep/b.jpg", "--same-spot", "--bundle", str(bundle_path)]
    assert run([*together, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["used"] for one in found["photos"]] == [True, True]
    assert found["disagreement"]["tier"] is False
    assert run([*together, "--age", "71"]) == 0
    text = capsys.readouterr().out
    assert found["disagreement"]["text"].split(",")[0] in text
    assert text.count("malignant or premalignant") == 2
    assert "age 71: " in text
    assert run(["predict", *["photos/a.jpg", "photos/deep/b.jpg", "photos/c.png"], "--same-spot"]) == 1
    assert "c.png" in capsys.readouterr().err


def test_one_spot_has_three_photos_at_most(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("d.jpg", "e.jpg"):
        (photos / name).write_bytes(photo_bytes())
    assert run(["predict", "photos", "--same-spot"]) == 2
    assert "up to 3 photos, not 5" in capsys.readouterr().err
