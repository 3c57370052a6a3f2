"""Central differential privacy: the server hides what each client as a whole has added, by Flower's strategy wrappers.

Each client's change of the weights is cut to a length, all clients count alike, and noise is added to their mean
(McMahan et al. 2018, "Learning differentially private recurrent language models"). The length is fixed, or follows the
middle of the clients' lengths (Andrew et al. 2021, "Differentially private learning with adaptive clipping"). All
clients take part in every round, so nothing is gained by drawing some: a round is a Gaussian mechanism at a sampling
rate of 1.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from flwr.app import Array, ArrayRecord, Message, MetricRecord
from flwr.serverapp.strategy import (
    DifferentialPrivacyServerSideAdaptiveClipping,
    DifferentialPrivacyServerSideFixedClipping,
    FedAvg,
)
from pydantic import Field

from lentigo.federated.budget import Budget, Release
from lentigo.federated.noise import gaussian

_FIRST_LENGTH = 1.0
"""Of the adaptive cut; a round of training changes a pretrained network by about this."""


class CentralPrivacy(Budget):
    """Differential privacy by client. ``clip_norm`` None adapts it."""

    clip_norm: float | None = Field(None, gt=0)

    def release(self, rounds: int) -> Release:
        """What each of so many rounds spends."""
        return Release(noise_multiplier=self.noise(1.0, rounds), sample_rate=1.0, steps=1)


class FixedClipping(DifferentialPrivacyServerSideFixedClipping):
    """Flower's, with noise for as many clients as did answer, and such that nobody can draw it again."""

    def aggregate_train(
        self, server_round: int, replies: Iterable[Message]
    ) -> tuple[ArrayRecord | None, MetricRecord | None]:
        """The noisy mean of these replies."""
        replies = [_moved(reply, self.current_arrays) for reply in replies]
        self.num_sampled_clients = len(replies)
        return super().aggregate_train(server_round, replies)

    def _add_noise_to_aggregated_arrays(self, aggregated_arrays: ArrayRecord) -> ArrayRecord:
        return _noisy(aggregated_arrays, self.noise_multiplier * self.clipping_norm / self.num_sampled_clients)


class AdaptiveClipping(DifferentialPrivacyServerSideAdaptiveClipping):
    """Flower's, with the same changes, a length that moves the right way, and noise for the length that was cut to.

    Flower 1.41 counts the clients that were cut where the paper counts those that were not, so its length shrinks the
    more clients are cut; and it takes the next round's length for this round's noise, which is too little where that is
    shorter (``flwr/serverapp/strategy/dp_adaptive_clipping.py``, ``_geometric_update``, ``aggregate_train``).
    """

    _cut_to = _FIRST_LENGTH

    def aggregate_train(
        self, server_round: int, replies: Iterable[Message]
    ) -> tuple[ArrayRecord | None, MetricRecord | None]:
        """The noisy mean of these replies."""
        replies = [_moved(reply, self.current_arrays) for reply in replies]
        self.num_sampled_clients, self._cut_to = len(replies), self.clipping_norm
        return super().aggregate_train(server_round, replies)

    def _geometric_update(self, clipped_fraction: float) -> None:
        super()._geometric_update(1 - clipped_fraction)

    def _noisy_fraction(self, count: int, total: int) -> float:
        return (count + float(gaussian((), self.clipped_count_stddev))) / total

    def _add_noise_to_aggregated_arrays(self, aggregated: ArrayRecord) -> ArrayRecord:
        return _noisy(aggregated, self.noise_multiplier * self._cut_to / self.num_sampled_clients)


def _moved(reply: Message, common: ArrayRecord) -> Message:
    """A reply that is not quite the common weights: Flower divides by the length of the change."""
    ((record_name, record),) = reply.content.array_records.items()
    weights = {name: array.numpy().copy() for name, array in record.items()}
    if all(np.array_equal(values, common[name].numpy()) for name, values in weights.items()):
        first = next(iter(weights.values()))
        first.flat[0] += 1e-6 * max(1.0, abs(first.flat[0]))
        reply.content[record_name] = ArrayRecord({name: Array(values) for name, values in weights.items()})
    return reply


def _noisy(mean: ArrayRecord, standard_deviation: float) -> ArrayRecord:
    noisy = {name: one.numpy() + gaussian(one.shape, standard_deviation).numpy() for name, one in mean.items()}
    return ArrayRecord({name: Array(np.asarray(one, np.float32)) for name, one in noisy.items()})


def with_central_privacy(strategy: FedAvg, privacy: CentralPrivacy, rounds: int) -> FixedClipping | AdaptiveClipping:
    """Wrap a strategy whose clients all count alike.

    Of the adaptive length, the count of clients that were cut is hidden by noise too; the two noises together spend
    what one of ``noise_multiplier`` would (theorem 1 of Andrew et al.).
    """
    noise = privacy.noise(1.0, rounds)
    if privacy.clip_norm is not None:
        return FixedClipping(strategy, noise, privacy.clip_norm, num_sampled_clients=1)
    return AdaptiveClipping(
        strategy, noise, num_sampled_clients=1, initial_clipping_norm=_FIRST_LENGTH, clipped_count_stddev=noise
    )
