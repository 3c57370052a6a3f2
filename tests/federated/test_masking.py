"""Masks hide perfectly and cancel exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lentigo.errors import FederationError
from lentigo.federated.masking import LARGEST, decode, encode, mask
from lentigo.federated.secure_client import add_pairwise
from lentigo.federated.secure_server import neighbours, threshold

CHANGES = arrays(np.float64, (3, 7), elements=st.floats(-5, 5))


@given(CHANGES)
@settings(deadline=None)
def test_a_sum_of_encoded_changes_is_the_sum(changes: np.ndarray[Any, Any]) -> None:
    shares = (0.5, 0.2, 0.3)
    encoded = [encode(change, share) for change, share in zip(changes, shares, strict=True)]
    assert np.allclose(decode(encoded[0] + encoded[1] + encoded[2]), shares @ changes, atol=1e-6)


@given(st.lists(st.floats(0.01, 1), min_size=3, max_size=40), st.sampled_from([LARGEST, -LARGEST]))
@settings(deadline=None)
def test_the_largest_changes_of_all_clients_fit_their_sum(counted: list[float], change: float) -> None:
    encoded = [encode(np.full(2, change), count / sum(counted)) for count in counted]
    assert np.allclose(decode(np.sum(encoded, axis=0, dtype=np.uint32)), change, atol=1e-5)


@pytest.mark.parametrize("share", [0.0, -1.0, 1.5, float("nan")])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    """A server could otherwise make one client's part the whole sum."""
    with pytest.raises(FederationError, match="is no share"):
        encode(np.zeros(3), share)


@given(CHANGES, st.binary(min_size=32, max_size=32))
@settings(deadline=None)
def test_the_mask_of_a_pair_cancels(changes: np.ndarray[Any, Any], secret: bytes) -> None:
    common = mask(secret, 1, 7)
    one = add_pairwise(encode(changes[0], 0.5), common, 5, 9)
    other = add_pairwise(encode(changes[1], 0.5), common, 9, 5)
    assert np.array_equal(one + other, encode(changes[0], 0.5) + encode(changes[1], 0.5))


def test_a_mask_is_a_known_stream_and_another_in_each_round() -> None:
    assert np.array_equal(mask(b"secret", 1, 100), mask(b"secret", 1, 100))
    assert not np.array_equal(mask(b"secret", 1, 100), mask(b"secret", 2, 100))
    assert not np.array_equal(mask(b"secret", 1, 100), mask(b"secreu", 1, 100))


def test_masks_use_all_of_their_secret() -> None:
    """Flower's generator gives two secrets that fold to the same 32 bits the same mask."""
    swapped = b"bbbbaaaa" * 4
    assert not np.array_equal(mask(b"aaaabbbb" * 4, 1, 10), mask(swapped, 1, 10))


def test_masks_are_uniform() -> None:
    values = mask(b"any", 1, 100_000)
    counts = np.bincount(values >> 28, minlength=16)
    assert ((counts - 6250) ** 2 / 6250).sum() < 37.7  # chi square with 15 degrees of freedom, p = 0.001


@pytest.mark.parametrize("value", [np.nan, np.inf, LARGEST * 2])
def test_what_cannot_be_added_up_is_refused(value: float) -> None:
    with pytest.raises(FederationError, match="cannot be added up"):
        encode(np.array([0.0, value]), 0.5)


@pytest.mark.parametrize("count", [3, 5, 16, 17, 60, 300])
def test_everybody_is_their_neighbours_neighbour_and_more_than_half_open_a_mask(count: int) -> None:
    graph = neighbours(list(range(1, count + 1)))
    assert all(node in graph[other] for node, others in graph.items() for other in others)
    assert all(node in others for node, others in graph.items())
    assert all(2 * threshold(others) > len(others) for others in graph.values())
    assert len({len(others) for others in graph.values()}) == 1
    if count == 300:
        assert len(graph[1]) < 50
