"""What a client computes on its own photos."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import torch
from torch import Tensor, nn

from lentigo.datasets import Dataset
from lentigo.errors import TrainingError
from lentigo.federated.moments import Moments
from lentigo.federated.plan import Plan
from lentigo.training.calibration import VALIDATION, any_tone, of_skin
from lentigo.training.loading import (
    EpochBatches,
    Examples,
    PhotoDataset,
    ordered_loader,
    sampling_weights,
    training_loader,
)
from lentigo.training.loss import create_loss
from lentigo.training.model import EvidenceModel
from lentigo.training.norm import training_mode
from lentigo.training.novelty import NoveltyScore
from lentigo.training.prediction import predict_batches
from lentigo.training.stages import freeze_below, learning_depth
from lentigo.training.steps import batch_loss, create_optimizer, learning_rate_factor


@dataclass(frozen=True)
class Learned:
    """A round of local training: photos learned from, mean loss, seconds."""

    photos: int
    loss: float
    seconds: float


@dataclass(frozen=True)
class Judged:
    """How a model does on a client's validation photos, as sums that add up over clients.

    Attributes:
        confusion: int64 (C, C), photos by true (row) and predicted (column) diagnosis.
        loss_sum: Cross-entropy summed over the photos.
    """

    confusion: npt.NDArray[np.int64]
    loss_sum: float

    @property
    def photos(self) -> int:
        """How many were judged."""
        return int(self.confusion.sum())

    @property
    def balanced_accuracy(self) -> float | None:
        """Mean recall over the diagnoses that occur; None without photos."""
        rows = self.confusion.sum(1)
        return float((self.confusion.diagonal()[rows > 0] / rows[rows > 0]).mean()) if self.photos else None

    @property
    def accuracy(self) -> float | None:
        """Share of photos that are right; None without photos."""
        return float(self.confusion.trace() / self.photos) if self.photos else None

    @property
    def loss(self) -> float | None:
        """Mean cross-entropy; None without photos."""
        return self.loss_sum / self.photos if self.photos else None

    @classmethod
    def none(cls, classes: int) -> Judged:
        """Of no photos."""
        return cls(np.zeros((classes, classes), np.int64), 0.0)

    def __add__(self, other: Judged) -> Judged:
        return Judged(self.confusion + other.confusion, self.loss_sum + other.loss_sum)


def photos_of(dataset: Dataset, split: str, plan: Plan) -> PhotoDataset:
    """The photos of one split."""
    rows = dataset.manifest.filter(pl.col("split") == split)
    examples = Examples.from_rows(dataset.path, rows, plan.codes, plan.answers)
    return PhotoDataset(examples, plan.config, [spec.columns for spec in plan.answers])


def own_device() -> torch.device:
    """A GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def learn(
    model: EvidenceModel,
    dataset: Dataset,
    plan: Plan,
    round_number: int,
    proximal_mu: float = 0.0,
    after_step: Callable[[], None] | None = None,
) -> Learned:
    """Train a model, in place, for the local epochs of a round.

    Args:
        model: With the common weights.
        dataset: The client's.
        plan: Of the federation.
        round_number: From 1.
        proximal_mu: FedProx: adds mu/2 times the squared distance to the common weights to the loss (Li et al. 2020,
            "Federated optimization in heterogeneous networks", equation 2); 0 adds nothing.
        after_step: Called after each step.

    Raises:
        TrainingError: The loss is no longer a number.
    """
    config, device = plan.config, own_device()
    photos = photos_of(dataset, "train", plan)
    strata = photos.examples.strata
    weights = sampling_weights(strata, config.balance) if config.imbalance in ("sampling", "augmenting") else None
    batches = EpochBatches(weights, len(photos), config)
    loader = training_loader(photos, batches)
    loss = create_loss(config, np.bincount(photos.examples.y_true, minlength=len(plan.codes))).to(device)
    model.to(device)
    optimizer = create_optimizer(model, config)
    steps_per_epoch, total = len(batches), config.epochs * len(batches)
    common = [parameter.detach().clone() for parameter in model.parameters()] if proximal_mu else []
    begun = [group["lr"] for group in optimizer.param_groups]
    started, loss_sum, steps = time.monotonic(), 0.0, 0
    with torch.random.fork_rng():
        torch.manual_seed(config.seed + round_number)
        for epoch in plan.epochs_of(round_number):
            training_mode(model, config)
            freeze_below(model.backbone, learning_depth(config, epoch))
            batches.epoch = epoch
            for number, batch in enumerate(loader):
                factor = learning_rate_factor(epoch * steps_per_epoch + number, config.warmup_steps, total)
                for group, rate in zip(optimizer.param_groups, begun, strict=True):
                    group["lr"] = rate * factor
                value = batch_loss(model, loss, batch, device, config)
                if proximal_mu:
                    value = value + proximal_mu / 2 * _squared_distance(model, common)
                _step(model, optimizer, value, config.gradient_clip)
                loss_sum, steps = loss_sum + float(value.detach()), steps + 1
                if after_step is not None:
                    after_step()
    return Learned(len(photos), loss_sum / max(1, steps), time.monotonic() - started)


