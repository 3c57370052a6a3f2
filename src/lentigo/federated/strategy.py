"""How the clients' weights become one: Flower's strategies.

Each client counts by the photos it learned from. The two robust ones stand up to clients that send harmful weights:
the trimmed mean leaves out the largest and smallest values of each weight and counts the others alike (Yin et al. 2018,
"Byzantine-robust distributed learning"); Krum leaves out the clients farthest from the others (Blanchard et al. 2017,
"Machine learning with adversaries", in the form that averages all but the malicious).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from flwr.app import ArrayRecord, Message, MetricRecord
from flwr.serverapp.strategy import FedAdam, FedAvg, FedProx, FedTrimmedAvg, MultiKrum, Strategy

from lentigo.federated import wire
from lentigo.federated.central import AdaptiveClipping, with_central_privacy
from lentigo.federated.plan import FederationOptions

Arrays = dict[str, npt.NDArray[np.float32]]
_MOMENTS = ("m_t", "v_t")
"""What FedAdam remembers from one round to the next."""
_LENGTH = "clipping_norm"
"""What adaptive clipping remembers."""


class TrimmedMean(FedTrimmedAvg):
    """Leaves out as many values at either end as there may be malicious clients."""

    def __init__(self, malicious: int, **common: Any) -> None:
        super().__init__(**common)
        self.malicious = malicious

    def aggregate_train(
        self, server_round: int, replies: Iterable[Message]
    ) -> tuple[ArrayRecord | None, MetricRecord | None]:
        """The trimmed mean of these replies."""
        replies = list(replies)
        # Flower cuts off the whole part of beta times the number of replies.
        self.beta = (self.malicious + 1e-6) / len(replies)
        return super().aggregate_train(server_round, replies)


class Krum(MultiKrum):
    """Leaves out as many clients as may be malicious."""

    def __init__(self, malicious: int, **common: Any) -> None:
        super().__init__(**common, num_malicious_nodes=malicious)

    def aggregate_train(
        self, server_round: int, replies: Iterable[Message]
    ) -> tuple[ArrayRecord | None, MetricRecord | None]:
        """The mean of the replies that are nearest to each other."""
        replies = list(replies)
        self.num_nodes_to_select = len(replies) - self.num_malicious_nodes
        return super().aggregate_train(server_round, replies)


def create_strategy(options: FederationOptions, rounds: int = 1) -> Strategy:
    """The strategy of a federation. Which clients take part, and how long they are waited for, it does not decide.

    ``rounds`` is over how many a budget of central privacy is spread.
    """
    strategy = _plain_strategy(options)
    return strategy if options.central is None else with_central_privacy(strategy, options.central, rounds)


def _plain_strategy(options: FederationOptions) -> FedAvg:
    common: Mapping[str, Any] = {
        "fraction_train": 1.0,
        "min_train_nodes": 1,
        "min_available_nodes": 1,
        "weighted_by_key": wire.PHOTOS if options.central is None else wire.ALIKE,
        "arrayrecord_key": wire.WEIGHTS,
        "configrecord_key": wire.SAID,
    }
    if options.strategy == "fedprox":
        return FedProx(**common, proximal_mu=options.proximal_mu)
    if options.strategy == "fedadam":
        return FedAdam(**common, eta=options.server_learning_rate)
    if options.strategy == "trimmed-mean":
        return TrimmedMean(options.malicious, **common)
    if options.strategy == "krum":
        return Krum(options.malicious, **common)
    return FedAvg(**common)


def remembered(strategy: Strategy) -> Arrays:
    """What a strategy has to be given again after a stop."""
    state: Arrays = {}
    for moment in _MOMENTS:
        for name, values in (getattr(_inner(strategy), moment, None) or {}).items():
            state[f"{moment}/{name}"] = np.asarray(values, np.float32)
    if isinstance(strategy, AdaptiveClipping):
        state[_LENGTH] = np.array([strategy.clipping_norm], np.float32)
    return state


def remind(strategy: Strategy, state: Arrays) -> None:
    """Give a strategy what :func:`remembered` kept."""
    for moment in _MOMENTS:
        kept = {name.removeprefix(f"{moment}/"): one for name, one in state.items() if name.startswith(f"{moment}/")}
        if kept:
            setattr(_inner(strategy), moment, kept)
    if isinstance(strategy, AdaptiveClipping) and _LENGTH in state:
        strategy.clipping_norm = float(state[_LENGTH][0])


def _inner(strategy: Strategy) -> Strategy:
    inner: Strategy = getattr(strategy, "strategy", strategy)
    return inner
