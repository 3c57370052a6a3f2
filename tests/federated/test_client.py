"""What a client computes, and what it refuses."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch

from lentigo.card import CardDiagnosis
from lentigo.datasets import Dataset
from lentigo.errors import ConfigError, FederationError
from lentigo.federated import local, wire
from lentigo.federated.moments import Moments, fit_from_moments
from lentigo.federated.plan import Plan, read_plan
from lentigo.federated.preflight import check_data
from lentigo.federated.server import first_model
from lentigo.training.config import load_config
from lentigo.training.model import EvidenceModel
from lentigo.training.no_skin import fit_skin_distance
from lentigo.training.norm import STATISTICS
from tests.federated.made import plan_for


@pytest.fixture(scope="module")
def dataset(dataset_path: Path) -> Dataset:
    return Dataset.open(dataset_path)


def new_model(plan: Plan) -> EvidenceModel:
    """The weights that the server begins with."""
    torch.manual_seed(plan.config.seed)
    return first_model(plan.config, len(plan.codes), plan.answers)


def test_good_data_passes(dataset: Dataset) -> None:
    report = check_data("berlin", dataset, plan_for(dataset))
    assert not report.problems
    assert not report.warnings
    assert report.photos == {"test": 12, "train": 48, "validation": 12}
    assert sum(report.diagnoses.values()) == 48


def test_an_unknown_diagnosis_is_named_with_its_number(dataset: Dataset) -> None:
    plan = plan_for(dataset)
    fewer = plan.model_copy(update={"diagnoses": plan.diagnoses[:2]})
    (problem,) = check_data("berlin", dataset, fewer).problems
    left_out = plan.diagnoses[2].code
    assert f"{left_out} (24 photos)" in problem


def test_another_taxonomy_is_refused(dataset: Dataset) -> None:
    plan = plan_for(dataset)
    other = tuple(CardDiagnosis(code=one.code, malignancy="benign", tier="low") for one in plan.diagnoses)
    problems = check_data("berlin", dataset, plan.model_copy(update={"diagnoses": other})).problems
    assert any("mel is malignant" in problem for problem in problems)


def test_missing_images_too_few_photos_and_no_danger_are_said(dataset: Dataset, tmp_path: Path) -> None:
    moved = check_data("berlin", replace(dataset, path=tmp_path), plan_for(dataset))
    assert any("72 of 72 image files are not there" in problem for problem in moved.problems)
    few = replace(dataset, manifest=dataset.manifest.filter(pl.col("split") == "train").head(3))
    assert any("3 photos to learn from" in problem for problem in check_data("berlin", few, plan_for(dataset)).problems)
    harmless = replace(dataset, manifest=dataset.manifest.filter(pl.col("diagnosis") == "nv"))
    report = check_data("berlin", harmless, plan_for(dataset))
    assert not report.problems
    assert any("dangerous" in warning for warning in report.warnings)
    unjudged = replace(dataset, manifest=dataset.manifest.filter(pl.col("split") != "validation"))
    assert any("validation" in warning for warning in check_data("berlin", unjudged, plan_for(dataset)).warnings)


def test_another_version_is_told_by_name(dataset: Dataset) -> None:
    said = json.loads(plan_for(dataset).model_dump_json()) | {"lentigo_version": "9.9", "new_field": 1}
    with pytest.raises(FederationError, match=r"server runs Lentigo 9\.9"):
        read_plan(json.dumps(said))


def test_sums_over_clients_fit_the_distance_that_all_textures_together_fit() -> None:
    generator = np.random.default_rng(0)
    textures = generator.normal(size=(200, 12)).astype(np.float32) @ generator.normal(size=(12, 12)).astype(np.float32)
    parts = [Moments.of(textures[i::3]) for i in range(3)]
    other = generator.normal(size=(50, 12)).astype(np.float32) * 5
    ours = fit_from_moments(parts[0] + parts[1] + parts[2]).of(other)
    assert ours == pytest.approx(fit_skin_distance(textures).of(other), rel=1e-3)


def test_learning_changes_weights_and_lowers_the_loss(dataset: Dataset) -> None:
    # At the preset's rate so few photos can leave the network dead, or not, by how many threads add up.
    plan = plan_for(dataset, 30, "learning_rate=0.0002")
    model = new_model(plan)
    before = local.judge(model, dataset, plan, "train")
    for number in range(1, 9):
        learned = local.learn(model, dataset, plan, number)
    after = local.judge(model, dataset, plan, "train")
    assert learned.photos == 48
    assert before.loss is not None
    assert after.loss is not None
    assert after.loss < 0.8 * before.loss


def test_fedprox_holds_the_weights_back(dataset: Dataset) -> None:
    plan = plan_for(dataset, 30)

    def moved(mu: float) -> float:
        model = new_model(plan)
        first = [one.detach().clone() for one in model.parameters()]
        local.learn(model, dataset, plan, 2, proximal_mu=mu)
        return sum(float((a.detach() - b).square().sum()) for a, b in zip(model.parameters(), first, strict=True))

    assert moved(10.0) < 0.9 * moved(0.0)


def test_group_norm_has_no_statistics_to_share(dataset: Dataset) -> None:
    plan = plan_for(dataset)
    assert not [name for name in new_model(plan).state_dict() if name.endswith(STATISTICS)]


def test_frozen_norm_keeps_its_statistics_and_does_not_send_them_back(tmp_path: Path, dataset: Dataset) -> None:
    from safetensors.torch import save_file

    donor = EvidenceModel("lentigo_cnn", 3, ())
    weights = {name: one.clone() for name, one in donor.backbone.state_dict().items()}
    save_file(weights, tmp_path / "cnn.safetensors")
    plan = plan_for(dataset, 2, "norm=frozen", "pretrained=true", f"weights={tmp_path / 'cnn.safetensors'}")
    model = new_model(plan)
    kept = {name: one.clone() for name, one in model.state_dict().items() if name.endswith("running_mean")}
    local.learn(model, dataset, plan, 1)
    assert kept
    assert all(torch.equal(one, model.state_dict()[name]) for name, one in kept.items())
    assert not set(kept) & set(wire.learned_names(model, plan))
    assert set(kept) <= set(wire.constants(model, plan))
    batch = plan.model_copy(update={"config": plan.config.model_copy(update={"norm": "batch"})})
    assert set(kept) <= set(wire.learned_names(model, batch))


def test_frozen_norm_from_scratch_is_refused() -> None:
    with pytest.raises(ConfigError, match="norm=group"):
        load_config("cnn", None, ["norm=frozen"])


def test_weights_survive_the_wire(dataset: Dataset) -> None:
    plan = plan_for(dataset)
    model, other = new_model(plan), new_model(plan)
    for one in other.parameters():
        torch.nn.init.normal_(one)
    wire.unpack(other, wire.pack(model, wire.learned_names(model, plan)), wire.constants(model, plan))
    assert all(torch.equal(one, other.state_dict()[name]) for name, one in model.state_dict().items())


def test_balanced_accuracy_of_sums_is_that_of_all_photos_together() -> None:
    from sklearn.metrics import balanced_accuracy_score

    generator = np.random.default_rng(1)
    y_true, predicted = generator.integers(0, 3, 60), generator.integers(0, 3, 60)

    def judged(places: slice) -> local.Judged:
        confusion = np.zeros((4, 4), np.int64)
        np.add.at(confusion, (y_true[places], predicted[places]), 1)
        return local.Judged(confusion, 0.0)

    total = judged(slice(0, 10)) + judged(slice(10, 60)) + local.Judged.none(4)
    assert total.balanced_accuracy == pytest.approx(balanced_accuracy_score(y_true, predicted))
