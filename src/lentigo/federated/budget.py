"""What differential privacy has cost so far, and what another round would cost.

A step of training is a Gaussian mechanism on a random part of the photos (Abadi et al. 2016, "Deep learning with
differential privacy"). How such steps add up is computed by Opacus's accountant of Rényi differential privacy (Mironov
et al. 2019, "Rényi differential privacy of the sampled Gaussian mechanism").
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from opacus.accountants import RDPAccountant
from opacus.accountants.utils import get_noise_multiplier
from pydantic import Field, ValidationError, model_validator

from lentigo.card import Frozen
from lentigo.errors import ConfigError, FederationError
from lentigo.writing import write_whole

OVERSPENT = "Another round would bring epsilon to"
"""How a refusal to spend more begins, on its way from a client to the server too."""
DELTA = 1e-5
"""Unless given. It must be well below one in the number of photos (Dwork & Roth 2014, section 2.3)."""
_ORDERS = [*RDPAccountant.DEFAULT_ALPHAS, *(float(2**power) for power in range(6, 13))]
"""Opacus's, and larger ones, which are the best for small epsilon."""


class Release(Frozen):
    """Steps of training whose result was given away.

    Attributes:
        noise_multiplier: Standard deviation of the noise, in units of the most that one photo (one client) can add.
        sample_rate: Chance of each photo (client) to be in a step.
        steps: How many.
    """

    noise_multiplier: float = Field(gt=0)
    sample_rate: float = Field(gt=0, le=1)
    steps: int = Field(ge=1)


class Budget(Frozen):
    """Differential privacy with a budget, a noise, or both.

    ``noise_multiplier`` None takes the least with which all rounds together stay within ``epsilon_budget``.
    """

    epsilon_budget: float | None = Field(None, gt=0)
    noise_multiplier: float | None = Field(None, gt=0)
    delta: float = Field(DELTA, gt=0, lt=1)

    @model_validator(mode="after")
    def _says_how_much(self) -> Self:
        if self.epsilon_budget is None and self.noise_multiplier is None:
            raise ValueError("differential privacy wants a budget of epsilon, a noise multiplier, or both")
        return self

    def noise(self, sample_rate: float, steps: int) -> float:
        """The noise multiplier of a training of so many steps."""
        if self.noise_multiplier is not None:
            return self.noise_multiplier
        return least_noise(self.epsilon_budget or 0.0, self.delta, sample_rate, steps)


class LocalPrivacy(Budget):
    """Differential privacy at the client: nobody, the server included, learns whether a photo was in the training set.

    ``clip_norm`` is the longest gradient of one photo.
    """

    clip_norm: float = Field(1.0, gt=0)


class Spent(Frozen):
    """What is spent of a budget, this round included, and what would be after another one."""

    epsilon: float
    epsilon_next: float
    delta: float


def epsilon_of(releases: Sequence[Release], delta: float) -> float:
    """Epsilon of all these steps together, at this delta; 0 for none."""
    accountant = RDPAccountant()
    accountant.history = [(one.noise_multiplier, one.sample_rate, one.steps) for one in releases]
    with _any_order():
        return float(accountant.get_epsilon(delta, alphas=_ORDERS)) if releases else 0.0


@contextmanager
def _any_order() -> Iterator[None]:
    """Every order gives a bound that holds; Opacus warns where another might give a tighter one."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Optimal order is the")
        yield


def least_noise(epsilon: float, delta: float, sample_rate: float, steps: int) -> float:
    """The least noise multiplier with which so many steps spend no more than ``epsilon``.

    Raises:
        ConfigError: No noise is enough.
    """
    try:
        with _any_order():
            found = get_noise_multiplier(
                target_epsilon=epsilon,
                target_delta=delta,
                sample_rate=sample_rate,
                steps=steps,
                epsilon_tolerance=min(0.01, epsilon / 100),
                alphas=_ORDERS,
            )
    except ValueError as error:
        raise ConfigError(f"No noise keeps {steps} steps within an epsilon of {epsilon:g}.", str(error)) from error
    return float(found)


class Ledger:
    """A file with every release that was made from a client's photos, or by a server.

    A client's is its own: a server that asks for the same round twice, or for another training, spends the same
    budget. A release is written down before it is made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def releases(self) -> list[Release]:
        """All so far.

        Raises:
            FederationError: The file is damaged: what was spent is no longer known, so nothing more is.
        """
        if not self.path.is_file():
            return []
        try:
            return [Release.model_validate_json(line) for line in self.path.read_text(encoding="utf-8").splitlines()]
        except (ValidationError, UnicodeDecodeError) as error:
            raise FederationError(
                f"{self.path}, which tells what privacy budget is spent, cannot be read.",
                "Bring it back from a backup.",
            ) from error

    def trouble_with(self, release: Release, privacy: Budget) -> str | None:
        """Why a release would exceed the budget; None when it would not."""
        epsilon = epsilon_of([*self.releases(), release], privacy.delta)
        if privacy.epsilon_budget is None or epsilon <= privacy.epsilon_budget:
            return None
        return f"{OVERSPENT} {epsilon:.2f}; the budget is {privacy.epsilon_budget:g}."

    def spend(self, release: Release, privacy: Budget) -> Spent:
        """Write a release down.

        Raises:
            FederationError: It would exceed the budget; nothing is written then.
        """
        if (trouble := self.trouble_with(release, privacy)) is not None:
            raise FederationError(trouble, f"What was spent stands in {self.path}.")
        releases = [*self.releases(), release]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self.path, "".join(f"{one.model_dump_json()}\n" for one in releases))
        after, following = (epsilon_of(spent, privacy.delta) for spent in (releases, [*releases, release]))
        return Spent(epsilon=after, epsilon_next=following, delta=privacy.delta)
