"""Measures and the card's rules become scores, and scores become reasons."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lentigo.card import ModelCard, QualityMeasure, read_card
from lentigo.imaging import Photo
from lentigo.inference import RawOutput
from lentigo.inference.assessment import Quality
from lentigo.inference.quality import problems, quality_of
from tests.made import quality_rule


@pytest.fixture(scope="module")
def card(bundle_path: Path) -> ModelCard:
    rules = (
        quality_rule("blurred", "blur", 0.3, 0.5),
        quality_rule("too_dark", "light", 0.8, 0.2),
        quality_rule("blurred", "steadiness", -1.0, -2.0),
        quality_rule("obstructed", "hair", 0.0, 0.1, refuses=False),
    )
    return read_card(bundle_path / "card.json").model_copy(update={"quality": rules})


def judged(card: ModelCard, side_px: int = 300, **measures: float) -> Quality:
    good = {"blur": 0.3, "light": 0.8, "steadiness": -1.0}
    values: dict[QualityMeasure, float] = dict.fromkeys(card.graph.quality_measures, 0.0)
    values.update(good | measures)  # type: ignore[arg-type]  # names of measures
    nothing = np.zeros((1, 1, 1), np.float32)
    output = RawOutput(nothing[0, 0], nothing, nothing[0], nothing[0], 1.0, 1.0, values)
    return quality_of(card, Photo(np.zeros((side_px, 400, 3), np.uint8), 400, side_px, "PNG"), output)


def test_a_good_photo_is_perfect_in_every_respect(card: ModelCard) -> None:
    found = judged(card)
    assert [check.reason for check in found.checks] == ["too_small", "blurred", "too_dark", "obstructed"]
    assert all(check.ok and check.score == 1 for check in found.checks)
    assert problems(card, found) == ()


@pytest.mark.parametrize(
    ("blur", "score", "ok"),
    [(0.4, 0.75, True), (0.5, 0.5, True), (0.6, 0.25, False), (0.9, 0, False)],
)
def test_a_score_falls_on_a_line_through_good_and_limit(card: ModelCard, blur: float, score: float, ok: bool) -> None:
    check = judged(card, blur=blur).checks[1]
    assert check.score == pytest.approx(score)
    assert check.ok is ok


def test_of_several_rules_for_a_reason_the_worst_counts(card: ModelCard) -> None:
    found = judged(card, steadiness=-2.5, blur=0.4)
    assert found.checks[1].score == pytest.approx(0.25)
    assert problems(card, found) == ("blurred",)


def test_what_is_only_told_refuses_nothing(card: ModelCard) -> None:
    found = judged(card, hair=0.3)
    assert not found.checks[3].ok
    assert problems(card, found) == ()


def test_the_size_is_that_of_the_file_and_needs_no_rule(card: ModelCard) -> None:
    bare = card.model_copy(update={"quality": ()})
    assert problems(bare, judged(bare, side_px=99)) == ("too_small",)
    assert problems(bare, judged(bare, side_px=100)) == ()
    assert [check.score for check in judged(bare, side_px=150).checks] == [0.75]


@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(-5, 5), st.floats(0, 5))
def test_a_score_never_rises_as_a_measure_gets_worse(good: float, limit: float, value: float, more: float) -> None:
    if abs(good - limit) < 1e-3:
        return
    rule = quality_rule("blurred", "blur", good, limit)
    worse = value + more * (1 if limit > good else -1)
    assert 0 <= rule.score(worse) <= rule.score(value) <= 1
