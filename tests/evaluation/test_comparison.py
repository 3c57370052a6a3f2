"""Comparing models: on the same rows, under the same resamples, or not at all."""

from __future__ import annotations

import dataclasses

import numpy as np
import polars as pl
import pytest

from lentigo.card import Interval
from lentigo.errors import DatasetError, UsageError
from lentigo.evaluation.comparison import Candidate, Verdict, compare, verdict
from lentigo.metrics.calibration import softmax
from lentigo.metrics.resampling import group_weights
from tests.evaluation.made import make_calibration, make_predictions


def candidate(name: str, skill: float, seed: int = 0, threshold: float = 0.3) -> Candidate:
    return Candidate(name, make_predictions(skill, seed=seed), make_calibration(threshold=threshold))


def test_a_model_against_itself_differs_in_nothing() -> None:
    found = compare([candidate("a", 2), candidate("b", 2)], resamples=100, seed=0, common=False)
    assert found.images == 240
    assert found.groups == 120
    for figure in found.figures:
        assert figure.values[0] == figure.values[1]
        if figure.values[0].value is not None:
            assert figure.differences[1] == Interval(value=0, low=0, high=0), figure.name
            assert figure.verdicts[1] == Verdict.UNCLEAR


def test_differences_are_paired() -> None:
    good, bad = candidate("good", 2.5), candidate("bad", 1.0)
    found = compare([bad, good], resamples=300, seed=5, common=False)
    accuracy = found.figure("accuracy")
    right = [softmax(one.table.logits).argmax(1) == one.table.y_true for one in (bad, good)]
    weights = group_weights(good.table.frame["group"].to_numpy(), 300, 5)
    differences = (weights @ right[1] - weights @ right[0]) / weights.sum(1)
    low, high = np.quantile(differences[1:], [0.025, 0.975])
    difference = accuracy.differences[1]
    assert difference is not None
    assert difference.value == pytest.approx(differences[0])
    assert (difference.low, difference.high) == pytest.approx((low, high))
    assert accuracy.verdicts == (Verdict.FIRST, Verdict.BETTER)
    assert found.figure("brier").verdicts[1] == Verdict.BETTER, "lower is better"
    turned = compare([good, bad], resamples=300, seed=5, common=False)
    assert turned.figure("brier").verdicts[1] == Verdict.WORSE


def test_the_order_of_rows_and_classes_changes_nothing() -> None:
    first, second = candidate("a", 2), candidate("b", 1, seed=3)
    shuffled = second.table.frame.sample(fraction=1, shuffle=True, seed=1)
    codes = tuple(reversed(second.table.codes))
    calibration = second.calibration.model_copy(update={"diagnoses": tuple(reversed(second.calibration.diagnoses))})
    turned = Candidate("b", dataclasses.replace(second.table, frame=shuffled, codes=codes), calibration)
    plain, other = (compare([first, one], 100, 0, common=False) for one in (second, turned))
    for figure in plain.figures:
        assert other.figure(figure.name).values[1].value == pytest.approx(figure.values[1].value), figure.name


def test_other_rows_are_refused_and_counted() -> None:
    first, second = candidate("a", 2), candidate("b", 1)
    fewer = dataclasses.replace(second, table=second.table.filter(pl.col("source") == "ham10000"))
    with pytest.raises(DatasetError, match="180 of 240") as refused:
        compare([first, fewer], 100, 0, common=False)
    assert "--common" in refused.value.hint
    found = compare([first, fewer], 100, 0, common=True)
    assert found.images == 180
    nothing = dataclasses.replace(second, table=second.table.filter(pl.col("source") == "elsewhere"))
    with pytest.raises(DatasetError, match="no photo"):
        compare([first, nothing], 100, 0, common=True)


def test_rows_that_say_something_else_are_refused() -> None:
    first, second = candidate("a", 2), candidate("b", 1)
    frame = second.table.frame.with_columns(pl.lit("nv").alias("diagnosis"))
    changed = dataclasses.replace(second, table=dataclasses.replace(second.table, frame=frame))
    with pytest.raises(DatasetError, match="another diagnosis"):
        compare([first, changed], 100, 0, common=True)


def test_other_classes_are_refused_and_named() -> None:
    first, second = candidate("a", 2), candidate("b", 1)
    kept = tuple(one for one in second.calibration.diagnoses if one.code != "df")
    table = dataclasses.replace(second.table.filter(pl.col("diagnosis") != "df"), codes=("mel", "bcc", "nv"))
    other = Candidate("b", table, second.calibration.model_copy(update={"diagnoses": kept}))
    with pytest.raises(UsageError, match="df"):
        compare([first, other], 100, 0, common=True)


@pytest.mark.parametrize(
    ("low", "high", "lower_is_better", "expected"),
    [
        (0.1, 0.2, False, Verdict.BETTER),
        (0.1, 0.2, True, Verdict.WORSE),
        (-0.2, -0.1, True, Verdict.BETTER),
        (-0.1, 0.1, False, Verdict.UNCLEAR),
        (0.0, 0.1, False, Verdict.UNCLEAR),
        (None, None, False, Verdict.UNCLEAR),
    ],
)
def test_a_difference_is_clear_when_its_interval_leaves_zero_out(
    low: float | None, high: float | None, lower_is_better: bool, expected: Verdict
) -> None:
    assert verdict(Interval(value=0.1, low=low, high=high), lower_is_better) == expected
