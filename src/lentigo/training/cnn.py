"""A small convolutional network to be trained from scratch: the baseline that a pretrained network has to beat."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

WIDTHS = (32, 64, 128, 256)


class SmallCnn(nn.Module):
    """Four blocks of two 3x3 convolutions with batch norm, each halving the side: 1.2 million weights."""

    def __init__(self) -> None:
        super().__init__()
        inner = [3, *WIDTHS]
        self.blocks = nn.Sequential(*(_block(inner[i], inner[i + 1]) for i in range(len(WIDTHS))))

    def forward_features(self, pixels: Tensor) -> Tensor:
        """(N, 3, S, S) -> (N, 256, S/16, S/16)."""
        features: Tensor = self.blocks(pixels)
        return features

    def forward_intermediates(self, pixels: Tensor, indices: int) -> tuple[Tensor, list[Tensor]]:
        """What :meth:`forward_features` gives, and the last ``indices`` blocks' outputs, as timm's models say it."""
        outputs = []
        for block in self.blocks:
            pixels = block(pixels)
            outputs.append(pixels)
        return pixels, outputs[-indices:]

    def group_matcher(self, coarse: bool = False) -> dict[str, Any]:
        """Which parameters belong to which depth, as timm's models say it."""
        del coarse
        return {"stem": r"^blocks\.0", "blocks": r"^blocks\.(\d+)"}


def _block(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
        nn.Conv2d(outputs, outputs, 3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )
