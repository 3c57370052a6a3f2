"""Membership inference: perfect, blind, and as another implementation counts it."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import log_loss, roc_auc_score, roc_curve

from lentigo.metrics.curves import Flags
from lentigo.metrics.membership import Membership, cross_entropies, infer_membership
from lentigo.metrics.resampling import Floats


def attack(losses: Floats, member: Flags) -> Membership:
    return infer_membership(losses, member, np.arange(len(losses)).astype(str), resamples=200, seed=0)


def test_a_model_that_knows_its_photos_by_heart_gives_them_away() -> None:
    found = attack(np.r_[np.full(30, 0.01), np.full(20, 2.0)], np.arange(50) < 30)
    assert found.auroc.value == 1
    assert found.advantage.value == 1
    assert found.found.value == 1
    assert (found.members, found.others) == (30, 20)


def test_a_model_that_knows_nothing_gives_nothing_away() -> None:
    generator = np.random.default_rng(0)
    found = attack(generator.random(4000), generator.random(4000) < 0.5)
    assert found.auroc.low is not None
    assert found.auroc.high is not None
    assert found.advantage.value is not None
    assert found.auroc.low < 0.5 < found.auroc.high
    assert found.advantage.value < 0.06
    assert attack(np.ones(40), np.arange(40) < 20).auroc.value == 0.5, "equal losses tell nothing"


def test_figures_are_scikit_learns() -> None:
    generator = np.random.default_rng(1)
    member = generator.random(500) < 0.6
    losses = generator.gamma(2, np.where(member, 0.8, 1.2)).round(1)
    found = attack(losses, member)
    assert found.auroc.value == pytest.approx(roc_auc_score(member, -losses))
    fpr, tpr, _ = roc_curve(member, -losses, drop_intermediate=False)
    assert found.advantage.value == pytest.approx((tpr - fpr).max())
    assert found.found.value == pytest.approx(np.interp(0.01, fpr, tpr), abs=0.02)


def test_losses_are_scikit_learns() -> None:
    generator = np.random.default_rng(2)
    logits, y_true = generator.normal(0, 3, (40, 5)), generator.integers(0, 5, 40)
    probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    assert cross_entropies(logits, y_true).mean() == pytest.approx(log_loss(y_true, probabilities, labels=range(5)))
    assert cross_entropies(np.array([[1e4, 0.0]]), np.array([1]))[0] == pytest.approx(1e4)
