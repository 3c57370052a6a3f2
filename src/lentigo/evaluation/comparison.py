"""Two or more models on the same photos.

Every model is measured under the same resamples, so a difference has an interval of its own: what two models share
(an easy photo, a hard patient) falls out of it. Two intervals that overlap can still hide a clear difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import polars as pl

from lentigo.card import Calibration, Interval
from lentigo.datasets.predictions import PredictionTable
from lentigo.errors import DatasetError, UsageError
from lentigo.evaluation.figures import Scope, measured
from lentigo.metrics.resampling import Floats, group_weights, to_interval
from lentigo.metrics.tiers import DANGEROUS

LOWER_IS_BETTER = ("ece", "brier", "brier_malignant", "aurc", "error_at_80_coverage")
ON_DANGER = ("recall_dangerous", "specificity_dangerous", "recall_high", "specificity_high")
ON_THRESHOLDS = (
    *("auroc_malignant", "partial_auroc_malignant", "average_precision_malignant", "net_benefit_malignant"),
    *("auroc_melanoma", "partial_auroc_melanoma"),
)
ON_DIAGNOSES = ("balanced_accuracy", "accuracy", "top_3_accuracy", "tier_accuracy")


class Verdict(StrEnum):
    """What a difference to the first model says."""

    FIRST = "first"
    BETTER = "better"
    WORSE = "worse"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Candidate:
    """One model to compare: its name, its predictions and its thresholds."""

    name: str
    table: PredictionTable
    calibration: Calibration


@dataclass(frozen=True)
class ComparedFigure:
    """One figure of every model, in their order, over ``n`` photos.

    ``differences`` are to the first model, whose own is None.
    """

    name: str
    n: int
    values: tuple[Interval, ...]
    differences: tuple[Interval | None, ...]

    @property
    def lower_is_better(self) -> bool:
        """Whether a small value is a good one."""
        return self.name in LOWER_IS_BETTER

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What each difference says."""
        return tuple(Verdict.FIRST if one is None else verdict(one, self.lower_is_better) for one in self.differences)


@dataclass(frozen=True)
class Comparison:
    """The figures of every model on the rows that they are compared on."""

    names: tuple[str, ...]
    images: int
    groups: int
    figures: tuple[ComparedFigure, ...]

    def figure(self, name: str) -> ComparedFigure:
        """The figure of that name.

        Raises:
            KeyError: It was not compared.
        """
        return {one.name: one for one in self.figures}[name]


def compare(candidates: Sequence[Candidate], resamples: int, seed: int, *, common: bool) -> Comparison:
    """Measure every model on the same rows under the same resamples.

    Args:
        candidates: Two or more models; differences are to the first.
        resamples: How many, each drawing whole groups.
        seed: Of the resampling.
        common: Leave out rows that some of the models have no prediction for, instead of refusing.

    Raises:
        UsageError: The models tell other diagnoses apart.
        DatasetError: They have predictions of other rows.
    """
    _check_classes(candidates)
    aligned = _aligned(candidates, common)
    groups = aligned[0].table.frame["group"].to_numpy()
    weights = group_weights(groups, resamples, seed)
    found = [_measured(one, weights) for one in aligned]
    return Comparison(
        names=tuple(one.name for one in candidates),
        images=len(groups),
        groups=len(np.unique(groups)),
        figures=tuple(_compared(name, found) for name in headlines(aligned[0].calibration) if name in found[0]),
    )


def headlines(calibration: Calibration) -> tuple[str, ...]:
    """Names of the figures that are compared, dangerous lesions first."""
    flagged = (f"flagged_{one.code}" for one in calibration.diagnoses if one.tier in DANGEROUS)
    return (*ON_DANGER, *flagged, *ON_THRESHOLDS, *ON_DIAGNOSES, *LOWER_IS_BETTER)


def verdict(difference: Interval, lower_is_better: bool) -> Verdict:
    """A difference is clear when its interval leaves zero out."""
    if difference.low is None or difference.high is None or difference.low <= 0 <= difference.high:
        return Verdict.UNCLEAR
    return Verdict.BETTER if (difference.high < 0) == lower_is_better else Verdict.WORSE


def _measured(candidate: Candidate, weights: Floats) -> dict[str, tuple[Floats, int]]:
    table = candidate.table
    scope = Scope("", "", table.logits, table.y_true, table.frame["group"].to_numpy())
    return {name: (values, n) for name, values, n in measured(weights, scope, candidate.calibration)}


def _compared(name: str, found: Sequence[dict[str, tuple[Floats, int]]]) -> ComparedFigure:
    (first, n), *others = (each[name] for each in found)
    return ComparedFigure(
        name=name,
        n=n,
        values=(to_interval(first), *(to_interval(values) for values, _ in others)),
        differences=(None, *(to_interval(values - first) for values, _ in others)),
    )


def _check_classes(candidates: Sequence[Candidate]) -> None:
    first = candidates[0]
    for other in candidates[1:]:
        for knows, lacks in ((first, other), (other, first)):
            missing = sorted(set(knows.table.codes) - set(lacks.table.codes))
            if missing:
                raise UsageError(
                    f"{knows.name} tells {', '.join(missing)} apart, and {lacks.name} does not.",
                    "Compare models of the same diagnoses; evaluate these one by one.",
                )


def _aligned(candidates: Sequence[Candidate], common: bool) -> list[Candidate]:
    """The candidates on the rows that all have, in one order."""
    shared = set.intersection(*(set(one.table.frame["image"]) for one in candidates))
    everything = set.union(*(set(one.table.frame["image"]) for one in candidates))
    if not shared:
        raise DatasetError(
            "There is no photo that all models have a prediction for.", "Choose the same --data for all."
        )
    if len(shared) < len(everything) and not common:
        counts = ", ".join(f"{one.name} {one.table.frame.height:,}" for one in candidates)
        raise DatasetError(
            f"The models' photos differ ({counts}): {len(shared):,} of {len(everything):,} are common to all.",
            "Compare on the common ones with --common.",
        )
    kept = pl.col("image").is_in(list(shared))
    aligned = [
        replace(one, table=replace(one.table, frame=one.table.frame.filter(kept).sort("image"))) for one in candidates
    ]
    _check_truths(aligned)
    return aligned


def _check_truths(aligned: Sequence[Candidate]) -> None:
    first = aligned[0].table.frame
    for other in aligned[1:]:
        for column, word in (("diagnosis", "diagnosis"), ("group", "group"), ("sha1", "picture")):
            differing = first.filter(first[column] != other.table.frame[column])
            if differing.height:
                raise DatasetError(
                    f"{other.name} has another {word} for {differing.height:,} photos than {aligned[0].name}, "
                    f"{differing['image'][0]} the first of them.",
                    "They are of different datasets; evaluate both on the same --data.",
                )
