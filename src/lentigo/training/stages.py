"""How deep each weight of a backbone lies, which depths learn in an epoch, and how fast."""

from __future__ import annotations

import math
from typing import Any

from timm.models import group_parameters
from torch import nn

from lentigo.training.config import TrainConfig


def depths(backbone: Any) -> dict[str, float]:
    """Depth of each parameter by name: 0 next to the photo, 1 next to the head; 1 for all where timm does not know."""
    if not hasattr(backbone, "group_matcher"):
        return {name: 1.0 for name, _ in backbone.named_parameters()}
    layers: dict[str, int] = group_parameters(backbone, backbone.group_matcher(coarse=False), reverse=True)
    last = max(1, *(int(layer) for layer in layers.values()))
    return {name: min(1.0, int(layers[name]) / last) for name, _ in backbone.named_parameters()}


def learning_depth(config: TrainConfig, epoch: int) -> float:
    """The least depth that learns in an epoch (from 0): 0 the whole backbone, above 1 nothing of it.

    Gradual unfreezing goes from the head down (Howard & Ruder 2018, "Universal language model fine-tuning"), and has
    reached the whole backbone half-way through what is left after the frozen epochs.
    """
    if epoch < config.frozen_epochs or config.unfreeze == "never":
        return math.inf
    if config.unfreeze == "all":
        return 0.0
    steps = max(1, math.ceil((config.epochs - config.frozen_epochs) / 2))
    return max(0.0, 1 - (epoch - config.frozen_epochs + 1) / steps)


def freeze_below(backbone: nn.Module, depth: float) -> None:
    """Let only what lies at ``depth`` or above learn; batch norm of frozen layers keeps its statistics."""
    place = depths(backbone)
    for name, parameter in backbone.named_parameters():
        parameter.requires_grad_(place[name] >= depth)
    for module in backbone.modules():
        own = list(module.parameters(recurse=False))
        if own and not any(parameter.requires_grad for parameter in own):
            module.eval()


def parameter_groups(backbone: nn.Module, config: TrainConfig) -> list[dict[str, Any]]:
    """The backbone's parameters for the optimiser, each layer learning ``layer_decay`` times as fast as the one above.

    Scales and offsets of batch norm, and biases, are not pulled towards zero.
    """
    place = depths(backbone)
    from_the_top = sorted(set(place.values()), reverse=True)
    groups: dict[tuple[float, bool], dict[str, Any]] = {}
    for name, parameter in backbone.named_parameters():
        rate = config.learning_rate * config.layer_decay ** from_the_top.index(place[name])
        decays = parameter.ndim > 1
        group = groups.setdefault((rate, decays), {"params": [], "lr": rate})
        if not decays:
            group["weight_decay"] = 0.0
        group["params"].append(parameter)
    return list(groups.values())
