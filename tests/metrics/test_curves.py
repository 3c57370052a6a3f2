"""Areas, curves and scores against scikit-learn, a published definition or a plain loop."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from lentigo.metrics.calibration import brier_score, softmax
from lentigo.metrics.curves import average_precision, partial_auroc, precision_at_recall, sensitivity_at
from lentigo.metrics.decision import net_benefit, treat_all
from lentigo.metrics.discrimination import in_top, share
from lentigo.metrics.resampling import group_weights
from lentigo.metrics.selection import aurc, error_at_coverage, risk_at_coverage
from lentigo.metrics.subgroups import count_groups, enough

N, C = 300, 4
SEEDS = st.integers(0, 10_000)
Floats = npt.NDArray[np.float64]


def sample(seed: int) -> tuple[Floats, npt.NDArray[np.int64], Floats]:
    """Random weights of rows, truths and probabilities with ties."""
    generator = np.random.default_rng(seed)
    y_true = generator.integers(0, C, N)
    logits = generator.normal(size=(N, C)).round(1)
    logits[np.arange(N), y_true] += 1
    return generator.integers(0, 4, N).astype(float), y_true, softmax(logits)


def challenge_score(positive: npt.NDArray[np.bool_], scores: Floats, weight: Floats) -> float:
    """The ISIC 2024 challenge's partial AUC, as its organisers' code has it (Kaggle, "ISIC pAUC-aboveTPR")."""
    v_gt, v_pred, max_fpr = np.abs(positive.astype(int) - 1), -scores, 0.2
    scaled = sk.roc_auc_score(v_gt, v_pred, max_fpr=max_fpr, sample_weight=weight)
    return float(0.5 * max_fpr**2 + (max_fpr - 0.5 * max_fpr**2) / (1.0 - 0.5) * (scaled - 0.5))


@settings(deadline=None, max_examples=30)
@given(SEEDS)
def test_weighted_areas_are_those_of_scikit_learn(seed: int) -> None:
    weight, y_true, probabilities = sample(seed)
    weights = np.stack([np.ones(N), weight])
    scores, positive = probabilities[:, 0], y_true == 0
    for row, each in enumerate(weights):
        expected = sk.average_precision_score(positive, scores, sample_weight=each)
        assert average_precision(weights, scores, positive)[row] == pytest.approx(expected)
        assert partial_auroc(weights, scores, positive)[row] == pytest.approx(challenge_score(positive, scores, each))


def test_the_partial_area_lies_between_nothing_and_a_fifth() -> None:
    weights, positive = np.ones((1, 100)), np.arange(100) >= 50
    assert partial_auroc(weights, np.arange(100.0), positive)[0] == pytest.approx(0.2)
    assert partial_auroc(weights, -np.arange(100.0), positive)[0] == pytest.approx(0.0)
    assert partial_auroc(weights, np.zeros(100), positive)[0] == pytest.approx(0.02), "chance: half of 0.2 squared"
    assert np.isnan(partial_auroc(weights, np.zeros(100), np.zeros(100, dtype=bool))[0])
    assert np.isnan(average_precision(weights, np.zeros(100), np.zeros(100, dtype=bool))[0])


@settings(deadline=None, max_examples=30)
@given(SEEDS)
def test_scores_are_those_of_scikit_learn(seed: int) -> None:
    weight, y_true, probabilities = sample(seed)
    weights, expected = weight[None], {"sample_weight": weight}
    assert brier_score(weights, probabilities, y_true)[0] == pytest.approx(
        sk.brier_score_loss(y_true, probabilities, labels=range(C), scale_by_half=False, **expected)
    )
    two = np.stack([1 - probabilities[:, 0], probabilities[:, 0]], axis=1)
    assert brier_score(weights, two, (y_true == 0).astype(np.int64))[0] / 2 == pytest.approx(
        sk.brier_score_loss(y_true == 0, probabilities[:, 0], **expected)
    )
    everyone = np.ones(N, dtype=bool)
    distinct = probabilities + np.random.default_rng(seed).random((N, C)) * 1e-9
    for k in (1, 3):
        assert share(weights, in_top(distinct, y_true, k), everyone)[0] == pytest.approx(
            sk.top_k_accuracy_score(y_true, distinct, k=k, **expected)
        )


@settings(deadline=None, max_examples=30)
@given(SEEDS)
def test_points_of_the_curves_are_those_of_scikit_learn(seed: int) -> None:
    weight, y_true, probabilities = sample(seed)
    scores, positive = probabilities[:, 0], y_true == 0
    grid = np.linspace(0, 1, 21)
    fpr, tpr, _ = sk.roc_curve(positive, scores, sample_weight=weight, drop_intermediate=False)
    found = sensitivity_at(weight[None], scores, positive, grid)[0]
    # Where the curve rises straight up, its height is the upper end.
    expected = [max(np.interp(at, fpr, tpr), tpr[fpr <= at + 1e-12].max()) for at in grid]
    assert found == pytest.approx(np.array(expected))
    precision, recall, _ = sk.precision_recall_curve(positive, scores, sample_weight=weight)
    reached = [precision[:-1][recall[:-1] >= at - 1e-12][-1] for at in grid[1:]]
    assert precision_at_recall(weight[None], scores, positive, grid[1:])[0] == pytest.approx(np.array(reached))


@settings(deadline=None, max_examples=30)
@given(SEEDS)
def test_net_benefit_is_that_of_its_definition(seed: int) -> None:
    weight, y_true, probabilities = sample(seed)
    scores, positive = probabilities[:, 0], y_true == 0
    thresholds = np.array([0.05, 0.3, 0.8])
    found = net_benefit(weight[None], scores, positive, thresholds)[0]
    everyone = treat_all(weight[None], positive, thresholds)[0]
    for place, threshold in enumerate(thresholds):
        (_, fp), (_, tp) = sk.confusion_matrix(positive, scores >= threshold, sample_weight=weight)
        odds = threshold / (1 - threshold)
        assert found[place] == pytest.approx((tp - fp * odds) / weight.sum())
        (_, fp), (_, tp) = sk.confusion_matrix(positive, np.ones(N, dtype=bool), sample_weight=weight)
        assert everyone[place] == pytest.approx((tp - fp * odds) / weight.sum())


@settings(deadline=None, max_examples=30)
@given(SEEDS)
def test_risk_and_coverage_are_those_of_a_plain_loop(seed: int) -> None:
    weight, y_true, probabilities = sample(seed)
    confidence, wrong = probabilities.max(1), probabilities.argmax(1) != y_true
    rows = np.repeat(np.arange(N), weight.astype(int))
    sure, missed = confidence[rows], wrong[rows]
    risks = [missed[sure >= each].mean() for each in sure]
    assert aurc(weight[None], confidence, wrong)[0] == pytest.approx(np.mean(risks))
    for coverage in (0.1, 0.8, 1.0):
        needed = int(np.ceil(coverage * len(sure) - 1e-9))
        threshold = np.sort(sure)[::-1][needed - 1]
        expected = missed[sure >= threshold].mean()
        assert error_at_coverage(weight[None], confidence, wrong, coverage)[0] == pytest.approx(expected)
        at = risk_at_coverage(weight[None], confidence, wrong, np.array([coverage]))
        assert at[0, 0] == pytest.approx(expected)


def test_nobody_left_has_no_risk() -> None:
    assert np.isnan(aurc(np.zeros((1, 3)), np.arange(3.0), np.ones(3, dtype=bool))[0])


def test_a_subgroup_is_judged_by_groups_and_not_by_photos() -> None:
    groups = np.repeat(np.arange(12).astype(str), 5)
    positive = np.repeat(np.arange(12) < 9, 5)
    assert count_groups(groups, positive) == 9
    assert count_groups(groups, ~positive) == 3
    assert not enough(groups, positive)
    assert enough(np.arange(60).astype(str), positive)


def test_every_curve_has_a_row_for_each_resample() -> None:
    generator = np.random.default_rng(0)
    weights = group_weights(np.arange(500).astype(str), 1000, 0)
    scores, positive = generator.random(500), generator.random(500) < 0.3
    grid = np.linspace(0, 1, 51)
    assert sensitivity_at(weights, scores, positive, grid).shape == (1001, 51)
    assert precision_at_recall(weights, scores, positive, grid).shape == (1001, 51)
    assert risk_at_coverage(weights, scores, positive, grid[1:]).shape == (1001, 50)
