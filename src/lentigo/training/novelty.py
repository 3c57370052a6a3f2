"""How unlike the training photos a photo is: distance in feature space.

The Mahalanobis distance of Lee et al. (2018, "A simple unified framework for detecting out-of-distribution samples"):
features are whitened by their spread within the diagnoses, and the score is the distance to the nearest diagnosis's
mean. It is asked twice: of what the network sees at its end (is it a diagnosis that it knows?), and of the textures and
colours halfway (is it skin at all?).
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

TINY = 1e-6
"""Added to each spread, so that a feature that never changes divides by no zero."""
FLOOR = 1e-3
"""Smallest spread, as a share of the greatest, that is still scaled up to one: below it is only noise."""


class NoveltyScore(nn.Module):
    """Root-mean-square whitened distance to the nearest mean; about 1 for a familiar photo.

    Args:
        centre: (F,) mean of all features.
        directions: (F, D) whitened directions.
        means: (M, D) mean of each diagnosis, whitened.
    """

    centre: Tensor
    directions: Tensor
    means: Tensor

    def __init__(self, centre: Tensor, directions: Tensor, means: Tensor) -> None:
        super().__init__()
        self.register_buffer("centre", centre)
        self.register_buffer("directions", directions)
        self.register_buffer("means", means)

    def forward(self, features: Tensor) -> Tensor:
        """(N, F) -> (N,)."""
        whitened = (features - self.centre) @ self.directions
        squared = (whitened[:, None, :] - self.means[None]).square().mean(2)
        return squared.amin(1).sqrt()

    def of(self, features: Floats) -> Floats:
        """The same of arrays."""
        with torch.inference_mode():
            return np.asarray(self(torch.from_numpy(features)).numpy())

    def save(self, path: Path) -> None:
        """Write as safetensors, whole or not at all."""
        with replacing(path) as part:
            save_file({name: tensor.contiguous() for name, tensor in self.state_dict().items()}, part)

    @classmethod
    def read(cls, path: Path) -> NoveltyScore:
        """Read what :meth:`save` wrote."""
        return cls(**load_file(path))


def fit_novelty(features: Floats, groups: npt.NDArray[np.int64], directions: int) -> NoveltyScore:
    """Fit on training photos.

    Args:
        features: (N, F).
        groups: (N,), whose mean each photo should be near to: its diagnosis's, say.
        directions: Of greatest spread, how many are kept at most: the matrix travels with the graph.
    """
    numbers = groups.max() + 1
    centre, scale = features.mean(0), features.std(0) + TINY
    standard = (features - centre) / scale
    present = [number for number in range(numbers) if np.any(groups == number)]
    means = np.stack([standard[groups == number].mean(0) for number in present])
    within = standard - means[np.searchsorted(present, groups)]
    _, spread, axes = np.linalg.svd(within / np.sqrt(len(within)), full_matrices=False)
    kept = min(directions, int((spread > FLOOR * spread[0]).sum()))
    whitened = axes[:kept].T / spread[:kept]
    parts = (centre, whitened / scale[:, None], means @ whitened)
    return NoveltyScore(*(torch.from_numpy(part.astype(np.float32)) for part in parts))
