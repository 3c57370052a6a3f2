"""Limits are set so that nearly all good photos pass, of every kind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lentigo.datasets import Dataset
from lentigo.export import quality_rules
from lentigo.export.quality import MEASURES
from lentigo.export.quality_rules import CRITERIA, fit_rules
from tests.made import SPOT_COLOURS


def test_too_few_photos_set_only_limits_of_light(dataset_path: Path) -> None:
    rules = fit_rules(Dataset.open(dataset_path), list(SPOT_COLOURS), 64)
    assert {rule.reason for rule in rules} == {"too_dark", "too_bright"}
    assert all(rule.refuses for rule in rules)


def test_photos_set_the_limits_that_they_keep(dataset_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality_rules, "ENOUGH", 20)
    dataset = Dataset.open(dataset_path)
    rules = fit_rules(dataset, list(SPOT_COLOURS), 64)
    assert [(rule.reason, rule.measure, rule.refuses) for rule in rules] == [
        (one.reason, one.measure, one.refuses) for one in CRITERIA
    ]
    assert rules == fit_rules(dataset, list(SPOT_COLOURS), 64)
    for rule, criterion in zip(rules, CRITERIA, strict=True):
        assert (rule.limit < rule.good) == (criterion.strictest < criterion.good)
        beyond = rule.limit <= criterion.strictest if rule.limit < rule.good else rule.limit >= criterion.strictest
        assert beyond, rule


def test_the_limit_is_that_of_the_kindest_kind() -> None:
    criterion = next(one for one in CRITERIA if one.measure == "blur")
    sharp, soft = np.linspace(0.1, 0.3, 200, dtype=np.float32), np.linspace(0.4, 0.8, 200, dtype=np.float32)
    rule = quality_rules._rule(criterion, [sharp, soft], "made photos")
    assert rule.limit == pytest.approx(float(np.quantile(soft, 1 - criterion.share)), abs=1e-4)
    assert (soft > rule.limit).mean() <= criterion.share
    assert rule.good == pytest.approx(0.6, abs=1e-3)
    assert quality_rules._rule(criterion, [sharp], "made photos").limit == criterion.strictest


def test_photos_that_are_all_alike_set_nothing() -> None:
    criterion = next(one for one in CRITERIA if one.measure == "glare")
    rule = quality_rules._rule(criterion, [np.full(200, 0.5, np.float32)], "made photos")
    assert (rule.good, rule.limit) == (criterion.good, criterion.strictest)


def test_every_criterion_is_of_a_measure_of_the_graph() -> None:
    assert {one.measure for one in CRITERIA} <= set(MEASURES)
