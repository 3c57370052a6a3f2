"""One step of learning: the same for a run on one machine and for each client of a federated one."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from lentigo.training.augmentation import relight
from lentigo.training.config import TrainConfig
from lentigo.training.loading import Batch
from lentigo.training.model import EvidenceModel
from lentigo.training.stages import parameter_groups


def create_optimizer(model: EvidenceModel, config: TrainConfig) -> torch.optim.Optimizer:
    """AdamW, in which each depth of the backbone and the new layers have learning rates of their own."""
    new = [*model.head.parameters(), *model.answers.parameters()]
    groups = [*parameter_groups(model.backbone, config), {"params": new, "lr": config.head_learning_rate}]
    return torch.optim.AdamW(groups, weight_decay=config.weight_decay)


def learning_rate_factor(step: int, warmup: int, total: int) -> float:
    """Linear warm-up in at most a fifth of all steps, then half a cosine to zero."""
    warmup = min(warmup, total // 5)
    if step < warmup:
        return (step + 1) / warmup
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - warmup) / max(1, total - warmup))))


def batch_loss(model: nn.Module, loss: nn.Module, batch: Batch, device: torch.device, config: TrainConfig) -> Tensor:
    """The loss () of a batch under its changes of light."""
    pixels = batch.pixels.to(device, non_blocking=True).float()
    pixels = relight(pixels, batch.light.to(device, non_blocking=True))
    pixels = pixels.contiguous(memory_format=torch.channels_last)
    with torch.autocast(device.type, torch.bfloat16, enabled=config.precision == "bf16"):
        logits = model(pixels, batch.answers.to(device))
    value: Tensor = loss(logits.float(), batch.y_true.to(device))
    return value
