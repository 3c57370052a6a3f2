"""Training on made spots: it learns, it resumes to the same result, it stops when told, it refuses what is wrong."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file

from lentigo.cli import run as command
from lentigo.datasets import Dataset
from lentigo.datasets.predictions import PredictionTable
from lentigo.errors import ConfigError, RunError, TrainingError
from lentigo.metrics.calibration import softmax
from lentigo.training import Run, TrainConfig, load_config, predict_run, train
from lentigo.training.augmentation import Changes, draw, relight, reshape
from lentigo.training.averaging import moving_average
from lentigo.training.checkpoint import Progress
from lentigo.training.config import AugmentationConfig, read_config
from lentigo.training.loading import EpochBatches, sampling_weights
from lentigo.training.model import EvidenceModel
from lentigo.training.rounding import LEVELS, round_weights
from tests.made import make_dataset
from tests.servers import lentigo

SMALL = (
    "epochs=3",
    "input_size_px=32",
    "batch_size=8",
    "loader_workers=0",
    "warmup_steps=2",
    "ema_decay=0.5",
    "precision=fp32",
    "patience=99",
    "trackers=[]",
)


def small(*more: str) -> TrainConfig:
    return load_config("cnn", None, [*SMALL, *more])


@pytest.fixture(scope="module")
def finished(dataset_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run on made spots, trained to the end."""
    out = tmp_path_factory.mktemp("runs") / "spots"
    return train(Dataset.open(dataset_path), small("epochs=14"), out, show_progress=False)


def test_a_short_training_ends_with_what_it_learned(dataset_path: Path, tmp_path: Path) -> None:
    cautious = small("epochs=14", "ema_decay=0.995", "warmup_steps=1000")
    run = train(Dataset.open(dataset_path), cautious, tmp_path / "run", show_progress=False)
    assert run.epochs()[-1]["balanced_accuracy"] > 0.8


def test_the_average_follows_the_first_steps_quickly() -> None:
    average = moving_average(0.99)
    for step, kept in ((1, 2 / 11), (10_000, 0.99)):
        weight = torch.ones(1)
        average([weight], [torch.zeros(1)], step)
        assert weight.item() == pytest.approx(kept)


def test_the_best_epoch_is_the_last_improvement() -> None:
    progress = Progress()
    found = [progress.keep_if_best(*epoch) for epoch in ((0.5, 2.0), (0.5, 1.0), (0.5, 1.5), (0.4, 0.1), (0.6, 3.0))]
    assert found == [True, True, False, False, True]


def test_it_learns_what_can_be_seen(finished: Run) -> None:
    table = PredictionTable.read(finished.predictions_file)
    assert set(table.frame["split"]) == {"validation", "test"}
    assert (table.logits.argmax(1) == table.y_true).mean() > 0.8
    assert (table.photo_logits.argmax(1) == table.y_true).mean() > 0.8
    losses = [epoch["train_loss"] for epoch in finished.epochs()]
    assert losses[-1] < losses[0]


def test_a_run_holds_everything(finished: Run) -> None:
    assert read_config(finished.path / "config.toml") == finished.config
    assert finished.config.seed == 1
    assert finished.record.sources[0].images > 0
    assert (finished.path / "curves.png").stat().st_size > 1000
    calibration = finished.calibration
    assert calibration.thresholds.malignant is not None
    assert (calibration.thresholds.malignant.recall.value or 0) >= 0.95
    assert calibration.novelty is not None


def test_predicting_again_gives_the_same(finished: Run, dataset_path: Path) -> None:
    again = predict_run(finished.path, Dataset.open(dataset_path), "test")
    before = PredictionTable.read(finished.predictions_file)
    expected = {row["image"]: row["logit_mel"] for row in before.frame.iter_rows(named=True)}
    for row in again.frame.iter_rows(named=True):
        assert row["logit_mel"] == pytest.approx(expected[row["image"]], abs=1e-4)


