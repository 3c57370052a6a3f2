"""How unlike the training photos a photo is: distance in feature space.

The Mahalanobis distance of Lee et al. (2018, "A simple unified framework for detecting out-of-distribution samples"):
features are whitened by their spread within the diagnoses, and the score is the distance to the nearest diagnosis's
mean. Only the directions of greatest spread are kept, so that the matrix stays small enough to travel with the graph.
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

DIRECTIONS = 64
_FLOOR = 1e-3
"""Smallest spread, as a share of the greatest, that is still scaled up to one: below it is only noise."""


class NoveltyScore(nn.Module):
    """Root-mean-square whitened distance to the nearest mean; about 1 for a familiar photo.

    Args:
        centre: (F,) mean of all features.
        directions: (F, D) whitened directions.
        means: (C, D) mean of each diagnosis, whitened.
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

    def save(self, path: Path) -> None:
        """Write as safetensors, whole or not at all."""
        with replacing(path) as part:
            save_file({name: tensor.contiguous() for name, tensor in self.state_dict().items()}, part)

    @classmethod
    def read(cls, path: Path) -> NoveltyScore:
        """Read what :meth:`save` wrote."""
        return cls(**load_file(path))


def fit_novelty(features: Floats, y_true: npt.NDArray[np.int64], classes: int) -> NoveltyScore:
    """Fit on training features (N, F) and diagnoses (N,); diagnoses without a photo have no mean."""
    present = [place for place in range(classes) if np.any(y_true == place)]
    centre = features.mean(0)
    means = np.stack([features[y_true == place].mean(0) for place in present])
    within = features - means[np.searchsorted(present, y_true)]
    _, spread, axes = np.linalg.svd(within / np.sqrt(len(within)), full_matrices=False)
    kept = min(DIRECTIONS, int((spread > _FLOOR * spread[0]).sum()))
    directions = axes[:kept].T / spread[:kept]
    whitened_means = (means - centre) @ directions
    return NoveltyScore(*(torch.from_numpy(part.astype(np.float32)) for part in (centre, directions, whitened_means)))
