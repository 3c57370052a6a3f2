"""The next step: never calmer for more danger, and always there."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, combinations, product
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lentigo.answers import HISTORY, AnswerValue
from lentigo.card import ModelCard, read_card
from lentigo.inference.assessment import NextStepCode, Outcome, Reason
from lentigo.inference.next_step import Situation, find_row, is_uncertain, next_step, points_of, signs_of
from lentigo.taxonomy import TierName, load_step_table, load_taxonomy

TABLE = load_step_table()
TIERS: tuple[TierName | None, ...] = (None, "low", "moderate", "high")
SIGNS = tuple(frozenset(one) for size in range(7) for one in combinations(HISTORY, size))
REASONS: tuple[tuple[Reason, ...], ...] = ((), ("low_confidence",), ("too_dark", "no_skin"), ("no_skin",), ("face",))

situations = st.builds(
    Situation,
    outcome=st.sampled_from(get_args(Outcome)),
    tier=st.sampled_from(TIERS),
    reasons=st.lists(st.sampled_from(get_args(Reason)), max_size=3, unique=True).map(tuple),
    signs=st.sampled_from(SIGNS),
    uncertain=st.booleans(),
)


def urgency(situation: Situation) -> tuple[int, int]:
    """Grows with urgency; of two that watch, the one that looks again sooner is the more urgent."""
    row = find_row(TABLE, situation)
    return -TABLE.steps.index(row.step), -(row.weeks or 0)


def test_every_situation_has_a_row_and_every_row_a_situation() -> None:
    every = product(get_args(Outcome), TIERS, REASONS, SIGNS, (False, True))
    found = {id(find_row(TABLE, Situation(*one))) for one in every}
    assert found == {id(row) for row in TABLE.rows}


@given(situations, st.sampled_from(HISTORY))
def test_a_yes_never_calms(situation: Situation, sign: str) -> None:
    assert urgency(replace(situation, signs=situation.signs | {sign})) >= urgency(situation)


@given(situations, st.integers(1, 2))
def test_a_more_urgent_tier_never_calms(situation: Situation, place: int) -> None:
    calm, urgent = (replace(situation, tier=tier) for tier in TIERS[place : place + 2])
    assert urgency(urgent) >= urgency(calm)


@given(situations)
def test_uncertainty_never_calms(situation: Situation) -> None:
    sure, unsure = (replace(situation, uncertain=uncertain) for uncertain in (False, True))
    assert urgency(unsure) >= urgency(sure)


@pytest.mark.parametrize(
    ("outcome", "tier", "reasons", "signs", "uncertain", "expected"),
    [
        ("assessed", "high", (), (), False, ("urgent_referral", None)),
        ("assessed", "moderate", (), (), False, ("routine_referral", None)),
        ("assessed", "low", (), (), False, ("watch", 12)),
        ("assessed", "low", (), (), True, ("watch", 8)),
        ("assessed", "low", (), ("raised",), False, ("watch", 12)),
        ("assessed", "low", (), ("itches",), False, ("routine_referral", None)),
        ("assessed", "low", (), ("itches", "hurts"), False, ("routine_referral", None)),
        ("assessed", "low", (), ("grew",), False, ("routine_referral", None)),
        ("assessed", "low", (), ("grew", "bleeds"), False, ("urgent_referral", None)),
        ("assessed", "low", (), ("grew", "raised"), False, ("urgent_referral", None)),
        ("assessed", "moderate", (), ("changed", "itches"), False, ("urgent_referral", None)),
        ("assessed", None, (), (), False, ("see_doctor_if_worried", None)),
        ("inconclusive", "low", ("blurred",), (), False, ("another_photo", None)),
        ("inconclusive", "moderate", ("low_confidence",), (), True, ("see_doctor", None)),
        ("inconclusive", "high", ("blurred",), (), False, ("see_doctor", None)),
        ("inconclusive", "high", ("no_skin",), (), False, ("another_photo", None)),
        ("inconclusive", "high", ("no_skin", "low_confidence"), (), True, ("see_doctor", None)),
        ("inconclusive", "low", ("too_dark",), ("changed", "bleeds"), False, ("urgent_referral", None)),
        ("not_recognised", "low", ("unlike_training",), (), False, ("see_doctor_if_worried", None)),
        ("not_recognised", "high", ("unlike_training",), (), False, ("see_doctor", None)),
        ("rejected", "high", ("face",), (), False, ("another_photo", None)),
    ],
)
def test_the_table_says_what_it_should(
    outcome: Outcome,
    tier: TierName | None,
    reasons: tuple[Reason, ...],
    signs: tuple[str, ...],
    uncertain: bool,
    expected: tuple[NextStepCode, int | None],
) -> None:
    row = find_row(TABLE, Situation(outcome, tier, reasons, frozenset(signs), uncertain))
    assert (row.step, row.weeks) == expected


def test_each_feature_of_the_checklist_counts_once() -> None:
    assert points_of(TABLE, ["itches", "hurts"]) == 1
    assert points_of(TABLE, ["grew", "changed", "bleeds", "itches", "hurts", "raised"]) == 6
    assert set(TABLE.signs) == set(HISTORY)


def test_a_yes_is_a_yes_however_it_is_given() -> None:
    answers: dict[str, AnswerValue] = {
        "grew": True,
        "bleeds": "yes",
        "itches": "no",
        "hurts": False,
        "changed": None,
        "age": 1,
    }
    assert signs_of(TABLE, answers) == {"grew", "bleeds"}


def test_the_answer_says_why_in_each_language() -> None:
    taxonomy = load_taxonomy()
    situation = Situation("assessed", "high", (), frozenset({"bleeds", "grew"}), False)
    english = next_step(TABLE, taxonomy, situation, "en")
    assert english.because == ("You said that it grew.", "You said that it bleeds.")
    assert english.code == "urgent_referral"
    assert english.source.startswith("NICE NG12")
    for locale in taxonomy.locales:
        watch = next_step(TABLE, taxonomy, Situation("assessed", "low", (), frozenset(), True), locale)
        assert watch.weeks == 8
        assert " 8 " in watch.text
        assert len(watch.because) == 2


def test_the_codes_are_those_of_the_assessment_and_every_source_is_used() -> None:
    assert TABLE.steps == get_args(NextStepCode)
    assert {row.step for row in TABLE.rows} == set(TABLE.steps)
    assert set(chain.from_iterable(row.sources for row in TABLE.rows)) == set(TABLE.sources)
    assert all(source.url.startswith("https://") for source in TABLE.sources.values())
    assert all((row.weeks is not None) == (row.step == "watch") for row in TABLE.rows)


@pytest.fixture(scope="module")
def card(bundle_path: Path) -> ModelCard:
    return read_card(bundle_path / "card.json")


def shares(card: ModelCard, **dangerous: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Probabilities with these for some diagnoses and the rest for a mole."""
    given = np.array([dangerous.get(code, 0.0) for code in card.codes])
    given[card.codes.index("nv")] = 1 - given.sum()
    return given


def test_an_answer_is_uncertain_near_a_threshold_when_photos_disagree_or_when_it_says_so(card: ModelCard) -> None:
    point = card.thresholds.malignant
    assert point is not None
    far, near = shares(card, bcc=0.4 * point.threshold), shares(card, bcc=0.6 * point.threshold)
    mole, cancer = np.log(shares(card, mel=1e-6) + 1e-9), np.log(shares(card, mel=0.98) + 1e-9)
    assert not is_uncertain(TABLE, card, far, [mole], ())
    assert is_uncertain(TABLE, card, near, [mole], ())
    assert is_uncertain(TABLE, card, far, [mole, cancer], ())
    assert is_uncertain(TABLE, card, far, [mole], ("low_confidence",))
