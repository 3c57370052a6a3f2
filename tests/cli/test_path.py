"""The whole path by hand: train, evaluate, export, verify, predict; and what each says when the call is wrong."""

from __future__ import annotations

import html.parser
import json
import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lentigo.card import Figure, read_card
from lentigo.cli import run
from lentigo.datasets.manifest import write_manifest
from lentigo.errors import ParityError
from lentigo.export.parity import Parity, check
from tests.made import make_dataset, photo_bytes
from tests.training.test_training import SMALL


@pytest.fixture(scope="module")
def place(dataset_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a trained, evaluated and exported run."""
    folder = tmp_path_factory.mktemp("path")
    settings = [part for setting in [*SMALL, "epochs=10"] for part in ("--set", setting)]
    data, trained = str(dataset_path), str(folder / "run")
    assert run(["train", data, "--out", trained, "--preset", "cnn", "--quiet", *settings]) == 0
    assert run(["evaluate", trained, "--data", data, "--resamples", "100"]) == 0
    assert run(["export", trained, "--data", data, "--out", str(folder / "spots")]) == 0
    return folder


def figures(path: Path) -> dict[str, Figure]:
    return {one["name"]: Figure.model_validate(one) for one in json.loads(path.read_text())["figures"]}


class Resources(html.parser.HTMLParser):
    """Collects everything that a page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.pictures = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        source = values.get("src") or (values.get("href") if tag == "link" else None)
        if source:
            self.pictures += source.startswith("data:image/jpeg")
            if not source.startswith("data:"):
                self.loaded.append(source)


def test_the_report_stands_alone_and_leads_with_recall(place: Path) -> None:
    text = (place / "run" / "report.html").read_text()
    page = Resources()
    page.feed(text)
    assert page.loaded == []
    assert text.index("Dangerous lesions flagged") < text.index("Balanced accuracy")
    assert "No patient, lesion or picture" in text
    about = json.loads((place / "run" / "report.json").read_text())["about"]
    assert (about["split"], about["seed"], about["resamples"]) == ("test", 0, 100)
    assert about["images"] == sum(about["sources"].values())


def test_the_plots_stand_in_the_page_and_beside_it(place: Path) -> None:
    document = json.loads((place / "run" / "report.json").read_text())
    text = (place / "run" / "report.html").read_text()
    assert "roc" in document["plots"]
    for name in document["plots"]:
        assert f'href="plots/{name}.csv"' in text
        for ending in ("svg", "png", "csv"):
            assert (place / "run" / "plots" / f"{name}.{ending}").stat().st_size > 0
    parts = document["subgroups"]["parts"]
    assert {"source", "sex", "age", "site"} <= {one["attribute"] for one in parts}
    assert any(one["figures"]["recall_dangerous"] is None for one in parts), "few photos are too few to say"
    assert "too small to say" in text


def test_a_run_and_its_bundle_are_compared(place: Path, dataset_path: Path, tmp_path: Path) -> None:
    out = tmp_path / "comparison"
    both = [str(place / "run"), str(place / "spots")]
    assert run(["evaluate", *both, "--data", str(dataset_path), "--out", str(out), "--resamples", "100"]) == 0
    found = json.loads((out / "comparison.json").read_text())
    assert found["models"][0] == "run"
    by_name = {one["name"]: one["models"] for one in found["figures"]}
    alone = figures(place / "run" / "report.json")["recall_dangerous"].value.model_dump(mode="json")
    assert by_name["recall_dangerous"][0]["value"] == alone
    assert abs(by_name["auroc_melanoma"][1]["difference"]["value"]) < 2e-3
    page = Resources()
    page.feed((out / "comparison.html").read_text())
    assert page.loaded == []
    assert pl.read_csv(out / "comparison.csv").height == 2 * len(found["figures"])


def test_every_figure_has_an_interval_that_holds_it(place: Path) -> None:
    found = figures(place / "run" / "report.json")
    names = {"recall_dangerous", "specificity_dangerous", "balanced_accuracy", "auroc_melanoma", "ece", "tier_accuracy"}
    assert names <= set(found)
    assert {"photo_only/accuracy", "ham10000/accuracy", "pad-ufes-20/photo_only/accuracy"} <= set(found)
    for figure in found.values():
        value = figure.value
        if value.value is not None and value.low is not None and value.high is not None and "ece" not in figure.name:
            assert value.low <= value.value + 1e-9 <= value.high + 1e-8, figure


def test_the_bundle_answers_as_the_run_does(place: Path, dataset_path: Path) -> None:
    assert run(["bundle", "verify", str(place / "spots")]) == 0
    out = place / "bundle-report"
    arguments = ["evaluate", str(place / "spots"), "--data", str(dataset_path), "--out", str(out), "--resamples", "100"]
    assert run(arguments) == 0
    of_run, of_bundle = figures(place / "run" / "report.json"), figures(out / "report.json")
    for name in ("accuracy", "ece", "auroc_melanoma", "photo_only/accuracy"):
        assert of_bundle[name].value.value == pytest.approx(of_run[name].value.value, abs=2e-3), name


def test_the_card_carries_what_was_measured(place: Path) -> None:
    card = read_card(place / "spots" / "card.json")
    assert card.name == "spots"
    measured = figures(place / "run" / "report.json")
    assert all(measured[figure.name] == figure for figure in card.figures)
    assert {"recall_dangerous", "photo_only/ece", "flagged_mel"} <= {figure.name for figure in card.figures}
    assert [source.name for source in card.training] == ["ham10000", "pad-ufes-20"]
    assert any("Fitzpatrick" in limit for limit in card.limits)
    assert card.graph.bytes == (place / "spots" / "model.onnx").stat().st_size


def test_an_export_that_answers_differently_is_refused() -> None:
    check(Parity(3, 1e-4, 0, 0, 0, 0))
    for worst in (0.01, float("nan")):
        with pytest.raises(ParityError):
            check(Parity(3, worst, 0, 0, 0, 0))


def test_only_the_runs_own_test_split_reaches_the_card(
    place: Path, dataset_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = (place / "run" / "report.json").read_bytes()
    data, trained = str(dataset_path), str(place / "run")
    assert run(["evaluate", trained, "--data", data, "--split", "train", "--resamples", "100"]) == 0
    assert (tmp_path / "reports" / f"run-on-{dataset_path.name}-train" / "report.json").is_file()
    assert (place / "run" / "report.json").read_bytes() == before
    assert run(["evaluate", trained, "--data", data, "--split", "train", "--out", trained, "--resamples", "100"]) == 0
    assert run(["export", trained, "--data", data, "--out", str(tmp_path / "none")]) == 0
    (place / "run" / "report.json").write_bytes(before)
    assert read_card(tmp_path / "none" / "card.json").figures == ()


def test_export_refuses_before_it_works_and_deletes_nothing(
    place: Path, dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "card.json").write_text("{}")
    (kept / "notes.txt").write_text("mine")
    other = shutil.copytree(dataset_path, tmp_path / "other")
    manifest = pl.read_parquet(other / "manifest.parquet")
    write_manifest(manifest.with_columns(diagnosis=pl.lit("df")), other)
    trained, data = str(place / "run"), str(dataset_path)
    for arguments, sentence, code in (
        (["--data", data, "--out", str(tmp_path / "Bundle1")], "cannot be a bundle's name", 2),
        (["--data", data, "--out", str(kept)], "notes.txt", 2),
        (["--data", str(other), "--out", str(tmp_path / "new")], "no photo of a diagnosis", 1),
    ):
        assert run(["export", trained, *arguments]) == code
        errors = capsys.readouterr().err.strip().splitlines()
        assert sentence in errors[-1]
        assert "Traceback" not in "".join(errors)
    assert (kept / "notes.txt").read_text() == "mine"


def test_predicting_writes_a_row_for_every_file(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photos = tmp_path / "photos ü"
    photos.mkdir()
    for name, data in {"a.jpg": photo_bytes(), "b.png": b"text", "c.jpg": photo_bytes()[:-900]}.items():
        (photos / name).write_bytes(data)
    for out in (tmp_path / "p.csv", tmp_path / "p.parquet"):
        assert run(["predict", str(photos), "--bundle", str(place / "spots"), "--out", str(out)]) == 1
        table = pl.read_csv(out) if out.suffix == ".csv" else pl.read_parquet(out)
        assert table.columns[:6] == ["image", "outcome", "reasons", "risk_tier", "p_malignant", "novelty"]
        assert table.columns[6:] == [f"p_{code}" for code in ("mel", "nv", "bcc")]
        assert table["outcome"].to_list()[1:] == ["rejected", "rejected"]
        assert table["reasons"].to_list()[1:] == ["unsupported_format", "corrupt_image"]
    assert "2 of 3 photos could not be read" in capsys.readouterr().err


def test_predicting_prints_an_answer(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photo = tmp_path / "mole.jpg"
    photo.write_bytes(photo_bytes("mel"))
    bundle = ["--bundle", str(place / "spots")]
    assert run(["predict", str(photo), *bundle, "--age", "71", "--sex", "male", "--grew", "yes"]) == 0
    printed = capsys.readouterr().out
    assert printed.index("See a doctor") < printed.index("Melanoma")
    assert "age 71:" in printed
    assert "no medical device" in printed
    assert run(["predict", str(photo), *bundle, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["outcome"] in ("assessed", "not_recognised")
    assert run(["predict", str(photo), str(photo.parent), *bundle]) == 0


def test_answers_come_from_the_tables_of_public_sets(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("PAT_1_2_3", "other"):
        (tmp_path / f"{name}.jpg").write_bytes(photo_bytes())
    table = tmp_path / "metadata.csv"
    table.write_text("img_id,diagnostic,age,gender,region,itch,hurt\nPAT_1_2_3.png,MEL,64,MALE,NOSE,True,UNK\n")
    bundle = ["--bundle", str(place / "spots"), "--metadata", str(table), "--json"]
    assert run(["predict", str(tmp_path / "PAT_1_2_3.jpg"), *bundle]) == 0
    with_table = json.loads(capsys.readouterr().out)
    by_hand = ["--age", "64", "--sex", "male", "--site", "face", "--itches", "yes", "--json"]
    assert run(["predict", str(tmp_path / "PAT_1_2_3.jpg"), "--bundle", str(place / "spots"), *by_hand]) == 0
    assert json.loads(capsys.readouterr().out) == with_table
    assert run(["predict", str(tmp_path / "other.jpg"), *bundle]) == 0
    assert "1 of 1 photos are not in" in capsys.readouterr().err
    table.write_text("image,age\nother,old\n")
    assert run(["predict", str(tmp_path / "other.jpg"), *bundle]) == 2
    assert "row 2, column age" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["predict", "nothing-here.jpg"],
        ["predict", "{photo}", "--bundle", "nothing"],
        ["predict", "{photo}", "--bundle", "{bundle}", "--age", "300"],
        ["predict", "{photo}", "--bundle", "{bundle}", "--out", "x.xlsx"],
        ["predict", "{photo}", "--bundle", "{bundle}", "--metadata", "none.csv"],
        ["evaluate", "nothing", "--data", "{data}"],
        ["evaluate", "{run}", "--data", "nothing"],
        ["evaluate", "{run}", "{run}", "--data", "{data}"],
        ["export", "nothing", "--data", "{data}", "--out", "x"],
        ["bundle", "show", "nothing"],
        ["train", "nothing", "--out", "x"],
        ["nonsense"],
    ],
)
def test_a_wrong_call_gives_a_clear_line_and_its_code(
    place: Path, dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    photo = tmp_path / "a.jpg"
    photo.write_bytes(photo_bytes())
    names = {"photo": photo, "bundle": place / "spots", "run": place / "run", "data": dataset_path}
    assert run([argument.format(**names) for argument in arguments]) in (1, 2)
    errors = capsys.readouterr().err
    assert "Error:" in errors
    assert "Traceback" not in errors


def test_a_misspelt_run_is_no_missing_bundle(dataset_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", "runs/frist", "--data", str(dataset_path)]) == 2
    assert "There is no run and no bundle 'runs/frist'. Give the folder of a run" in capsys.readouterr().err


def test_a_dataset_of_other_diagnoses_is_measured_as_far_as_it_goes(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from lentigo.datasets.manifest import read_manifest

    other = make_dataset(tmp_path / "other", per_class=24, seed=9)
    manifest = read_manifest(other).with_columns(
        pl.when(pl.col("diagnosis") == "bcc").then(pl.lit("df")).otherwise(pl.col("diagnosis")).alias("diagnosis")
    )
    write_manifest(manifest, other)
    arguments = ["evaluate", str(place / "run"), "--data", str(other), "--split", "all", "--out", str(tmp_path / "r")]
    assert run([*arguments, "--resamples", "100"]) == 0
    assert "24 photos of df are left out" in capsys.readouterr().err
    found = figures(tmp_path / "r" / "report.json")
    assert found["accuracy"].n == 48
    assert np.isfinite(found["balanced_accuracy"].value.value or np.nan)


@pytest.mark.parametrize(
    "arguments", [["--help"], ["prepare", "--help"], ["predict", "-h"], ["serve", "--help"], ["--version"]]
)
def test_help_is_there_and_has_examples(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 0
    assert "entigo" in capsys.readouterr().out