def test_a_run_that_was_stopped_goes_on_to_the_same_result(dataset_path: Path, tmp_path: Path) -> None:
    dataset, config = Dataset.open(dataset_path), small("epochs=8")
    whole = train(dataset, config, tmp_path / "whole", show_progress=False)
    halves = tmp_path / "halves"
    settings = [part for setting in [*SMALL, "epochs=8", "loader_workers=1"] for part in ("--set", setting)]
    start = lentigo("train", dataset_path, "--out", halves, "--preset", "cnn", *settings)
    process = subprocess.Popen(start, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + 120
    while not (halves / "metrics.jsonl").is_file() and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C in a terminal: the loader's workers get it too
    _, errors = process.communicate(timeout=120)
    assert "Traceback" not in errors
    if not (halves / "calibration.json").exists():  # on a busy machine the signal may come after the end
        assert process.returncode == 130
        assert "Run the same command again" in errors
    train(dataset, config.model_copy(update={"loader_workers": 1}), halves, show_progress=False)
    one, other = load_file(whole.final_weights), load_file(Run(halves).final_weights)
    for name, weights in one.items():
        assert torch.equal(weights, other[name]), name
    assert [e["train_loss"] for e in whole.epochs()] == pytest.approx([e["train_loss"] for e in Run(halves).epochs()])


def test_it_stops_early_when_nothing_improves(dataset_path: Path, tmp_path: Path) -> None:
    config = small("epochs=30", "patience=2", "learning_rate=1e-9", "head_learning_rate=1e-9")
    run = train(Dataset.open(dataset_path), config, tmp_path / "run", show_progress=False)
    assert len(run.epochs()) < 10


def test_a_frozen_start_leaves_the_backbone_as_it_was(dataset_path: Path, tmp_path: Path) -> None:
    config = small("epochs=1", "frozen_epochs=1", "ema_decay=0")
    torch.manual_seed(config.seed)
    fresh = EvidenceModel("lentigo_cnn", 3, (), 0)
    run = train(Dataset.open(dataset_path), config, tmp_path / "run", show_progress=False)
    trained = load_file(run.best_weights)
    for name, weights in fresh.backbone.state_dict().items():
        assert torch.equal(weights, trained[f"backbone.{name}"]), name
    assert trained["head.weight"].any()


def test_training_on_another_dataset_or_with_other_settings_wants_another_folder(
    finished: Run, dataset_path: Path, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="epochs"):
        train(Dataset.open(dataset_path), small("epochs=15"), finished.path, show_progress=False)
    other = Dataset.open(make_dataset(tmp_path / "other", per_class=12, seed=5))
    with pytest.raises(RunError, match="other data"):
        train(other, small("epochs=14"), finished.path, show_progress=False)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.doc").touch()
    with pytest.raises(RunError, match="not a run"):
        train(other, small(), tmp_path / "full", show_progress=False)


def test_a_photo_that_is_gone_stops_the_run_and_is_named(dataset_path: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(dataset_path, tmp_path / "data"))
    for path in (copy / "images").glob("mel_*.jpg"):
        path.write_bytes(b"text")
    with pytest.raises(TrainingError, match="mel_"):
        train(Dataset.open(copy), small(), tmp_path / "run", show_progress=False)


def test_a_damaged_checkpoint_says_so(finished: Run, dataset_path: Path, tmp_path: Path) -> None:
    copy = Run(Path(shutil.copytree(finished.path, tmp_path / "run")))
    (copy.checkpoints / "last.state").write_bytes(b"nonsense")
    with pytest.raises(RunError, match="cannot be read") as caught:
        train(Dataset.open(dataset_path), finished.config, copy.path, show_progress=False)
    assert f"remove {copy.checkpoints} and run the same command" in caught.value.hint
    copy.final_weights.unlink()
    with pytest.raises(RunError, match="no checkpoint"):
        predict_run(copy.path, Dataset.open(dataset_path), "test")
    (copy.path / "calibration.json").unlink()
    with pytest.raises(RunError, match=r"no calibration\.json yet"):
        predict_run(copy.path, Dataset.open(dataset_path), "test")


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (["epoch=3"], "no setting 'epoch'"),
        (["epochs=0"], "epochs"),
        (["epochs"], "no setting"),
        (["augmentation.flips=true"], "augmentation.flips"),
        (["backbone=resnet5000"], "timm knows no model"),
        (["pretrained=true", "weights=nowhere.safetensors"], "no weights file"),
        (["start_size_px=256"], "set both, or start_size_px=none"),
        (["learning_rate=fast"], "learning_rate"),
    ],
)
def test_wrong_settings_give_one_clear_line(
    dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: list[str], sentence: str
) -> None:
    arguments = [part for setting in [*SMALL, *settings] for part in ("--set", setting)]
    out = tmp_path / "run"
    assert command(["train", str(dataset_path), "--out", str(out), "--preset", "cnn", "--quiet", *arguments]) == 2
    errors = capsys.readouterr().err.strip().splitlines()
    assert len(errors) == 1
    assert sentence in errors[0]


def test_a_preset_that_is_none_names_those_that_are() -> None:
    with pytest.raises(ConfigError, match="efficientnet, vgg16"):
        load_config("magic")


