"""The commands as functions, and what `import lentigo` costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import lentigo
from lentigo.errors import ConfigError
from lentigo.training import TrainConfig


def test_from_a_dataset_to_an_answer(dataset_path: Path, tmp_path: Path) -> None:
    data = lentigo.Dataset.open(dataset_path)
    run = lentigo.train(
        data, tmp_path / "run", preset="cnn", progress=False, epochs=2, input_size_px=32, batch_size=8,
        loader_workers=0, warmup_steps=2, precision="fp32", trackers=(), augmentation={"flip": False},
        start_size_px=None,
    )  # fmt: skip
    assert run.config.augmentation.flip is False
    assert run.config.trackers == ()
    report = lentigo.evaluate(run, data, resamples=100)
    assert report.figure("balanced_accuracy") is not None
    assert (run.path / "report.html").is_file()
    card = lentigo.export_bundle(run, dataset_path, tmp_path / "spots")
    assert card.figures
    photo = next((dataset_path / "images").iterdir())
    found = lentigo.Predictor.load(tmp_path / "spots").assess(photo, {"age": 40})
    assert found.model.name == "spots"
    assert lentigo.describe(data, tmp_path / "page.html").stat().st_size > 10_000
    assert data.sha256 == run.record.dataset_sha256


def test_all_settings_at_once_are_taken_as_they_are(dataset_path: Path, tmp_path: Path) -> None:
    config = TrainConfig(
        backbone="lentigo_cnn", pretrained=False, input_size_px=32, batch_size=8, epochs=1, trackers=()
    )
    run = lentigo.train(dataset_path, tmp_path / "run", config=config, progress=False, loader_workers=0)
    assert run.config == config.model_copy(update={"loader_workers": 0})
    with pytest.raises(ConfigError, match="no setting 'epoch'"):
        lentigo.train(dataset_path, tmp_path / "other", epoch=3)


def test_a_study_by_hand(dataset_path: Path, tmp_path: Path) -> None:
    (tmp_path / "space.toml").write_text("[balance]\nlow = 0.0\nhigh = 1.0\n")
    study = lentigo.tune(
        dataset_path, tmp_path / "study", trials=1, space=tmp_path / "space.toml", preset="cnn", progress=False,
        epochs=1, input_size_px=32, batch_size=8, loader_workers=0, precision="fp32", trackers=(),
    )  # fmt: skip
    assert len(study.trials) == 1
    assert (tmp_path / "study" / "tuning.html").is_file()
    assert (tmp_path / "study" / "best.toml").is_file()


def test_importing_lentigo_imports_nothing_heavy() -> None:
    script = "import lentigo, sys; lentigo.Predictor; print({'torch', 'sklearn', 'matplotlib'} & set(sys.modules))"
    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == "set()"
    with pytest.raises(AttributeError, match="no attribute 'magic'"):
        lentigo.magic  # noqa: B018  # looked up to see it fail
    assert "train" in dir(lentigo)
