"""What privacy costs: the accountant against known figures, and a ledger that cannot be overdrawn."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opacus.accountants import PRVAccountant
from pydantic import ValidationError

from lentigo.errors import ConfigError, FederationError
from lentigo.federated.budget import Ledger, LocalPrivacy, Release, epsilon_of, least_noise
from lentigo.federated.central import CentralPrivacy

ROUND = Release(noise_multiplier=1.0, sample_rate=0.1, steps=10)


def test_epsilon_of_the_gaussian_mechanism_is_the_one_of_its_formula() -> None:
    """Without sampling, steps of noise s have Rényi divergence a * steps / (2 s^2) at order a (Mironov 2017)."""
    noise, steps, delta = 4.0, 3, 1e-5
    orders = [1 + place / 1000 for place in range(1, 60_000)]
    simplest = min(order * steps / (2 * noise**2) + math.log(1 / delta) / (order - 1) for order in orders)
    epsilon = epsilon_of([Release(noise_multiplier=noise, sample_rate=1, steps=steps)], delta)
    assert 0.7 * simplest < epsilon < simplest  # Opacus turns it into epsilon by a tighter bound (Balle et al. 2020)


@pytest.mark.filterwarnings("ignore:divide by zero encountered in log:RuntimeWarning:opacus")
@pytest.mark.parametrize(("noise", "rate", "steps"), [(1.3, 250 / 60_000, 3600), (0.8, 0.1, 60), (4.0, 1.0, 20)])
def test_epsilon_of_dp_sgd_bounds_that_of_another_accountant_closely(noise: float, rate: float, steps: int) -> None:
    """The PRV accountant computes it numerically and more tightly (Gopi et al. 2021)."""
    tight = PRVAccountant()
    tight.history = [(noise, rate, steps)]
    lower = tight.get_epsilon(1e-5)
    assert lower <= epsilon_of([Release(noise_multiplier=noise, sample_rate=rate, steps=steps)], 1e-5) < 1.35 * lower


@given(st.floats(0.6, 5), st.floats(0.01, 1), st.integers(1, 200))
@settings(max_examples=15, deadline=None)
def test_more_noise_costs_less_and_more_steps_cost_more(noise: float, rate: float, steps: int) -> None:
    def cost(noise: float, steps: int) -> float:
        return epsilon_of([Release(noise_multiplier=noise, sample_rate=rate, steps=steps)], 1e-5)

    assert cost(noise * 1.5, steps) <= cost(noise, steps) <= cost(noise, steps + 10)


def test_the_least_noise_fits_the_budget_and_hardly_less_would() -> None:
    noise = least_noise(3.0, 1e-5, 0.1, 100)
    assert epsilon_of([Release(noise_multiplier=noise, sample_rate=0.1, steps=100)], 1e-5) <= 3
    assert epsilon_of([Release(noise_multiplier=0.95 * noise, sample_rate=0.1, steps=100)], 1e-5) > 3


def test_no_noise_is_enough_for_nothing() -> None:
    with pytest.raises(ConfigError, match="No noise keeps 100 steps"):
        least_noise(1e-9, 1e-5, 1.0, 100)


def test_a_budget_or_a_noise_must_be_said() -> None:
    for kind in (LocalPrivacy, CentralPrivacy):
        with pytest.raises(ValidationError, match="a budget of epsilon"):
            kind()


def test_a_ledger_adds_up_and_stops_before_the_budget(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "client" / "privacy.jsonl")
    one = epsilon_of([ROUND], 1e-5)
    privacy = LocalPrivacy(noise_multiplier=1.0, epsilon_budget=epsilon_of([ROUND, ROUND], 1e-5) + 1e-6)
    first = ledger.spend(ROUND, privacy)
    assert first.epsilon == pytest.approx(one)
    assert ledger.spend(ROUND, privacy).epsilon == pytest.approx(first.epsilon_next)
    with pytest.raises(FederationError, match="the budget is"):
        ledger.spend(ROUND, privacy)
    assert len(Ledger(ledger.path).releases()) == 2, "what was refused is not written down"


def test_a_damaged_ledger_spends_nothing(tmp_path: Path) -> None:
    path = tmp_path / "privacy.jsonl"
    path.write_text("{}\n")
    with pytest.raises(FederationError, match="cannot be read"):
        Ledger(path).spend(ROUND, LocalPrivacy(noise_multiplier=1.0))


def test_central_privacy_counts_rounds() -> None:
    privacy = CentralPrivacy(epsilon_budget=10)
    spent = [epsilon_of([privacy.release(5)] * rounds, privacy.delta) for rounds in range(6)]
    assert spent == sorted(spent)
    assert spent[0] == 0
    assert 9.5 < spent[5] <= 10
