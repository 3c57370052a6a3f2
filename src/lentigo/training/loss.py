"""What training makes small, and what it does for rare diagnoses."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from lentigo.training.config import TrainConfig


class FocalLoss(nn.Module):
    """Cross-entropy in which a photo counts by ``(1 - p)^gamma`` (Lin et al. 2017, "Focal loss", equation 4)."""

    def __init__(self, gamma: float, label_smoothing: float) -> None:
        super().__init__()
        self.gamma, self.label_smoothing = gamma, label_smoothing

    def forward(self, logits: Tensor, y_true: Tensor) -> Tensor:
        """(N, C) and (N,) -> ()."""
        losses = nn.functional.cross_entropy(logits, y_true, reduction="none", label_smoothing=self.label_smoothing)
        p_true = logits.softmax(1).gather(1, y_true[:, None])[:, 0]
        return ((1 - p_true) ** self.gamma * losses).mean()


class BalancedSoftmax(nn.Module):
    """Cross-entropy of logits shifted by each diagnosis's share of the training photos.

    Without the shift the logits then answer as if all diagnoses were equally frequent (Ren et al. 2020, "Balanced
    meta-softmax for long-tailed visual recognition", equation 3).

    Labels are smoothed towards these shares, not towards equal ones: the shifted logits of a diagnosis with no photo
    would else be pulled up to an equal share, and without the shift it would be the answer to everything.
    """

    shares: Tensor

    def __init__(self, counts: npt.NDArray[np.int64], label_smoothing: float) -> None:
        super().__init__()
        at_least_one = np.maximum(counts, 1).astype(np.float32)
        self.register_buffer("shares", torch.from_numpy(at_least_one / at_least_one.sum()))
        self.label_smoothing = label_smoothing

    def forward(self, logits: Tensor, y_true: Tensor) -> Tensor:
        """(N, C) and (N,) -> ()."""
        one_hot = nn.functional.one_hot(y_true, len(self.shares)).to(logits.dtype)
        target = torch.lerp(one_hot, self.shares.expand_as(one_hot), self.label_smoothing)
        return nn.functional.cross_entropy(logits + self.shares.log(), target)


def create_loss(config: TrainConfig, counts: npt.NDArray[np.int64]) -> nn.Module:
    """The loss of a configuration; ``counts`` (C,) are the training photos of each diagnosis."""
    if config.imbalance == "focal":
        return FocalLoss(config.focal_gamma, config.label_smoothing)
    if config.imbalance == "balanced_softmax":
        return BalancedSoftmax(counts, config.label_smoothing)
    weight = None
    if config.imbalance == "class_weights":
        weight = torch.from_numpy(class_weights(counts, config.balance).astype(np.float32))
    return nn.CrossEntropyLoss(weight=weight, label_smoothing=config.label_smoothing)


def class_weights(counts: npt.NDArray[np.int64], balance: float) -> npt.NDArray[np.float64]:
    """Weight of each diagnosis (C,), ``count^-balance``, such that the average photo weighs 1."""
    weights = np.maximum(counts, 1).astype(np.float64) ** -balance
    return np.asarray(weights * counts.sum() / (weights * counts).sum())
