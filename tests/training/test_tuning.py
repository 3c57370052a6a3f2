"""`lentigo tune`: a study that goes on where it was stopped, prunes, and says what mattered."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import optuna
import pytest

from lentigo.cli import run as command
from lentigo.errors import ConfigError
from lentigo.training import load_config
from lentigo.training.space import DEFAULT_SPACE, Choices, Range, read_space
from lentigo.training.tuning import TuneOptions, finished, open_study
from lentigo.training.tuning_page import importances
from tests.servers import lentigo
from tests.training.test_training import SMALL

SETTINGS = [part for setting in [*SMALL, "epochs=2"] for part in ("--set", setting)]


def test_a_study_ends_with_settings_to_train_with(
    dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    space = tmp_path / "space.toml"
    space.write_text(
        '[learning_rate]\nlow = 1e-4\nhigh = 1e-1\nlog = true\n[imbalance]\nchoices = ["none", "focal"]\n'
        "[augmentation.brightness]\nlow = 0.0\nhigh = 0.5\n"
    )
    out = tmp_path / "study"
    call = ["tune", str(dataset_path), "--out", str(out), "--space", str(space), "--preset", "cnn", "--quiet"]
    assert command([*call, "--trials", "2", *SETTINGS]) == 0
    assert command([*call, "--trials", "5", *SETTINGS]) == 0
    printed = capsys.readouterr().out
    assert f"Next: lentigo train {dataset_path} --config {out / 'best.toml'}" in printed
    best = load_config("cnn", out / "best.toml")
    assert 1e-4 <= best.learning_rate <= 1e-1
    assert best.epochs == 2
    page = (out / "tuning.html").read_text()
    assert "What mattered" in page
    assert "http" not in page.replace("http://www.w3.org", "").replace("http://purl.org", "").replace(
        "http://creativecommons.org", ""
    ).replace("https://matplotlib.org", "")
    trials = optuna.load_study(storage=f"sqlite:///{out / 'study.db'}", study_name="lentigo").trials
    assert len(trials) == 5
    assert not list(out.rglob("*.safetensors"))


def test_a_stopped_study_goes_on_with_the_trial_that_was_under_way(dataset_path: Path, tmp_path: Path) -> None:
    out = tmp_path / "study"
    settings = [part for setting in [*SMALL, "epochs=40"] for part in ("--set", setting)]
    start = lentigo("tune", dataset_path, "--out", out, "--trials", "1", "--preset", "cnn", "--quiet", *settings)
    process = subprocess.Popen(start, stderr=subprocess.PIPE, text=True)
    lines = out / "trials" / "0000" / "metrics.jsonl"
    deadline = time.monotonic() + 120
    while not lines.is_file() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Run the same command again" in errors
    before = [json.loads(line) for line in lines.read_text().splitlines()]
    assert subprocess.run(start, check=False, capture_output=True).returncode == 0
    after = [json.loads(line) for line in lines.read_text().splitlines()]
    assert after[: len(before)] == before
    assert len(after) == 40
    assert (out / "best.toml").is_file()


def test_the_default_space_is_one() -> None:
    space = read_space(None)
    assert set(space) <= set(load_config("efficientnet").model_fields_set | set(type(load_config("cnn")).model_fields))
    assert any(isinstance(one, Choices) for one in space.values())
    assert any(isinstance(one, Range) for one in space.values())
    assert "learning_rate" in DEFAULT_SPACE


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nonsense", "not TOML"),
        ("[learning_rate]\nlow = 2\nhigh = 1\n", "low must be below high"),
        ("[learning_rate]\nlow = 0.0\nhigh = 1\nlog = true\n", "above 0"),
        ("[imbalance]\nchoices = ['none']\n", "imbalance"),
        ("", "no range"),
    ],
)
def test_a_space_that_is_none_says_why(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "space.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=sentence):
        read_space(path)


def test_wrong_calls_give_one_clear_line(
    dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unknown = tmp_path / "space.toml"
    unknown.write_text("[magic]\nlow = 1\nhigh = 2\n")
    full = tmp_path / "full"
    full.mkdir()
    (full / "thesis.doc").touch()
    for options, sentence in (
        (["--space", str(unknown), "--out", str(tmp_path / "a")], "no setting 'magic'"),
        (["--space", str(tmp_path / "nowhere.toml"), "--out", str(tmp_path / "a")], "There is no file"),
        (["--out", str(full)], "no study"),
        (["--out", str(tmp_path / "b"), "--storage", "oracle://nowhere"], "cannot be opened"),
    ):
        assert command(["tune", str(dataset_path), "--preset", "cnn", "--quiet", *options]) == 2
        errors = capsys.readouterr().err.strip().splitlines()
        assert len(errors) == 1
        assert sentence in errors[0]


def test_what_mattered_is_what_made_the_difference(tmp_path: Path) -> None:
    study = open_study(tmp_path / "s", TuneOptions({}, "cnn", None, (), 1))
    study.optimize(
        lambda trial: trial.suggest_float("strong", 0, 1) + 0.01 * trial.suggest_float("weak", 0, 1), n_trials=20
    )
    found = importances(study)
    assert found["strong"] > 0.8
    assert finished(study)[0].value == max(trial.value for trial in study.trials if trial.value is not None)
