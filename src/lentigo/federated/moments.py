"""Fitting the distance from skin without seeing the textures: their sums are enough, and sums add up over clients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from lentigo.training.no_skin import DIRECTIONS, FLOOR, TINY, SkinDistance

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """Sums over N textures.

    Attributes:
        count: (), N.
        total: (T,), their sum.
        products: (T, T), the sum of each texture's outer product with itself.
    """

    count: Doubles
    total: Doubles
    products: Doubles

    @classmethod
    def of(cls, textures: npt.NDArray[np.float32]) -> Moments:
        """Of textures (N, T)."""
        exact = textures.astype(np.float64)
        return cls(np.array(float(len(exact))), exact.sum(0), exact.T @ exact)

    def __add__(self, other: Moments) -> Moments:
        return Moments(self.count + other.count, self.total + other.total, self.products + other.products)


def fit_from_moments(moments: Moments) -> SkinDistance:
    """What :func:`~lentigo.training.no_skin.fit_skin_distance` gives for the same textures, up to rounding."""
    centre = moments.total / moments.count
    covariance = moments.products / moments.count - np.outer(centre, centre)
    scale = np.sqrt(np.maximum(covariance.diagonal(), 0)) + TINY
    variances, axes = np.linalg.eigh(covariance / np.outer(scale, scale))
    spread = np.sqrt(np.maximum(variances[::-1], 0))
    kept = min(DIRECTIONS, int((spread > FLOOR * spread[0]).sum()))
    directions = axes[:, ::-1][:, :kept] / spread[:kept] / scale[:, None]
    parts = (np.ascontiguousarray(part, np.float32) for part in (centre, directions))
    return SkinDistance(*(torch.from_numpy(part) for part in parts))
