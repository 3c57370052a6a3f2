"""The moving average of the weights over the steps, which is what is judged and kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from torch import Tensor
from torch.optim.swa_utils import get_ema_multi_avg_fn

Averaging = Callable[[Sequence[Tensor], Sequence[Tensor], Tensor | int], Any]


def moving_average(decay: float) -> Averaging:
    """An exponential moving average with a quick start, for :class:`torch.optim.swa_utils.AveragedModel`.

    At step t min(decay, (1 + t) / (10 + t)) of the average is kept (as in TensorFlow's ``ExponentialMovingAverage``):
    with ``decay`` from the first step on, a short training would end with little more than its first weights.
    """

    def average(averaged: Sequence[Tensor], current: Sequence[Tensor], steps: Tensor | int) -> None:
        taken = int(steps)
        kept = min(decay, (1 + taken) / (10 + taken))
        get_ema_multi_avg_fn(kept)(averaged, current, steps)  # type: ignore[no-untyped-call]  # torch lacks types

    return average
