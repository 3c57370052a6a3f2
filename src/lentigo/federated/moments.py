"""Fitting a distance score without seeing the features: their sums are enough, and sums add up over clients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from lentigo.training.novelty import FLOOR, TINY, NoveltyScore

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """Sums over N features in G groups.

    Attributes:
        counts: (G,), features in each group.
        sums: (G, F), their sum.
        products: (F, F), the sum of each feature's outer product with itself.
    """

    counts: Doubles
    sums: Doubles
    products: Doubles

    @classmethod
    def of(cls, features: npt.NDArray[np.float32], groups: npt.NDArray[np.int64], number: int) -> Moments:
        """Of features (N, F) and their groups (N,), of which there are ``number``."""
        exact = features.astype(np.float64)
        sums = np.zeros((number, features.shape[1]))
        np.add.at(sums, groups, exact)
        return cls(np.bincount(groups, minlength=number).astype(np.float64), sums, exact.T @ exact)

    def __add__(self, other: Moments) -> Moments:
        return Moments(self.counts + other.counts, self.sums + other.sums, self.products + other.products)


def fit_from_moments(moments: Moments, directions: int) -> NoveltyScore:
    """What :func:`~lentigo.training.novelty.fit_novelty` gives for the same features, up to rounding."""
    total = moments.counts.sum()
    centre = moments.sums.sum(0) / total
    scale = np.sqrt(np.maximum(moments.products.diagonal() / total - centre**2, 0)) + TINY
    present = moments.counts > 0
    counts = moments.counts[present]
    means = moments.sums[present] / counts[:, None]
    within = (moments.products - (means * counts[:, None]).T @ means) / total
    within /= np.outer(scale, scale)
    variances, axes = np.linalg.eigh(within)
    spread = np.sqrt(np.maximum(variances[::-1], 0))
    kept = min(directions, int((spread > FLOOR * spread[0]).sum()))
    whitened = axes[:, ::-1][:, :kept] / spread[:kept]
    parts = (centre, whitened / scale[:, None], (means - centre) / scale @ whitened)
    return NoveltyScore(*(torch.from_numpy(np.ascontiguousarray(part, np.float32)) for part in parts))
