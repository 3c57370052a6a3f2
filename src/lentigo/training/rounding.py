"""Weights in 8 bits: what is measured is what ships.

A trained model's weights are rounded before it is calibrated and measured, not after: each output channel of each
convolution and linear layer of the backbone to 255 levels, symmetric around zero (Krishnamoorthi 2018, "Quantizing deep
convolutional networks for efficient inference", section 3.1). Folding a batch norm afterwards scales whole channels and
so leaves the levels as they are: the exported 8-bit graph computes with exactly these weights.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

LEVELS = 127


def round_weights(module: nn.Module) -> int:
    """Round the weights of every convolution and linear layer in place; returns how many weights that was."""
    rounded = 0
    with torch.no_grad():
        for layer in module.modules():
            if isinstance(layer, nn.Conv2d | nn.Linear):
                layer.weight.copy_(rounded_to_levels(layer.weight))
                rounded += layer.weight.numel()
    return rounded


def rounded_to_levels(weight: Tensor) -> Tensor:
    """(O, ...) -> the same shape, each output channel on 255 levels."""
    flat = weight.flatten(1)
    step = (flat.abs().amax(1, keepdim=True) / LEVELS).clamp_min(torch.finfo(weight.dtype).tiny)
    return ((flat / step).round() * step).view_as(weight)
