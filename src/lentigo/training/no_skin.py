"""How unlike skin a photo is: its distance, in textures and colours, from the training photos.

The Mahalanobis distance of Lee et al. (2018, "A simple unified framework for detecting out-of-distribution samples"),
from one mean: textures are whitened by their spread over the training photos. They are taken halfway through the
network, where it sees what things are made of, not yet what they mean.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from lentigo.writing import replacing

Floats = npt.NDArray[np.float32]

DIRECTIONS = 256
"""Of greatest spread, how many are kept at most: the matrix travels with the graph. See docs/explanation/novelty.md."""
TINY = 1e-6
"""Added to each spread, so that a texture that never changes divides by no zero."""
FLOOR = 1e-3
"""Smallest spread, as a share of the greatest, that is still scaled up to one: below it is only noise."""


class SkinDistance(nn.Module):
    """Root-mean-square whitened distance from the mean; about 1 for skin.

    Args:
        centre: (T,) mean of all textures.
        directions: (T, D) whitened directions.
    """

    centre: Tensor
    directions: Tensor

    def __init__(self, centre: Tensor, directions: Tensor) -> None:
        super().__init__()
        self.register_buffer("centre", centre)
        self.register_buffer("directions", directions)

    def forward(self, textures: Tensor) -> Tensor:
        """(N, T) -> (N,)."""
        return ((textures - self.centre) @ self.directions).square().mean(1).sqrt()

    def of(self, textures: Floats) -> Floats:
        """The same of arrays."""
        with torch.inference_mode():
            return np.asarray(self(torch.from_numpy(textures)).numpy())

    def save(self, path: Path) -> None:
        """Write as safetensors, whole or not at all."""
        with replacing(path) as part:
            save_file({name: tensor.contiguous() for name, tensor in self.state_dict().items()}, part)

    @classmethod
    def read(cls, path: Path) -> SkinDistance:
        """Read what :meth:`save` wrote."""
        return cls(**load_file(path))


def fit_skin_distance(textures: Floats) -> SkinDistance:
    """Fit on (N, T) textures of training photos."""
    centre, scale = textures.mean(0), textures.std(0) + TINY
    standard = (textures - centre) / scale
    _, spread, axes = np.linalg.svd(standard / np.sqrt(len(standard)), full_matrices=False)
    kept = min(DIRECTIONS, int((spread > FLOOR * spread[0]).sum()))
    directions = axes[:kept].T / spread[:kept] / scale[:, None]
    return SkinDistance(torch.from_numpy(centre), torch.from_numpy(directions.astype(np.float32)))