@given(st.sampled_from(["efficientnet", "cnn", "vgg16"]), st.booleans())
def test_a_config_file_repeats_a_run_whatever_the_preset(preset: str, grows: bool) -> None:
    config = load_config(preset, None, ["input_size_px=160", f"start_size_px={'96' if grows else 'none'}"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        path.write_text(config.to_toml())
        assert load_config("efficientnet", path) == config
        assert read_config(path) == config


def test_the_size_grows_and_ends_where_it_should() -> None:
    config = TrainConfig(epochs=12, start_size_px=128, input_size_px=192)
    sizes = [config.size_at(epoch) for epoch in range(12)]
    assert sizes == sorted(sizes)
    assert (sizes[0], sizes[-1], sizes[-4]) == (128, 192, 192)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=50), st.floats(0, 1))
def test_rare_strata_are_drawn_more_often(strata: list[int], balance: float) -> None:
    present = np.unique(strata, return_inverse=True)[1].astype(np.int64)
    weights = sampling_weights(present, balance)
    assert weights.sum() == pytest.approx(1)
    counts = np.bincount(present)
    totals = np.bincount(present, weights)
    expected = counts ** (1 - balance)
    assert totals == pytest.approx(expected / expected.sum())


def test_an_epoch_can_begin_in_the_middle() -> None:
    weights = np.full(100, 0.01)
    whole, half = EpochBatches(weights, 100, small()), EpochBatches(weights, 100, small())
    half.first_batch = 5
    assert list(whole)[5:] == list(half)
    assert len(half) == len(whole) - 5
    other = EpochBatches(weights, 100, small())
    other.epoch = 1
    assert list(other) != list(whole)


@given(st.integers(0, 1000))
def test_changes_are_repeatable_and_keep_the_shape(seed: int) -> None:
    config = AugmentationConfig()
    changes = draw(config, np.random.default_rng(seed))
    assert changes == draw(config, np.random.default_rng(seed))
    pixels = np.random.default_rng(seed).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    assert reshape(pixels, changes, 24).shape == (24, 24, 3)
    lit = relight(torch.rand(2, 3, 24, 24) * 255, torch.tensor([changes.light, Changes().light]))
    assert lit.min() >= 0
    assert lit.max() <= 255


def test_no_change_changes_nothing() -> None:
    pixels = torch.rand(1, 3, 8, 8) * 255
    assert relight(pixels, torch.tensor([Changes().light])).numpy() == pytest.approx(pixels.numpy(), abs=1e-3)


def test_the_parts_sum_to_the_logits_for_any_backbone() -> None:
    from lentigo.answers import default_answers
    from lentigo.taxonomy import load_taxonomy

    answers = default_answers(load_taxonomy())
    for backbone in ("lentigo_cnn", "test_vit", "test_resnet", "tf_efficientnet_lite0"):
        size = 160 if backbone == "test_vit" else 64
        model = EvidenceModel(backbone, 5, answers, input_size_px=size).eval()
        for part in (model.head, model.answers):
            for weight in part.parameters():
                torch.nn.init.normal_(weight)
        pixels, given = torch.rand(2, 3, size, size) * 255, torch.rand(2, sum(model.answer_columns))
        with torch.inference_mode():
            assert model.explain(pixels, given).logits.numpy() == pytest.approx(
                model(pixels, given).numpy(), rel=1e-3, abs=1e-3
            )


def test_rounding_leaves_few_levels_and_little_error() -> None:
    layer = torch.nn.Conv2d(8, 4, 3)
    before = layer.weight.detach().clone()
    assert round_weights(layer) == before.numel()
    steps = before.flatten(1).abs().amax(1) / LEVELS
    assert ((layer.weight - before).flatten(1).abs() <= steps[:, None] / 2 + 1e-7).all()
    once = layer.weight.detach().clone()
    round_weights(layer)
    assert torch.allclose(once, layer.weight)


def test_a_table_of_predictions_is_checked(finished: Run, tmp_path: Path) -> None:
    table = PredictionTable.read(finished.predictions_file)
    assert softmax(table.logits).sum(1) == pytest.approx(1)
    with pytest.raises(Exception, match="not a number"):
        PredictionTable.from_arrays(
            table.frame,
            table.codes,
            table.logits * np.nan,
            table.photo_logits,
            table.frame["novelty"].to_numpy(),
            table.frame["no_skin"].to_numpy(),
        )
    (tmp_path / "x.parquet").write_bytes(b"x")
    with pytest.raises(Exception, match="cannot be read"):
        PredictionTable.read(tmp_path / "x.parquet")


def test_worker_processes_read_the_same_batches(dataset_path: Path, tmp_path: Path) -> None:
    config = small("epochs=1")
    alone = train(Dataset.open(dataset_path), config, tmp_path / "a", show_progress=False)
    workers = config.model_copy(update={"loader_workers": 1})
    helped = train(Dataset.open(dataset_path), workers, tmp_path / "b", show_progress=False)
    assert json.loads(alone.metrics_file.read_text())["train_loss"] == pytest.approx(
        json.loads(helped.metrics_file.read_text())["train_loss"]
    )
