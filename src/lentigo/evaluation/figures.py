"""All figures about one set of predictions, each with an interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lentigo.card import Calibration, CardDiagnosis, Confidence, Figure
from lentigo.metrics.calibration import brier_score, expected_calibration_error, softmax
from lentigo.metrics.curves import auroc, average_precision, partial_auroc
from lentigo.metrics.decision import net_benefit
from lentigo.metrics.discrimination import balanced_accuracy, in_top, precisions, recalls, share
from lentigo.metrics.resampling import Floats, group_weights, to_interval
from lentigo.metrics.selection import aurc, error_at_coverage
from lentigo.metrics.tiers import DANGEROUS, HIGH, LOW, shown_tiers, tier_probability, true_tiers
from lentigo.taxonomy.model import TIERS

Logits = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]

MELANOMA = "mel"
COVERAGE = 0.8
"""Share of photos that get an answer, the surest first, for ``error_at_80_coverage``."""


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


Measured = tuple[str, Floats, int]
"""Name, value on the data and on each resample (1 + R,), and how many rows it is about."""


def measure(scope: Scope, calibration: Calibration, resamples: int, seed: int) -> list[Figure]:
    """Every figure that the rows allow; one that they do not allow has no value."""
    weights = group_weights(scope.groups, resamples, seed)
    prefix = f"{scope.name}/" if scope.name else ""
    return [
        Figure(name=f"{prefix}{name}", value=to_interval(values), n=n, measured_on=scope.measured_on)
        for name, values, n in measured(weights, scope, calibration)
    ]


def measured(weights: Floats, scope: Scope, calibration: Calibration) -> Iterator[Measured]:
    """Every figure under weights (1 + R, N); models measured under the same weights can be compared pair by pair."""
    probabilities = softmax(scope.logits)
    yield from _on_diagnoses(weights, scope, probabilities, calibration.diagnoses)
    yield from _on_sureness(weights, scope, probabilities, calibration.confidence)
    yield from _one_against_the_rest(weights, scope, probabilities, calibration.diagnoses)
    yield from _on_danger(weights, scope, probabilities, calibration)


def _on_diagnoses(
    weights: Floats, scope: Scope, probabilities: Floats, diagnoses: Sequence[CardDiagnosis]
) -> Iterator[Measured]:
    y_true, count, classes = scope.y_true, len(scope.y_true), len(diagnoses)
    predicted = probabilities.argmax(1)
    everyone = np.ones(count, dtype=bool)
    yield "accuracy", share(weights, predicted == y_true, everyone), count
    yield "top_3_accuracy", share(weights, in_top(probabilities, y_true, 3), everyone), count
    yield "balanced_accuracy", balanced_accuracy(weights, y_true, predicted, classes), count
    known = np.unique(y_true)
    among_known = known[probabilities[:, known].argmax(1)]
    yield "balanced_accuracy_known_classes", balanced_accuracy(weights, y_true, among_known, classes), count
    recall, precision = recalls(weights, y_true, predicted, classes), precisions(weights, y_true, predicted, classes)
    for place, diagnosis in enumerate(diagnoses):
        yield f"class_recall_{diagnosis.code}", recall[:, place], int((y_true == place).sum())
        yield f"class_precision_{diagnosis.code}", precision[:, place], int((predicted == place).sum())


def _on_sureness(weights: Floats, scope: Scope, probabilities: Floats, asked: Confidence | None) -> Iterator[Measured]:
    """Whether probabilities mean what they say, and whether the sure answers are the right ones."""
    count = len(scope.y_true)
    confidence, wrong = probabilities.max(1), probabilities.argmax(1) != scope.y_true
    yield "ece", expected_calibration_error(weights, probabilities, scope.y_true), count
    yield "brier", brier_score(weights, probabilities, scope.y_true), count
    yield "aurc", aurc(weights, confidence, wrong), count
    yield "error_at_80_coverage", error_at_coverage(weights, confidence, wrong, COVERAGE), count
    if asked is not None:
        sure = confidence >= asked.threshold
        yield "answered", share(weights, sure, np.ones(count, dtype=bool)), count
        yield "error_of_answered", share(weights, wrong, sure), int(sure.sum())


def _one_against_the_rest(
    weights: Floats, scope: Scope, probabilities: Floats, diagnoses: Sequence[CardDiagnosis]
) -> Iterator[Measured]:
    """Areas for each diagnosis, over all thresholds; ``n`` counts its photos."""
    for place, diagnosis in enumerate(diagnoses):
        is_it, scores = scope.y_true == place, probabilities[:, place]
        area, found = auroc(weights, scores, is_it), int(is_it.sum())
        yield f"class_auroc_{diagnosis.code}", area, found
        yield f"class_average_precision_{diagnosis.code}", average_precision(weights, scores, is_it), found
        if diagnosis.code == MELANOMA:
            yield "auroc_melanoma", area, len(is_it)
            yield "partial_auroc_melanoma", partial_auroc(weights, scores, is_it), len(is_it)


def _on_danger(weights: Floats, scope: Scope, probabilities: Floats, calibration: Calibration) -> Iterator[Measured]:
    """What the shown tier is worth; nothing for a model without tiers."""
    diagnoses = calibration.diagnoses
    shown = shown_tiers(probabilities, diagnoses, calibration.thresholds)
    if shown is None:
        return
    truth = true_tiers(scope.y_true, diagnoses)
    dangerous, flagged = truth != LOW, shown != LOW
    yield "recall_dangerous", share(weights, flagged, dangerous), int(dangerous.sum())
    yield "specificity_dangerous", share(weights, ~flagged, ~dangerous), int((~dangerous).sum())
    yield "recall_high", share(weights, shown == HIGH, truth == HIGH), int((truth == HIGH).sum())
    yield "specificity_high", share(weights, shown != HIGH, truth != HIGH), int((truth != HIGH).sum())
    malignant = tier_probability(probabilities, diagnoses, *DANGEROUS)
    yield "auroc_malignant", auroc(weights, malignant, dangerous), len(truth)
    yield "partial_auroc_malignant", partial_auroc(weights, malignant, dangerous), len(truth)
    yield "average_precision_malignant", average_precision(weights, malignant, dangerous), len(truth)
    binary = np.stack([1 - malignant, malignant], axis=1)
    yield "brier_malignant", brier_score(weights, binary, dangerous.astype(np.int64)) / 2, len(truth)
    if calibration.thresholds.malignant is not None:
        threshold = np.array([calibration.thresholds.malignant.threshold])
        yield "net_benefit_malignant", net_benefit(weights, malignant, dangerous, threshold)[:, 0], len(truth)
    yield "tier_accuracy", share(weights, shown == truth, np.ones(len(truth), dtype=bool)), len(truth)
    for place, tier in enumerate(TIERS):
        yield f"tier_recall_{tier}", share(weights, shown == place, truth == place), int((truth == place).sum())
    for place, diagnosis in enumerate(diagnoses):
        if diagnosis.tier in DANGEROUS:
            is_it = scope.y_true == place
            yield f"flagged_{diagnosis.code}", share(weights, flagged, is_it), int(is_it.sum())
