"""Central differential privacy: the server hides what each client as a whole has added, by Flower's strategy wrappers.

Each client's change of the weights is cut to a length, all clients count alike, and noise is added to their mean
(McMahan et al. 2018, "Learning differentially private recurrent language models"). The length is fixed, or follows the
middle of the clients' lengths (Andrew et al. 2021, "Differentially private learning with adaptive clipping"). All
clients take part in every round, so nothing is gained by drawing some: a round is a Gaussian mechanism at a sampling
rate of 1.
"""

from __future__ import annotations

from collections.abc import Iterable

from flwr.app import ArrayRecord, Message, MetricRecord
from flwr.serverapp.strategy import (
    DifferentialPrivacyServerSideAdaptiveClipping,
    DifferentialPrivacyServerSideFixedClipping,
    FedAvg,
)
from pydantic import Field, model_validator

from lentigo.card import Frozen
from lentigo.federated.budget import DELTA, Release, epsilon_of, least_noise

_FIRST_LENGTH = 1.0
"""Of the adaptive cut; a round of training changes a pretrained network by about this."""


class CentralPrivacy(Frozen):
    """Differential privacy by client.

    ``clip_norm`` None adapts it; ``noise_multiplier`` None takes the least that fits the budget.
    """

    epsilon_budget: float | None = Field(None, gt=0)
    noise_multiplier: float | None = Field(None, gt=0)
    clip_norm: float | None = Field(None, gt=0)
    delta: float = Field(DELTA, gt=0, lt=1)

    @model_validator(mode="after")
    def _says_how_much(self) -> CentralPrivacy:
        if self.epsilon_budget is None and self.noise_multiplier is None:
            raise ValueError("differential privacy wants a budget of epsilon, a noise multiplier, or both")
        return self

    def noise(self, rounds: int) -> float:
        """The noise multiplier of a training of so many rounds."""
        if self.noise_multiplier is not None:
            return self.noise_multiplier
        return least_noise(self.epsilon_budget or 0.0, self.delta, 1.0, rounds)

    def epsilon_after(self, rounds_done: int, rounds: int) -> float:
        """What so many rounds have spent."""
        if not rounds_done:
            return 0.0
        release = Release(noise_multiplier=self.noise(rounds), sample_rate=1.0, steps=rounds_done)
        return epsilon_of([release], self.delta)


class FixedClipping(DifferentialPrivacyServerSideFixedClipping):
    """Flower's, with noise for as many clients as did answer."""

    def aggregate_train(
        self, server_round: int, replies: Iterable[Message]
    ) -> tuple[ArrayRecord | None, MetricRecord | None]:
        """The noisy mean of these replies."""
        replies = list(replies)
        self.num_sampled_clients = len(replies)
        return super().aggregate_train(server_round, replies)


class AdaptiveClipping(DifferentialPrivacyServerSideAdaptiveClipping):
    """Flower's, with noise for as many clients as did answer, and a length that moves the right way.

    Flower 1.41 counts the clients that were cut where the paper counts those that were not, so its length shrinks the
    more clients are cut (``flwr/serverapp/strategy/dp_adaptive_clipping.py``, ``_geometric_update``).
    """

    def aggregate_train(
        self, server_round: int, replies: Iterable[Message]
    ) -> tuple[ArrayRecord | None, MetricRecord | None]:
        """The noisy mean of these replies."""
        replies = list(replies)
        self.num_sampled_clients = len(replies)
        return super().aggregate_train(server_round, replies)

    def _geometric_update(self, clipped_fraction: float) -> None:
        super()._geometric_update(1 - clipped_fraction)


def with_central_privacy(strategy: FedAvg, privacy: CentralPrivacy, rounds: int) -> FixedClipping | AdaptiveClipping:
    """Wrap a strategy whose clients all count alike.

    Of the adaptive length, the count of clients that were cut is hidden by noise too; the two noises together spend
    what one of ``noise_multiplier`` would (theorem 1 of Andrew et al.).
    """
    noise = privacy.noise(rounds)
    if privacy.clip_norm is not None:
        return FixedClipping(strategy, noise, privacy.clip_norm, num_sampled_clients=1)
    return AdaptiveClipping(
        strategy, noise, num_sampled_clients=1, initial_clipping_norm=_FIRST_LENGTH, clipped_count_stddev=noise
    )
