"""What the server and all clients of a federation must agree on. It travels with each message: clients keep nothing."""

from __future__ import annotations

import json
from typing import Literal

from pydantic import Field, model_validator

import lentigo
from lentigo.card import AnswerSpec, CardDiagnosis, Frozen
from lentigo.errors import FederationError
from lentigo.federated.budget import LocalPrivacy
from lentigo.federated.central import CentralPrivacy
from lentigo.training.config import TrainConfig

PROTOCOL = 1
"""Rises when what server and clients say to each other changes."""


class Plan(Frozen):
    """What is trained, and how.

    ``config.epochs`` counts the local epochs of all rounds together: sizes, frozen layers and learning rates follow
    one schedule over the whole training, as they do in a run on one machine.
    """

    protocol: int = PROTOCOL
    lentigo_version: str = lentigo.__version__
    config: TrainConfig
    diagnoses: tuple[CardDiagnosis, ...]
    answers: tuple[AnswerSpec, ...]
    local_epochs: int = Field(1, ge=1)
    privacy: LocalPrivacy | None = None
    """Differential privacy at the clients."""
    compress: bool = False
    """Whether clients send changes in 8 bits instead of weights in 32."""
    secure_aggregation: bool = False
    """Whether the server sees the sum of the clients' weights only."""

    @property
    def codes(self) -> list[str]:
        """The diagnoses in the order of the logits."""
        return [diagnosis.code for diagnosis in self.diagnoses]

    @property
    def rounds(self) -> int:
        """How many rounds there are at most."""
        return self.config.epochs // self.local_epochs

    def epochs_of(self, round_number: int) -> range:
        """The epochs of the schedule (from 0) that a client trains in a round (from 1)."""
        return range((round_number - 1) * self.local_epochs, round_number * self.local_epochs)


def read_plan(text: str) -> Plan:
    """Read what a server sent.

    Raises:
        FederationError: It is of another version of Lentigo.
    """
    said = json.loads(text)
    if said.get("protocol") != PROTOCOL or said.get("lentigo_version") != lentigo.__version__:
        raise FederationError(
            f"The server runs Lentigo {said.get('lentigo_version')}, this client {lentigo.__version__}.",
            "Install the same version on both sides.",
        )
    return Plan.model_validate(said)


StrategyName = Literal["fedavg", "fedprox", "fedadam", "trimmed-mean", "krum"]


class FederationOptions(Frozen):
    """What only the server decides by."""

    strategy: StrategyName = "fedavg"
    proximal_mu: float = Field(0.01, ge=0, description="FedProx: how strongly a client is held to the common weights")
    server_learning_rate: float = Field(0.001, gt=0, description="FedAdam: of the server's step")
    malicious: int = Field(1, ge=1, description="Trimmed mean and Krum: how many clients may be malicious")
    min_clients: int = Field(2, ge=1, description="Fewest clients whose weights make a round")
    wait_s: float = Field(600.0, gt=0, description="How long missing clients are waited for")
    round_deadline_s: float = Field(7200.0, gt=0, description="How long a round may take")
    slow_factor: float = Field(
        3.0, gt=1, description="A client slower than the middle one by this factor is left out of the round"
    )
    slow_floor_s: float = Field(60.0, ge=0, description="Nobody is left out as slow before this")
    central: CentralPrivacy | None = Field(None, description="Differential privacy at the server")

    @model_validator(mode="after")
    def _enough_mean_well(self) -> FederationOptions:
        spare = {"trimmed-mean": 1, "krum": 2}.get(self.strategy)
        if spare is not None and self.min_clients < (needed := 2 * self.malicious + spare):
            raise ValueError(f"{self.strategy} against {self.malicious} malicious needs --min-clients {needed} or more")
        return self
