"""Figures: names that no other figure has."""

from __future__ import annotations

import numpy as np
import pytest

from lentigo.card import Calibration, CardDiagnosis, Interval, OperatingPoint, Thresholds
from lentigo.evaluation import Scope, measure


@pytest.mark.parametrize("code", ["dangerous", "high", "malignant", "melanoma", "known_classes"])
def test_a_class_may_have_any_name(code: str) -> None:
    """The how-to's own example has a class `dangerous`; its recall is not that of the dangerous lesions."""
    known = Interval(value=1.0, low=1.0, high=1.0)
    point = OperatingPoint(
        threshold=0.1, target_recall=0.9, recall=known, specificity=known, n_positive=1, n_negative=1, chosen_on="here"
    )
    diagnoses = (
        CardDiagnosis(code=code, malignancy="malignant", tier="high"),
        CardDiagnosis(code="other", malignancy="benign", tier="low"),
    )
    calibration = Calibration(
        diagnoses=diagnoses,
        temperature=1.0,
        thresholds=Thresholds(high=point, malignant=point),
        novelty=None,
        no_skin=None,
        confidence=None,
    )
    logits = np.array([[0, 1], [0, 1], [1, 0], [0, 4]], dtype=np.float32)
    scope = Scope("", "here", logits, np.array([0, 0, 0, 1]), np.array(["a", "b", "c", "d"]))
    figures = measure(scope, calibration, 10, 0)
    assert len({figure.name for figure in figures}) == len(figures)
    values = {figure.name: figure.value.value for figure in figures}
    assert values["recall_dangerous"] == 1.0
    assert values[f"class_recall_{code}"] == pytest.approx(1 / 3)
