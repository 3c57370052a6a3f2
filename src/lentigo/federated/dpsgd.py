"""Local training with differential privacy: DP-SGD (Abadi et al. 2016, algorithm 1), with Opacus's optimiser.

Each photo enters each step by a coin of its own, its gradient is cut to a length, and noise is added to the sum. So a
photo changes the weights that leave the client by no more than the noise hides. What this asks of training:

- Photos are drawn at random, each with the same chance: rare diagnoses cannot be drawn more often. A setting that would
  do so makes the loss count them more instead (balanced softmax), by numbers of photos that the client tells anyway.
- No photo may see another: no batch norm that learns from batches. Frozen statistics and group norm pass.
- The random numbers come from the operating system, not from the run's seed, which the server knows
  (:mod:`lentigo.federated.noise`).

The network sees one photo at a time: its gradient is then that photo's. Opacus's own way, which computes the gradients
of a whole batch apart, took 16 times as long for an EfficientNet on a CPU (docs/decisions/0027-one-photo-at-a-time.md).
"""

from __future__ import annotations

import math
import secrets
import time
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import torch
from opacus.optimizers import DPOptimizer
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from lentigo.datasets import Dataset
from lentigo.errors import ConfigError
from lentigo.federated.budget import LocalPrivacy, Release
from lentigo.federated.local import Learned, own_device, photos_of
from lentigo.federated.noise import gaussian, uniform
from lentigo.federated.plan import Plan
from lentigo.training.config import TrainConfig
from lentigo.training.loading import Batch, PhotoDataset, Place, training_loader
from lentigo.training.loss import create_loss
from lentigo.training.model import EvidenceModel
from lentigo.training.norm import training_mode
from lentigo.training.stages import freeze_below, learning_depth
from lentigo.training.steps import batch_loss, create_optimizer, learning_rate_factor

_BY_THE_LOSS = ("sampling", "augmenting", "class_weights")
"""Settings for rare diagnoses that draw photos unequally, or weigh one photo by the others of its batch."""


def release_of(plan: Plan, privacy: LocalPrivacy, photos: int) -> Release:
    """What a round spends of a client with so many photos to learn from."""
    rate = min(1.0, plan.config.batch_size / photos)
    steps = plan.local_epochs * steps_per_epoch(plan.config, photos)
    return Release(noise_multiplier=privacy.noise(rate, steps * plan.rounds), sample_rate=rate, steps=steps)


