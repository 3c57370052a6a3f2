"""A photo seen several ways: skin has no up or down, so what a network says should not depend on how it was held.

Averaging over mirrored and turned views makes its answer steadier (test-time augmentation). Evidence stays exact: the
map of each view is turned back, and the mean of sums is the sum of means.
"""

from __future__ import annotations

import torch
from torch import Tensor

MOST_VIEWS = 4


def seen(pixels: Tensor, views: int) -> Tensor:
    """(N, 3, S, S) -> (views * N, 3, S, S): as it is, mirrored, upside down, and both."""
    return torch.cat([_turn(pixels, view) for view in range(views)])


def averaged(maps: Tensor, views: int) -> Tensor:
    """(views * N, C, h, w) -> (N, C, h, w): each view's map turned back, and their mean."""
    return torch.stack([_turn(one, view) for view, one in enumerate(maps.chunk(views))]).mean(0)


def _turn(square: Tensor, view: int) -> Tensor:
    """Each is its own inverse."""
    sides = ((), (3,), (2,), (2, 3))[view]
    return square.flip(sides) if sides else square
