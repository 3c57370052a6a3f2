"""What a run can be set to: heads, unfreezing, imbalance, augmentation, presets, trackers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from safetensors.torch import load_file

from lentigo.cli import run as command
from lentigo.datasets import Dataset
from lentigo.errors import ConfigError
from lentigo.training import PRESETS, TrainConfig, load_config, train
from lentigo.training.augmentation import Changes, draw, relight, reshape
from lentigo.training.config import AugmentationConfig
from lentigo.training.loading import EpochBatches, first_occurrences
from lentigo.training.loss import BalancedSoftmax, FocalLoss, class_weights, create_loss
from lentigo.training.model import EvidenceModel, create_backbone
from lentigo.training.stages import depths, freeze_below, learning_depth, parameter_groups
from tests.training.test_training import SMALL, small


def test_the_parts_of_a_dense_head_sum_to_its_logits() -> None:
    model = EvidenceModel("lentigo_cnn", 4, (), 0.3, 64, dense_units=16)
    for parameter in model.head.parameters():
        torch.nn.init.normal_(parameter)
    for _ in range(3):
        model(torch.rand(8, 3, 64, 64) * 255, torch.zeros(8, 0))
    model.eval()
    pixels, nothing = torch.rand(2, 3, 64, 64) * 255, torch.zeros(2, 0)
    with torch.inference_mode():
        parts = model.explain(pixels, nothing)
        assert parts.map.shape == (2, 4, 4, 4)
        assert parts.logits.numpy() == pytest.approx(model(pixels, nothing).numpy(), rel=1e-3, abs=1e-3)


def test_a_run_with_a_dense_head_is_exported_as_it_is(dataset_path: Path, tmp_path: Path) -> None:
    settings = [*SMALL, "epochs=2", "head=dense", "head_units=8"]
    arguments = [part for setting in settings for part in ("--set", setting)]
    data, run = str(dataset_path), str(tmp_path / "run")
    assert command(["train", data, "--out", run, "--preset", "cnn", "--quiet", *arguments]) == 0
    assert command(["export", run, "--data", data, "--out", str(tmp_path / "bundle")]) == 0
    assert command(["bundle", "verify", str(tmp_path / "bundle")]) == 0


def test_two_views_answer_alike_for_a_photo_and_its_mirror_image() -> None:
    model = EvidenceModel("lentigo_cnn", 3, (), 0, 64, views=2).eval()
    torch.nn.init.normal_(model.head.weight)  # type: ignore[arg-type]  # a linear head's weight is a tensor
    pixels, nothing = torch.rand(2, 3, 64, 64) * 255, torch.zeros(2, 0)
    with torch.inference_mode():
        one, mirrored = model.explain(pixels, nothing), model.explain(pixels.flip(3), nothing)
        assert one.logits.numpy() == pytest.approx(mirrored.logits.numpy(), abs=1e-4)
        assert one.map.numpy() == pytest.approx(mirrored.map.flip(3).numpy(), abs=1e-4)
        mean = (model(pixels, nothing) + model(pixels.flip(3), nothing)) / 2
        assert one.logits.numpy() == pytest.approx(mean.numpy(), abs=1e-3)
        four = EvidenceModel("lentigo_cnn", 3, (), 0, 64, views=4).eval()
        four.load_state_dict(model.state_dict())
        upside_down = four.explain(pixels.flip(2), nothing)
        assert four.explain(pixels, nothing).logits.numpy() == pytest.approx(upside_down.logits.numpy(), abs=1e-4)


@pytest.mark.parametrize("name", ["lentigo_cnn", "test_resnet", "tf_efficientnet_lite0", "mobilenetv2_100"])
def test_depth_grows_from_the_photo_to_the_head(name: str) -> None:
    backbone = create_backbone(name)
    place = depths(backbone)
    names = [name for name, _ in backbone.named_parameters()]
    assert set(place) == set(names)
    assert place[names[0]] == 0
    assert max(place.values()) == 1


def test_vgg_carries_no_weights_that_nothing_uses() -> None:
    weights = sum(parameter.numel() for parameter in create_backbone("vgg16").parameters())
    assert weights < 15e6


def test_gradual_unfreezing_goes_down_from_the_head() -> None:
    config = TrainConfig(epochs=9, frozen_epochs=1, unfreeze="gradual")
    learning = [learning_depth(config, epoch) for epoch in range(9)]
    assert learning[0] > 1
    assert learning[1:] == sorted(learning[1:], reverse=True)
    assert learning[4:] == [0.0] * 5
    assert learning_depth(config.model_copy(update={"unfreeze": "never"}), 8) > 1
    assert learning_depth(config.model_copy(update={"unfreeze": "all"}), 1) == 0


def test_what_is_frozen_keeps_its_weights_and_statistics() -> None:
    backbone = create_backbone("lentigo_cnn")
    backbone.train()
    freeze_below(backbone, 0.6)
    place = depths(backbone)
    assert {name for name, one in backbone.named_parameters() if one.requires_grad} == {
        name for name in place if place[name] >= 0.6
    }
    before = {name: value.clone() for name, value in backbone.state_dict().items()}
    backbone.forward_features(torch.rand(4, 3, 32, 32))
    changed = {name for name, value in backbone.state_dict().items() if not torch.equal(value, before[name])}
    assert changed
    assert all("blocks.0" not in name and "blocks.1" not in name for name in changed)


def test_lower_layers_learn_more_slowly() -> None:
    backbone = create_backbone("lentigo_cnn")
    assert {group["lr"] for group in parameter_groups(backbone, TrainConfig(learning_rate=1.0))} == {1.0}
    groups = parameter_groups(backbone, TrainConfig(learning_rate=1.0, layer_decay=0.5))
    assert {group["lr"] for group in groups} == {1.0, 0.5, 0.25, 0.125}
    assert sum(len(group["params"]) for group in groups) == len(list(backbone.parameters()))
    assert all(group["weight_decay"] == 0 for group in groups if group["params"][0].ndim <= 1)


def test_focal_without_focus_is_cross_entropy_and_with_it_looks_at_the_hard() -> None:
    logits, y_true = torch.tensor([[4.0, 0.0], [0.0, 0.5]]), torch.tensor([0, 0])
    plain = torch.nn.functional.cross_entropy(logits, y_true)
    assert FocalLoss(0, 0)(logits, y_true) == pytest.approx(float(plain))
    easy, hard = (float(FocalLoss(2, 0)(logits[[row]], y_true[[row]])) for row in (0, 1))
    easy_plain, hard_plain = (float(torch.nn.functional.cross_entropy(logits[[row]], y_true[[row]])) for row in (0, 1))
    assert easy / easy_plain < hard / hard_plain / 100


def test_balanced_softmax_asks_more_of_rare_classes() -> None:
    loss = BalancedSoftmax(np.array([90, 10]), 0)
    even = torch.zeros(1, 2)
    assert float(loss(even, torch.tensor([0]))) == pytest.approx(-np.log(0.9))
    assert float(loss(even, torch.tensor([1]))) == pytest.approx(-np.log(0.1))


def test_balanced_softmax_with_smoothed_labels_prefers_no_diagnosis_that_has_few_photos() -> None:
    """What no photo tells apart stays equal: with labels smoothed evenly, the absent diagnosis led by 1.2 here."""
    counts = np.array([70, 30, 0])
    loss = BalancedSoftmax(counts, 0.1)
    y_true = torch.repeat_interleave(torch.arange(3), torch.from_numpy(counts))
    same_for_all = torch.zeros(3, requires_grad=True)
    optimizer = torch.optim.LBFGS([same_for_all], max_iter=100, line_search_fn="strong_wolfe")

    def evaluate() -> torch.Tensor:
        optimizer.zero_grad()
        value: torch.Tensor = loss(same_for_all.expand(len(y_true), -1), y_true)
        value.backward()  # type: ignore[no-untyped-call]  # torch lacks types
        return value

    optimizer.step(evaluate)  # type: ignore[no-untyped-call]  # torch lacks types
    logits = same_for_all.detach()
    assert logits[:2].tolist() == pytest.approx([float(logits[:2].mean())] * 2, abs=0.05)
    assert logits[2] < logits[:2].min()


@given(st.lists(st.integers(1, 500), min_size=2, max_size=9), st.floats(0, 1))
def test_class_weights_leave_the_average_photo_at_one(counts: list[int], balance: float) -> None:
    numbers = np.array(counts)
    weights = class_weights(numbers, balance)
    assert (weights * numbers).sum() == pytest.approx(numbers.sum())
    assert weights[np.argmin(numbers)] >= weights[np.argmax(numbers)] - 1e-9


@pytest.mark.parametrize("imbalance", ["none", "sampling", "augmenting", "class_weights", "focal", "balanced_softmax"])
def test_every_way_with_imbalance_trains(dataset_path: Path, tmp_path: Path, imbalance: str) -> None:
    run = train(Dataset.open(dataset_path), small("epochs=1", f"imbalance={imbalance}"), tmp_path, show_progress=False)
    assert np.isfinite(run.epochs()[0]["train_loss"])
    assert create_loss(run.config, np.array([1, 2, 3])) is not None


def test_without_sampling_each_photo_comes_once_an_epoch() -> None:
    rows = [place.row for batch in EpochBatches(None, 40, small()) for place in batch]
    assert sorted(rows) == list(range(40))


def test_the_augmenting_balancer_changes_only_copies() -> None:
    weights = np.r_[np.full(30, 0.5 / 30), np.full(10, 0.05)]
    places = [place for batch in EpochBatches(weights, 40, small("imbalance=augmenting")) for place in batch]
    rows = np.array([place.row for place in places])
    assert [place.as_is for place in places] == first_occurrences(rows).tolist()
    assert not all(place.as_is for place in places)


def test_processes_share_every_batch() -> None:
    whole = list(EpochBatches(None, 40, small()))
    parts = [list(EpochBatches(None, 40, small(), process, 2)) for process in range(2)]
    for batch, one, other in zip(whole, *parts, strict=True):
        assert batch[::2] == one
        assert batch[1::2] == other
    with pytest.raises(ConfigError, match="share a batch"):
        EpochBatches(None, 40, small(), 0, 3)


@given(st.integers(0, 200))
def test_hair_and_jpeg_are_drawn_as_set(seed: int) -> None:
    config = AugmentationConfig(hair_probability=1, jpeg_probability=1)
    changes = draw(config, np.random.default_rng(seed))
    assert changes.hairs
    assert changes.jpeg_quality is not None
    skin = np.full((64, 64, 3), 200, np.uint8)
    assert reshape(skin, Changes(hairs=changes.hairs), 48).mean() <= 200
    off = draw(AugmentationConfig(), np.random.default_rng(seed))
    assert off.hairs == ()
    assert off.jpeg_quality is None
    lit = relight(torch.full((1, 3, 8, 8), 128.0), torch.tensor([changes.light]))
    assert torch.isfinite(lit).all()


def test_the_preview_is_a_picture(dataset_path: Path, tmp_path: Path) -> None:
    out = tmp_path / "pictures" / "preview.png"
    extra = ["--set", "augmentation.hair_probability=0.2", "--set", "augmentation.flip=false"]
    assert command(["train", str(dataset_path), "--preview", str(out), "--preset", "cnn", *extra]) == 0
    with Image.open(out) as picture:
        assert min(picture.size) > 500


def test_a_run_needs_a_place(dataset_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(["train", str(dataset_path)]) == 2
    assert "--out" in capsys.readouterr().err


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_every_preset_names_a_backbone_that_exists(preset: str) -> None:
    config = load_config(preset)
    assert EvidenceModel(config.backbone, 3, (), 0, config.evaluation_size_px).grid(config.evaluation_size_px)[0] > 3


def test_figures_go_to_the_trackers(dataset_path: Path, tmp_path: Path) -> None:
    config = small("epochs=1").model_copy(update={"trackers": ("tensorboard",)})
    run = train(Dataset.open(dataset_path), config, tmp_path / "run", show_progress=False)
    assert list((run.path / "trackers").rglob("events.out.*"))


@pytest.mark.parametrize(("tracker", "sentence"), [("abacus", "no tracker 'abacus'"), ("aim", "not installed")])
def test_a_tracker_that_is_not_there_is_named(dataset_path: Path, tmp_path: Path, tracker: str, sentence: str) -> None:
    config = small().model_copy(update={"trackers": (tracker,)})
    with pytest.raises(ConfigError, match=sentence):
        train(Dataset.open(dataset_path), config, tmp_path / "run", show_progress=False)
    assert not (tmp_path / "run").exists()


def test_a_dense_head_starts_from_nothing(dataset_path: Path, tmp_path: Path) -> None:
    settings = ("epochs=1", "head=dense", "unfreeze=never", "frozen_epochs=0", "ema_decay=0")
    run = train(Dataset.open(dataset_path), small(*settings), tmp_path / "run", show_progress=False)
    weights = load_file(run.best_weights)
    assert weights["head.evidence.weight"].any()
