"""Answers about the person, as numbers.

One encoding serves training, the server and the browser: a number becomes the weights of a piecewise-linear curve
(they sum to one), a choice becomes one-hot, an answer that was not given becomes zeros. Learned evidence is linear in
these columns, so an answer that was not given adds exactly nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from lentigo.card import AnswerSpec, ChoiceAnswer, NumberAnswer
from lentigo.errors import AnswerError
from lentigo.taxonomy import Taxonomy

AnswerValue = float | str | bool | None

HISTORY = ("itches", "grew", "hurts", "changed", "bleeds", "raised")
"""Questions about the spot, answered yes or no. Columns of a manifest by the same names."""

YES_NO = ("no", "yes")
SEXES = ("female", "male")
AGE_KNOTS = (20.0, 35.0, 50.0, 65.0, 80.0)


def default_answers(taxonomy: Taxonomy) -> tuple[AnswerSpec, ...]:
    """The answers that Lentigo asks for: age, sex, body site and the history of the spot."""
    return (
        NumberAnswer(name="age", knots=AGE_KNOTS, minimum=0, maximum=120),
        ChoiceAnswer(name="sex", choices=SEXES),
        ChoiceAnswer(name="site", choices=tuple(taxonomy.sites)),
        *(ChoiceAnswer(name=name, choices=YES_NO) for name in HISTORY),
    )


_UNKNOWN = frozenset({"", "unk", "unknown", "nan", "none", "null", "na"})
_YES_NO_WORDS = {"true": "yes", "yes": "yes", "1": "yes", "false": "no", "no": "no", "0": "no"}


def from_text(spec: AnswerSpec, text: str, taxonomy: Taxonomy) -> AnswerValue:
    """An answer from a form field or a table's cell; what says "unknown" in any of the usual ways is None.

    Raises:
        AnswerError: The text is no such answer.
    """
    text = text.strip()
    if text.lower() in _UNKNOWN:
        return None
    if isinstance(spec, NumberAnswer):
        return _number(spec, text)
    if spec.choices == YES_NO:
        text = _YES_NO_WORDS.get(text.lower(), text)
    elif spec.name == "site":
        text = taxonomy.site(text) or text
    return _choice(spec, text if text in spec.choices else text.lower())


def encode(specs: Sequence[AnswerSpec], answers: Mapping[str, AnswerValue]) -> npt.NDArray[np.float32]:
    """Encode answers as the graph's ``answers`` input, float32 (A,).

    Raises:
        AnswerError: An answer that the model does not ask for, or a value out of its range.
    """
    unknown = sorted(set(answers) - {spec.name for spec in specs})
    if unknown:
        raise AnswerError(
            f"Unknown answer '{unknown[0]}'.", f"Known answers: {', '.join(spec.name for spec in specs)}."
        )
    parts = [_encode_one(spec, answers.get(spec.name)) for spec in specs]
    return np.concatenate([np.zeros(0, np.float32), *parts])


def _encode_one(spec: AnswerSpec, value: AnswerValue) -> npt.NDArray[np.float32]:
    encoded = np.zeros(spec.columns, dtype=np.float32)
    if value is None:
        return encoded
    if isinstance(spec, NumberAnswer):
        number = _number(spec, value)
        for place in range(spec.columns):
            peak = np.zeros(spec.columns)
            peak[place] = 1
            encoded[place] = np.interp(number, spec.knots, peak)
    else:
        encoded[spec.choices.index(_choice(spec, value))] = 1
    return encoded


def _number(spec: NumberAnswer, value: AnswerValue) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]  # None was handled; anything else may fail, and is caught
    except (TypeError, ValueError):
        number = math.nan
    if isinstance(value, bool) or not spec.minimum <= number <= spec.maximum:
        raise AnswerError(
            f"'{value}' is no {spec.name} between {spec.minimum:g} and {spec.maximum:g}.",
            f"Give {spec.name} as a number, or leave it out.",
        )
    return number


def _choice(spec: ChoiceAnswer, value: AnswerValue) -> str:
    if isinstance(value, bool):
        value = YES_NO[value]
    if value not in spec.choices:
        raise AnswerError(
            f"'{value}' is no known {spec.name}.", f"Give one of: {', '.join(spec.choices)}; or leave it out."
        )
    return str(value)
