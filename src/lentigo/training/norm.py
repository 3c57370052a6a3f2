"""What a backbone normalises its features by.

Batch norm keeps a running mean and variance of the photos it has seen. Where each photo is to be normalised without the
others (hospitals that train one model must neither share such statistics nor drift apart by them), there are two ways:
hold the statistics that came with pretrained weights, which leaves a fixed scale and offset; or normalise groups of
channels of each photo by themselves (Wu & He 2018, "Group normalization").
"""

from __future__ import annotations

import math

from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from lentigo.training.config import TrainConfig

CHANNELS_IN_A_GROUP = 16
"""At most; as good as any number in table 3 of Wu & He."""
STATISTICS = ("running_mean", "running_var", "num_batches_tracked")
"""What batch norm keeps of the photos it has seen, by the end of its name."""


class GroupNormAct(nn.GroupNorm):
    """Group norm followed by what followed the batch norm whose place it takes: timm joins norm and activation."""

    def __init__(self, channels: int, eps: float, then: nn.Module) -> None:
        super().__init__(channels // math.gcd(CHANNELS_IN_A_GROUP, channels), channels, eps)
        self.then = then

    def forward(self, features: Tensor) -> Tensor:
        """(N, F, h, w) -> the same shape."""
        normalised: Tensor = self.then(super().forward(features))
        return normalised


def with_group_norm(module: nn.Module) -> None:
    """Put group norm in the place of every batch norm over maps, in place."""
    for name, child in module.named_children():
        if isinstance(child, nn.BatchNorm2d):
            then = nn.Sequential(*(getattr(child, part) for part in ("drop", "act") if hasattr(child, part)))
            setattr(module, name, GroupNormAct(child.num_features, child.eps, then))
        else:
            with_group_norm(child)


def training_mode(model: nn.Module, config: TrainConfig) -> None:
    """Let a model learn; with ``norm=frozen``, without changing the statistics it normalises by."""
    model.train()
    if config.norm == "frozen":
        for module in model.modules():
            if isinstance(module, _BatchNorm):
                module.eval()


def without_statistics(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Weights without what batch norm keeps of the photos it has seen."""
    return {name: tensor for name, tensor in state.items() if not name.endswith(STATISTICS)}
