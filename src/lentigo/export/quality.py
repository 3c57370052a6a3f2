"""Plain measures of a photo, computed in the graph on the very pixels that the network sees.

So Python, the browser and Android measure alike, and none of them touches the photo twice.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from lentigo.card import QualityMeasure
from lentigo.training.augmentation import GREY

MEASURES: tuple[QualityMeasure, ...] = ("brightness", "sharpness")
"""What :class:`QualityMeasures` gives, in this order."""


class QualityMeasures(nn.Module):
    """``brightness`` is the mean lightness, ``sharpness`` the standard deviation of its Laplacian, both for 0..1.

    The Laplacian's spread is the measure LAP4 of Pertuz et al. (2013, "Analysis of focus measure operators").
    """

    grey: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("grey", torch.tensor(GREY).view(3, 1, 1) / 255)

    def forward(self, channels: Tensor) -> Tensor:
        """(3, S, S) in 0..255 -> (M,)."""
        lightness = (channels * self.grey).sum(0)
        middle = lightness[1:-1, 1:-1]
        around = lightness[:-2, 1:-1] + lightness[2:, 1:-1] + lightness[1:-1, :-2] + lightness[1:-1, 2:]
        laplacian = around - 4 * middle
        sharpness = (laplacian - laplacian.mean()).square().mean().sqrt()
        return torch.stack([lightness.mean(), sharpness])
