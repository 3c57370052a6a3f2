"""Answers as numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lentigo.answers import AnswerValue, default_answers, encode, from_text
from lentigo.card import ChoiceAnswer, NumberAnswer
from lentigo.errors import AnswerError
from lentigo.taxonomy import load_taxonomy

TAXONOMY = load_taxonomy()
ANSWERS = default_answers(TAXONOMY)
AGE = NumberAnswer(name="age", knots=(20, 50, 80), minimum=0, maximum=120)


def test_nothing_given_is_all_zeros() -> None:
    assert not encode(ANSWERS, {}).any()
    assert not encode(ANSWERS, {"age": None, "sex": None}).any()


@given(st.floats(0, 120))
def test_a_number_has_weights_that_sum_to_one(age: float) -> None:
    encoded = encode([AGE], {"age": age})
    assert encoded.sum() == pytest.approx(1, abs=1e-6)
    assert (encoded > 0).sum() <= 2


def test_a_number_is_linear_between_knots_and_flat_beyond() -> None:
    assert encode([AGE], {"age": 35}) == pytest.approx([0.5, 0.5, 0])
    assert encode([AGE], {"age": 3}) == pytest.approx([1, 0, 0])
    assert encode([AGE], {"age": 99}) == pytest.approx([0, 0, 1])


def test_a_choice_is_one_hot() -> None:
    spec = ChoiceAnswer(name="grew", choices=("no", "yes"))
    assert encode([spec], {"grew": "yes"}).tolist() == [0, 1]
    assert encode([spec], {"grew": False}).tolist() == [1, 0]


def test_columns_follow_the_card() -> None:
    encoded = encode(ANSWERS, {"sex": "male"})
    assert len(encoded) == sum(spec.columns for spec in ANSWERS)
    assert np.flatnonzero(encoded).tolist() == [ANSWERS[0].columns + 1]


@pytest.mark.parametrize(
    "answers",
    [{"age": 130}, {"age": -1}, {"age": "old"}, {"age": True}, {"age": float("nan")}, {"sex": "x"}, {"shoe": 42}],
)
def test_what_is_no_answer_is_refused(answers: dict[str, AnswerValue]) -> None:
    with pytest.raises(AnswerError) as caught:
        encode(ANSWERS, answers)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("age", " 71 ", 71.0),
        ("age", "NaN", None),
        ("sex", "FEMALE", "female"),
        ("sex", "unknown", None),
        ("site", "NOSE", "face"),
        ("site", "lower extremity", "lower extremity"),
        ("itches", "True", "yes"),
        ("itches", "no", "no"),
        ("itches", "UNK", None),
    ],
)
def test_texts_of_forms_and_tables_are_understood(name: str, text: str, value: AnswerValue) -> None:
    spec = next(spec for spec in ANSWERS if spec.name == name)
    assert from_text(spec, text, TAXONOMY) == value


def test_a_text_that_is_no_answer_is_refused() -> None:
    site = next(spec for spec in ANSWERS if spec.name == "site")
    with pytest.raises(AnswerError, match="moon"):
        from_text(site, "moon", TAXONOMY)
