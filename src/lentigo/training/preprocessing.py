"""What the graph does to pixels before the network, in torch: the reference that an export is compared with."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torchvision.transforms.v2 import functional

from lentigo.imaging import Pixels


def centre_square(pixels: Pixels, size_px: int) -> Tensor:
    """Cut out the centre square and resize it (antialiased): uint8 (H, W, 3) -> float (3, size_px, size_px), 0..255."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = np.array(pixels[top : top + side, left : left + side])  # a copy: torch wants to own its memory
    channels = torch.from_numpy(square).permute(2, 0, 1).float()
    resized: Tensor = functional.resize(channels, [size_px, size_px], antialias=True)
    return resized
