"""Each figure against another implementation, and what must hold for all of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from lentigo.card import CardDiagnosis, Interval, OperatingPoint, Thresholds
from lentigo.metrics.calibration import expected_calibration_error, fit_temperature, reliability, softmax
from lentigo.metrics.curves import auroc
from lentigo.metrics.discrimination import balanced_accuracy, confusion, precisions, recalls, share
from lentigo.metrics.resampling import group_weights, interval_bounds, to_interval
from lentigo.metrics.thresholds import choose_operating_point
from lentigo.metrics.tiers import shown_tiers

N, C = 300, 4
SEEDS = st.integers(0, 10_000)


def sample(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Random weights of rows, truths and logits."""
    generator = np.random.default_rng(seed)
    y_true = generator.integers(0, C, N)
    logits = generator.normal(size=(N, C)).round(1)
    logits[np.arange(N), y_true] += 1
    return generator.integers(0, 4, N).astype(float), y_true, logits


@settings(deadline=None, max_examples=30)
@given(SEEDS)
def test_weighted_figures_are_those_of_scikit_learn(seed: int) -> None:
    weight, y_true, logits = sample(seed)
    predicted, probabilities, weights = logits.argmax(1), softmax(logits), weight[None]
    everyone = np.ones(N, dtype=bool)
    expected = {"sample_weight": weight}
    assert share(weights, predicted == y_true, everyone)[0] == pytest.approx(
        sk.accuracy_score(y_true, predicted, **expected)
    )
    assert balanced_accuracy(weights, y_true, predicted, C)[0] == pytest.approx(
        sk.balanced_accuracy_score(y_true, predicted, **expected)
    )
    assert recalls(weights, y_true, predicted, C)[0] == pytest.approx(
        sk.recall_score(y_true, predicted, average=None, labels=range(C), **expected)
    )
    assert precisions(weights, y_true, predicted, C)[0] == pytest.approx(
        sk.precision_score(y_true, predicted, average=None, labels=range(C), **expected)
    )
    assert auroc(weights, probabilities[:, 0], y_true == 0)[0] == pytest.approx(
        sk.roc_auc_score(y_true == 0, probabilities[:, 0], **expected)
    )
    assert (confusion(y_true, predicted, C) == sk.confusion_matrix(y_true, predicted, labels=range(C))).all()


def test_ties_count_half() -> None:
    positive = np.array([True, False, False])
    assert auroc(np.ones((1, 3)), np.array([1.0, 1.0, 0.0]), positive)[0] == 0.75


def test_a_class_that_is_not_there_has_no_figure() -> None:
    weights = np.ones((5, 4))
    nothing = np.zeros(4, dtype=bool)
    assert to_interval(share(weights, nothing, nothing)) == Interval(value=None)
    assert to_interval(auroc(weights, np.arange(4.0), nothing)) == Interval(value=None)


@settings(deadline=None, max_examples=30)
@given(SEEDS)
def test_calibration_error_is_that_of_a_plain_loop(seed: int) -> None:
    weight, y_true, logits = sample(seed)
    probabilities = softmax(logits)
    top, right = probabilities.max(1), probabilities.argmax(1) == y_true
    expected = 0.0
    for low in np.arange(15) / 15:
        inside = (top >= low) & (top < low + 1 / 15)
        if weight[inside].sum():
            gap = np.average(top[inside], weights=weight[inside]) - np.average(right[inside], weights=weight[inside])
            expected += abs(gap) * weight[inside].sum() / weight.sum()
    assert expected_calibration_error(weight[None], probabilities, y_true)[0] == pytest.approx(expected)
    assert sum(one.count for one in reliability(probabilities, y_true)) == N


def test_temperature_is_found_again() -> None:
    generator = np.random.default_rng(0)
    logits = generator.normal(size=(20_000, 5)) * 2
    chances = softmax(logits)
    y_true = (chances.cumsum(1) > generator.random((20_000, 1))).argmax(1)
    assert fit_temperature(logits * 3, y_true) == pytest.approx(3, rel=0.05)


@settings(deadline=None, max_examples=50)
@given(SEEDS, st.floats(0.05, 0.99))
def test_a_threshold_keeps_the_recall_it_was_chosen_for_and_is_the_highest(seed: int, target: float) -> None:
    generator = np.random.default_rng(seed)
    positive = np.r_[True, generator.random(60) < 0.3]
    scores = generator.random(61).round(2)
    point = choose_operating_point(scores, positive, np.arange(61).astype(str), target, "made")
    recall = (scores >= point.threshold)[positive].mean()
    assert recall >= target - 1e-9
    assert point.recall.value == pytest.approx(recall)
    higher = scores[scores > point.threshold]
    if len(higher):
        assert (scores >= higher.min())[positive].mean() < target


def test_intervals_draw_whole_groups() -> None:
    groups = np.repeat(np.arange(10).astype(str), 30)
    weights = group_weights(groups, 500, seed=1)
    assert (weights[0] == 1).all()
    for group in range(10):
        assert (weights[:, groups == str(group)].std(1) == 0).all()
    right = np.repeat(np.arange(10) < 7, 30)
    clustered = to_interval(share(weights, right, np.ones(300, dtype=bool)))
    single = to_interval(share(group_weights(np.arange(300).astype(str), 500, 1), right, np.ones(300, dtype=bool)))
    assert clustered.value == single.value == pytest.approx(0.7)
    assert clustered.low is not None
    assert single.low is not None
    assert clustered.low < single.low - 0.1, "photos alike say less than photos apart"


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    generator = np.random.default_rng(0)
    covered = 0
    for trial in range(200):
        right = generator.random(120) < 0.8
        weights = group_weights(np.arange(120).astype(str), 300, seed=trial)
        found = to_interval(share(weights, right, np.ones(120, dtype=bool)))
        covered += found.low is not None and found.high is not None and found.low <= 0.8 <= found.high
    assert 0.88 <= covered / 200 <= 0.99


def test_many_intervals_are_those_of_each() -> None:
    values = np.random.default_rng(0).random((201, 3))
    values[5:, 1] = np.nan
    values[1:, 2] = np.nan
    low, high = interval_bounds(values)
    for place in range(2):
        one = to_interval(values[:, place])
        assert (one.low, one.high) == pytest.approx((low[place], high[place]))
    assert np.isnan([low[2], high[2]]).all()


def test_tiers_follow_the_thresholds() -> None:
    def point(threshold: float) -> OperatingPoint:
        some = Interval(value=1.0)
        return OperatingPoint(
            threshold=threshold,
            target_recall=0.9,
            recall=some,
            specificity=some,
            n_positive=1,
            n_negative=1,
            chosen_on="",
        )

    diagnoses = [
        CardDiagnosis(code="mel", malignancy="malignant", tier="high"),
        CardDiagnosis(code="bcc", malignancy="malignant", tier="moderate"),
        CardDiagnosis(code="nv", malignancy="benign", tier="low"),
    ]
    thresholds = Thresholds(high=point(0.3), malignant=point(0.2))
    probabilities = np.array([[0.3, 0, 0.7], [0.1, 0.1, 0.8], [0.0, 0.9, 0.1], [0.05, 0.05, 0.9]])
    shown = shown_tiers(probabilities, diagnoses, thresholds)
    assert shown is not None
    assert shown.tolist() == [0, 1, 1, 2]
    assert shown_tiers(probabilities, diagnoses, Thresholds(high=None, malignant=None)) is None
