"""Changes in 8 bits: small, right on average, and refused when they do not fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from flwr.app import Array, ArrayRecord

from lentigo.errors import FederationError
from lentigo.federated.compression import compress, decompress


def record(**arrays: np.ndarray[Any, Any]) -> ArrayRecord:
    return ArrayRecord({name: Array(values.astype(np.float32)) for name, values in arrays.items()})


@pytest.fixture
def sent() -> ArrayRecord:
    return record(a=np.random.default_rng(0).normal(size=(50, 20)), b=np.zeros(3), c=np.ones(()))


def test_weights_come_back_to_within_a_step(sent: ArrayRecord) -> None:
    change = np.random.default_rng(1).normal(0, 0.01, (50, 20))
    trained = record(a=sent["a"].numpy() + change, b=np.zeros(3), c=np.full((), 1.5))
    back = decompress(compress(trained, sent), sent)
    assert np.abs(back["a"].numpy() - trained["a"].numpy()).max() <= np.abs(change).max() / 127 + 1e-6
    assert back["b"].numpy().tolist() == [0, 0, 0]
    assert float(back["c"].numpy()) == pytest.approx(1.5)


def test_rounding_is_right_on_average(sent: ArrayRecord) -> None:
    trained = record(a=sent["a"].numpy(), b=np.array([1.0, 0.123, -0.456]), c=np.ones(()))
    found = [decompress(compress(trained, sent), sent)["b"].numpy() for _ in range(2000)]
    assert np.mean(found, axis=0) == pytest.approx([1.0, 0.123, -0.456], abs=5e-4)


def test_it_is_a_fourth_or_less(sent: ArrayRecord) -> None:
    trained = record(a=sent["a"].numpy() + 0.01, b=np.zeros(3), c=np.ones(()))
    assert compress(trained, sent).count_bytes() < sent.count_bytes() / 2
    large = record(a=np.random.default_rng(0).normal(size=100_000))
    moved = record(a=large["a"].numpy() + np.random.default_rng(1).normal(size=100_000))
    assert compress(moved, large).count_bytes() < 0.26 * large.count_bytes()


@pytest.mark.parametrize(
    "bad",
    [
        ArrayRecord(),
        ArrayRecord({"steps": Array(np.ones(3)), "packed": Array(np.zeros(9, np.uint8))}),
        compress(record(a=np.ones(4)), record(a=np.zeros(4))),
    ],
)
def test_what_does_not_fit_is_refused(sent: ArrayRecord, bad: ArrayRecord) -> None:
    with pytest.raises(FederationError):
        decompress(bad, sent)


def test_a_change_that_is_no_number_shows_as_such(sent: ArrayRecord) -> None:
    trained = record(a=np.full((50, 20), np.nan), b=np.zeros(3), c=np.ones(()))
    assert np.isnan(decompress(compress(trained, sent), sent)["a"].numpy()).any()