def steps_per_epoch(config: TrainConfig, photos: int) -> int:
    """As without privacy."""
    return max(1, photos // config.batch_size)


def learn_privately(
    model: EvidenceModel,
    dataset: Dataset,
    plan: Plan,
    round_number: int,
    release: Release,
    clip_norm: float,
    proximal_mu: float = 0.0,
) -> Learned:
    """Train a model, in place, for the local epochs of a round; the mean loss is not told, as it says of the photos.

    Args:
        model: With the common weights.
        dataset: The client's.
        plan: Of the federation.
        round_number: From 1.
        release: Of :func:`release_of`.
        clip_norm: Longest gradient of one photo.
        proximal_mu: As for :func:`lentigo.federated.local.learn`; it asks nothing of the photos.

    Raises:
        ConfigError: The network lets photos see each other.
    """
    config, device = private_config(plan.config), own_device()
    photos = photos_of(dataset, "train", plan)
    steps = steps_per_epoch(config, len(photos))
    loss = create_loss(config, np.bincount(photos.examples.y_true, minlength=len(plan.codes))).to(device)
    model.to(device)
    common = [parameter.detach().clone() for parameter in model.parameters()]
    rates = [group["lr"] for group in create_optimizer(model, config).param_groups]
    started = time.monotonic()
    for epoch in plan.epochs_of(round_number):
        training_mode(model, config)
        freeze_below(model.backbone, learning_depth(config, epoch))
        _check_separate(model)
        optimizer = _Optimizer(
            create_optimizer(model, config),
            noise_multiplier=release.noise_multiplier,
            max_grad_norm=clip_norm,
            expected_batch_size=max(1, round(release.sample_rate * len(photos))),
        )
        for step, batch in enumerate(_drawn(photos, config, epoch, steps, release.sample_rate)):
            factor = learning_rate_factor(epoch * steps + step, config.warmup_steps, config.epochs * steps)
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * factor
            _accumulate(model, optimizer, loss, batch, config)
            optimizer.add_noise()
            optimizer.scale_grad()
            if proximal_mu:
                _pull(model, common, proximal_mu)
            optimizer.original_optimizer.step()
            optimizer.zero_grad()
    for parameter in model.parameters():
        parameter.grad = None
    return Learned(len(photos), math.nan, time.monotonic() - started)


class _Optimizer(DPOptimizer):  # type: ignore[misc]  # Opacus lacks types
    """Opacus's, with noise that nobody can draw again."""

    def add_noise(self) -> None:
        """Put noise on the sums of gradients."""
        for parameter in self.params:
            noise = gaussian(parameter.shape, self.noise_multiplier * self.max_grad_norm)
            parameter.grad = parameter.summed_grad + noise.to(parameter)


def private_config(config: TrainConfig) -> TrainConfig:
    """The same settings, as far as DP-SGD can have them."""
    imbalance = "balanced_softmax" if config.imbalance in _BY_THE_LOSS else config.imbalance
    return config.model_copy(update={"imbalance": imbalance, "precision": "fp32"})


def _check_separate(model: nn.Module) -> None:
    mixing = [name for name, one in model.named_modules() if isinstance(one, _BatchNorm) and one.training]
    if mixing:
        raise ConfigError(
            f"Batch norm ({mixing[0]}) lets photos see each other, so none can be protected by itself.",
            "Set --norm frozen or --norm group, and head=linear.",
        )


def _drawn(
    photos: PhotoDataset, config: TrainConfig, epoch: int, steps: int, sample_rate: float
) -> Iterator[Batch | None]:
    """The photos of each step, drawn by Poisson sampling, which the accountant counts on; None where there are none."""
    generator = np.random.default_rng(secrets.randbits(128))  # of photos' random changes, which hide nothing
    size_px = config.size_at(epoch)
    draws = [
        [Place(int(row), size_px, _seed(generator)) for row in _rows(len(photos), sample_rate)] for _ in range(steps)
    ]
    batches = iter(training_loader(photos, [places for places in draws if places]))
    for places in draws:
        yield next(batches) if places else None


def _rows(photos: int, sample_rate: float) -> npt.NDArray[np.int64]:
    return np.flatnonzero(uniform(photos).numpy() < sample_rate)


def _seed(generator: np.random.Generator) -> tuple[int, int, int]:
    """Of one photo's random changes."""
    first, second, third = generator.integers(0, 2**32, 3)
    return int(first), int(second), int(third)


def _accumulate(
    model: nn.Module, optimizer: DPOptimizer, loss: nn.Module, batch: Batch | None, config: TrainConfig
) -> None:
    """Add up the gradients of a step's photos, each cut to its length."""
    for parameter in optimizer.params:
        parameter.summed_grad = torch.zeros_like(parameter)
        parameter.grad_sample = parameter.new_zeros((0, *parameter.shape))
    if batch is None:
        return
    for place in range(len(batch.y_true)):
        one = Batch(*(part[place : place + 1] for part in batch))
        batch_loss(model, loss, one, optimizer.params[0].device, config).backward()  # type: ignore[no-untyped-call]  # torch lacks types
        for parameter in optimizer.params:
            gradient = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
            parameter.grad_sample, parameter.grad = gradient[None], None
        optimizer.clip_and_accumulate()


def _pull(model: nn.Module, common: list[Tensor], proximal_mu: float) -> None:
    """FedProx: the gradient of mu/2 times the squared distance to the common weights."""
    for own, shared in zip(model.parameters(), common, strict=True):
        if own.grad is not None:
            own.grad += proximal_mu * (own.detach() - shared)
