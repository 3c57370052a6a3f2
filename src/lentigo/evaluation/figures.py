"""All figures about one set of predictions, each with an interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lentigo.card import Calibration, CardDiagnosis, Figure
from lentigo.metrics.calibration import expected_calibration_error, softmax
from lentigo.metrics.curves import auroc
from lentigo.metrics.discrimination import balanced_accuracy, precisions, recalls, share
from lentigo.metrics.resampling import Floats, group_weights, to_interval
from lentigo.metrics.tiers import HIGH, LOW, shown_tiers, tier_probability
from lentigo.taxonomy.model import TIERS

Logits = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]

MELANOMA = "mel"


@dataclass(frozen=True)
class Scope:
    """N rows that figures are measured on.

    Attributes:
        name: Prefix of the figures' names; empty for all rows.
        measured_on: On whom, in words.
        logits: (N, C).
        y_true: (N,).
        groups: (N,) what the intervals resample together.
    """

    name: str
    measured_on: str
    logits: Logits
    y_true: Places
    groups: npt.NDArray[np.str_]


def measure(scope: Scope, calibration: Calibration, resamples: int, seed: int) -> list[Figure]:
    """Every figure that the rows allow; one that they do not allow has no value."""
    diagnoses = calibration.diagnoses
    probabilities = softmax(scope.logits)
    weights = group_weights(scope.groups, resamples, seed)
    measured = [
        *_on_diagnoses(weights, scope, probabilities, diagnoses),
        *_on_danger(weights, scope, probabilities, calibration),
    ]
    prefix = f"{scope.name}/" if scope.name else ""
    return [
        Figure(name=f"{prefix}{name}", value=to_interval(values), n=n, measured_on=scope.measured_on)
        for name, values, n in measured
    ]


Measured = tuple[str, Floats, int]


def _on_diagnoses(
    weights: Floats, scope: Scope, probabilities: Floats, diagnoses: Sequence[CardDiagnosis]
) -> Iterator[Measured]:
    y_true, count, classes = scope.y_true, len(scope.y_true), len(diagnoses)
    predicted = probabilities.argmax(1)
    everyone = np.ones(count, dtype=bool)
    yield "accuracy", share(weights, predicted == y_true, everyone), count
    yield "balanced_accuracy", balanced_accuracy(weights, y_true, predicted, classes), count
    known = np.unique(y_true)
    among_known = known[probabilities[:, known].argmax(1)]
    yield "balanced_accuracy_known_classes", balanced_accuracy(weights, y_true, among_known, classes), count
    yield "ece", expected_calibration_error(weights, probabilities, y_true), count
    recall, precision = recalls(weights, y_true, predicted, classes), precisions(weights, y_true, predicted, classes)
    for place, diagnosis in enumerate(diagnoses):
        yield f"recall_{diagnosis.code}", recall[:, place], int((y_true == place).sum())
        yield f"precision_{diagnosis.code}", precision[:, place], int((predicted == place).sum())
        if diagnosis.code == MELANOMA:
            yield "auroc_melanoma", auroc(weights, probabilities[:, place], y_true == place), count


def _on_danger(weights: Floats, scope: Scope, probabilities: Floats, calibration: Calibration) -> Iterator[Measured]:
    """What the shown tier is worth; nothing for a model without tiers."""
    diagnoses = calibration.diagnoses
    shown = shown_tiers(probabilities, diagnoses, calibration.thresholds)
    if shown is None:
        return
    tier_of = np.array([TIERS.index(diagnosis.tier) if diagnosis.tier else LOW for diagnosis in diagnoses])
    truth = tier_of[scope.y_true]
    dangerous, flagged = truth != LOW, shown != LOW
    yield "recall_dangerous", share(weights, flagged, dangerous), int(dangerous.sum())
    yield "specificity_dangerous", share(weights, ~flagged, ~dangerous), int((~dangerous).sum())
    yield "recall_high", share(weights, shown == HIGH, truth == HIGH), int((truth == HIGH).sum())
    yield "specificity_high", share(weights, shown != HIGH, truth != HIGH), int((truth != HIGH).sum())
    malignant = tier_probability(probabilities, diagnoses, "high", "moderate")
    yield "auroc_malignant", auroc(weights, malignant, dangerous), len(truth)
    yield "tier_accuracy", share(weights, shown == truth, np.ones(len(truth), dtype=bool)), len(truth)
    for place, tier in enumerate(TIERS):
        yield f"tier_recall_{tier}", share(weights, shown == place, truth == place), int((truth == place).sum())
    for place, diagnosis in enumerate(diagnoses):
        if tier_of[place] != LOW:
            is_it = scope.y_true == place
            yield f"flagged_{diagnosis.code}", share(weights, flagged, is_it), int(is_it.sum())