def _step(model: EvidenceModel, optimizer: torch.optim.Optimizer, loss: Tensor, clip: float) -> None:
    if not math.isfinite(float(loss.detach())):
        raise TrainingError(f"The loss is {float(loss.detach())} here.", "Lower learning_rate, or set precision=fp32.")
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]  # torch lacks types
    nn.utils.clip_grad_norm_(model.parameters(), clip)
    optimizer.step()


def _squared_distance(model: nn.Module, common: list[Tensor]) -> Tensor:
    pairs = zip(model.parameters(), common, strict=True)
    return torch.stack([(own - shared).square().sum() for own, shared in pairs if own.requires_grad]).sum()


def judge(model: EvidenceModel, dataset: Dataset, plan: Plan, split: str) -> Judged:
    """Measure a model on one split of a client's photos."""
    classes = len(plan.codes)
    photos = photos_of(dataset, split, plan)
    if not len(photos):
        return Judged.none(classes)
    confusion = np.zeros((classes, classes), np.int64)
    device = own_device()
    loader = ordered_loader(photos, plan.config.evaluation_size_px)
    logits = predict_batches(model.to(device), loader, device).logits
    y_true = photos.examples.y_true
    np.add.at(confusion, (y_true, logits.argmax(1)), 1)
    loss = nn.functional.cross_entropy(torch.from_numpy(logits), torch.from_numpy(y_true), reduction="sum")
    return Judged(confusion, float(loss))


def sum_features(model: EvidenceModel, dataset: Dataset, plan: Plan) -> dict[str, Moments]:
    """Sums of what the model sees in the training photos: all that the scores of novelty and of no skin are fitted on.

    The sums are those that ``lentigo train`` would fit on, over all training photos of all clients together.
    """
    device = own_device()
    photos = photos_of(dataset, "train", plan)
    loader = ordered_loader(photos, plan.config.evaluation_size_px)
    as_they_are = predict_batches(model.to(device), loader, device)
    textures = [as_they_are.textures]
    if of_skin(plan.diagnoses):
        textures.append(predict_batches(model, loader, device, change=any_tone(plan.config.seed)).textures)
    every = np.concatenate(textures)
    return {
        "novelty": Moments.of(as_they_are.features, photos.examples.y_true, len(plan.codes)),
        "no_skin": Moments.of(every, np.zeros(len(every), np.int64), 1),
    }


def predict_held_out(
    model: EvidenceModel, dataset: Dataset, plan: Plan, scores: Mapping[str, NoveltyScore]
) -> dict[str, npt.NDArray[Any]]:
    """What a finished model says of the validation photos, without a word about whose they are.

    Returns:
        ``logits`` and ``photo_logits`` (N, C), ``novelty`` and ``no_skin`` (N,), ``y_true`` (N,), and ``groups`` (N,),
        numbers that only tell which photos belong together.
    """
    photos = photos_of(dataset, VALIDATION, plan)
    if not len(photos):
        empty = np.zeros((0, len(plan.codes)), np.float32)
        none, whole = np.zeros(0, np.float32), np.zeros(0, np.int64)
        return {
            "logits": empty,
            "photo_logits": empty,
            "novelty": none,
            "no_skin": none,
            "y_true": whole,
            "groups": whole,
        }
    device = own_device()
    raw = predict_batches(model.to(device), ordered_loader(photos, plan.config.evaluation_size_px), device)
    rows = dataset.manifest.filter(pl.col("split") == VALIDATION)
    _, groups = np.unique((rows["source"] + "/" + rows["group"]).to_numpy(), return_inverse=True)
    return {
        "logits": raw.logits,
        "photo_logits": raw.photo_logits,
        "novelty": scores["novelty"].of(raw.features),
        "no_skin": scores["no_skin"].of(raw.textures),
        "y_true": photos.examples.y_true,
        "groups": groups.astype(np.int64),
    }
