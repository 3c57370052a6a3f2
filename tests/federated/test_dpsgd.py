"""DP-SGD: noise and cuts are what the accountant counts on."""

from __future__ import annotations

import copy
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from lentigo.datasets import Dataset
from lentigo.errors import ConfigError
from lentigo.federated import dpsgd
from lentigo.federated.budget import LocalPrivacy, Release
from lentigo.federated.dpsgd import learn_privately, private_config, release_of
from lentigo.federated.plan import Plan
from lentigo.federated.server import first_model
from lentigo.training.model import EvidenceModel
from tests.federated.made import plan_for
from tests.made import make_dataset


@pytest.fixture(scope="module")
def dataset_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_dataset(tmp_path_factory.mktemp("datasets") / "few", per_class=12)


def begun(path: Path, rounds: int = 1, *settings: str) -> tuple[Dataset, Plan, EvidenceModel]:
    dataset = Dataset.open(path)
    plan = plan_for(dataset, rounds, "warmup_steps=0", *settings)
    return dataset, plan, first_model(plan.config, len(plan.codes), plan.answers)


def change(model: EvidenceModel, before: dict[str, torch.Tensor]) -> float:
    after = model.state_dict()
    return math.sqrt(sum(float((after[name] - before[name]).square().sum()) for name in before))


def test_a_round_changes_the_weights_and_tells_no_loss(dataset_path: Path) -> None:
    dataset, plan, model = begun(dataset_path)
    before = copy.deepcopy(model.state_dict())
    release = Release(noise_multiplier=1.0, sample_rate=0.3, steps=3)
    learned = learn_privately(model, dataset, plan, 1, release, clip_norm=1.0)
    assert learned.photos == 24
    assert math.isnan(learned.loss)
    assert change(model, before) > 0
    assert all(not hasattr(one, "summed_grad") or one.grad is None for one in model.parameters())


def test_two_trainings_from_the_same_seed_differ_by_their_noise(dataset_path: Path) -> None:
    dataset, plan, model = begun(dataset_path)
    other = copy.deepcopy(model)
    release = Release(noise_multiplier=1.0, sample_rate=0.3, steps=3)
    learn_privately(model, dataset, plan, 1, release, 1.0)
    learn_privately(other, dataset, plan, 1, release, 1.0)
    assert change(other, model.state_dict()) > 0, "the server knows the seed: noise that follows from it hides nothing"


class Recorded(torch.optim.SGD):
    """Keeps the gradients that it is given."""

    seen: list[torch.Tensor]

    def step(self, closure: Any = None) -> None:  # type: ignore[override]  # of two overloads, the one that is used
        del closure
        self.seen.append(
            torch.cat([one.grad.flatten() for one in self.param_groups[0]["params"] if one.grad is not None])
        )


def gradients(path: Path, monkeypatch: pytest.MonkeyPatch, noise: float, clip_norm: float, rate: float) -> torch.Tensor:
    dataset, plan, model = begun(path)
    Recorded.seen = []
    monkeypatch.setattr(dpsgd, "create_optimizer", lambda model, _: Recorded(model.parameters(), lr=0.0))
    release = Release(noise_multiplier=noise, sample_rate=rate, steps=3)
    learn_privately(model, dataset, plan, 1, release, clip_norm)
    return torch.stack(Recorded.seen)


def test_no_photo_adds_more_than_its_length(dataset_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """24 photos, each cut to 0.01 and divided by the 24 that are expected: at most 0.01 in all."""
    found = gradients(dataset_path, monkeypatch, noise=1e-12, clip_norm=0.01, rate=1.0)
    lengths = found.norm(dim=1)
    assert (lengths <= 0.01 + 1e-6).all()
    assert (lengths > 0.001).all()


def test_the_noise_is_as_large_as_was_counted(dataset_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = gradients(dataset_path, monkeypatch, noise=50.0, clip_norm=2.0, rate=0.5)
    expected = 50.0 * 2.0 / 12
    assert float(found.std()) == pytest.approx(expected, rel=0.02)


def test_a_step_without_photos_is_noise_alone(dataset_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = gradients(dataset_path, monkeypatch, noise=1.0, clip_norm=1.0, rate=1e-9)
    assert found.shape[0] == 3
    assert float(found.std()) == pytest.approx(1.0, rel=0.02)


def test_photos_are_drawn_one_by_one(dataset_path: Path) -> None:
    drawn = [len(dpsgd._rows(1000, 0.1)) for _ in range(200)]
    assert np.mean(drawn) == pytest.approx(100, abs=3)
    assert np.std(drawn) == pytest.approx(math.sqrt(1000 * 0.1 * 0.9), rel=0.25)
    del dataset_path


def test_batch_norm_is_refused(dataset_path: Path) -> None:
    dataset, plan, model = begun(dataset_path, 1, "norm=batch")
    with pytest.raises(ConfigError, match="lets photos see each other"):
        learn_privately(model, dataset, plan, 1, Release(noise_multiplier=1, sample_rate=0.3, steps=3), 1.0)


def test_only_new_layers_can_be_trained(dataset_path: Path) -> None:
    dataset, plan, model = begun(dataset_path, 1, "unfreeze=never")
    before = copy.deepcopy(model.state_dict())
    learn_privately(model, dataset, plan, 1, Release(noise_multiplier=1, sample_rate=0.3, steps=3), 1.0)
    moved = {name for name, tensor in model.state_dict().items() if not torch.equal(tensor, before[name])}
    assert moved == {"head.weight", "answers.weight"}


def test_the_pull_of_fedprox_needs_no_photo(dataset_path: Path) -> None:
    dataset, plan, model = begun(dataset_path)
    release = Release(noise_multiplier=1, sample_rate=1e-9, steps=3)
    learn_privately(model, dataset, plan, 1, release, 1e-9, proximal_mu=1.0)
    assert all(torch.isfinite(one).all() for one in model.parameters())


def test_settings_that_draw_unequally_become_a_loss(dataset_path: Path) -> None:
    _, plan, _ = begun(dataset_path)
    assert plan.config.imbalance == "sampling"
    assert private_config(plan.config).imbalance == "balanced_softmax"


def test_the_noise_is_for_all_rounds_together(dataset_path: Path) -> None:
    _, plan, _ = begun(dataset_path, 5)
    one = release_of(plan, LocalPrivacy(epsilon_budget=4), photos=240)
    assert (one.sample_rate, one.steps) == (8 / 240, 30)
    assert LocalPrivacy(noise_multiplier=2.5).noise(0.1, 10) == 2.5
