"""Noise: of the right shape, the right size, and never the same again."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import stats

from lentigo.federated.noise import gaussian, uniform


def test_noise_is_gaussian_beyond_a_block() -> None:
    values = gaussian((300, 500), 2.5).numpy().ravel()
    assert stats.kstest(values / 2.5, "norm").pvalue > 1e-4
    assert abs(np.corrcoef(values[:-1], values[1:])[0, 1]) < 0.02


def test_numbers_lie_evenly_from_0_up_to_1() -> None:
    values = uniform(100_000).numpy()
    assert values.min() >= 0
    assert values.max() < 1
    assert stats.kstest(values, "uniform").pvalue > 1e-4


@pytest.mark.parametrize("shape", [(), (3,), (2, 0), (2, 3, 5)])
def test_noise_has_the_shape_that_was_asked_for(shape: tuple[int, ...]) -> None:
    assert tuple(gaussian(shape, 1.0).shape) == shape


def test_no_seed_brings_noise_back() -> None:
    drawn = []
    for _ in range(2):
        torch.manual_seed(0)
        np.random.seed(0)  # noqa: NPY002  # the global generator is what is meant
        drawn.append(gaussian((4,), 1.0))
    assert not torch.equal(*drawn)
