"""The same few figures for each part of the people and photos, and no number where a part is too small to say.

A part is too small for a figure when fewer than ten groups (patients, lesions) stand behind it: ten with dangerous
lesions for recall, ten with harmless ones for specificity, both for the AUROC. Balanced accuracy is over the diagnoses
of which the part has ten groups, and needs two of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from lentigo.card import Calibration, Interval
from lentigo.datasets.predictions import PredictionTable
from lentigo.metrics.calibration import softmax
from lentigo.metrics.curves import auroc
from lentigo.metrics.discrimination import balanced_accuracy, share
from lentigo.metrics.resampling import Floats, group_weights, to_interval
from lentigo.metrics.subgroups import count_groups, enough
from lentigo.metrics.tiers import DANGEROUS, LOW, dangerous_rows, shown_tiers, tier_probability
from lentigo.taxonomy import load_taxonomy

UNKNOWN = "unknown"
ATTRIBUTES = ("source", "image_type", "sex", "age", "site", "fitzpatrick_skin_type")
"""What parts are made by, in the order in which they are shown."""

_BAND_YEARS = 20
_OLDEST_BAND = 80


@dataclass(frozen=True)
class Subgroup:
    """One part of the rows.

    Attributes:
        attribute: One of :data:`ATTRIBUTES`.
        value: What its rows share; ``unknown`` where the attribute is not known.
        images: How many rows.
        groups: How many patients, lesions or pictures they come from.
        positive_groups: How many of these have a dangerous lesion; 0 for a model without tiers.
        negative_groups: How many of these have a harmless one.
        diagnoses: Codes that balanced accuracy is over.
        figures: Name to figure; None where the part is too small to say.
    """

    attribute: str
    value: str
    images: int
    groups: int
    positive_groups: int
    negative_groups: int
    diagnoses: tuple[str, ...]
    figures: dict[str, Interval | None]

    def to_json(self) -> dict[str, Any]:
        """As it stands in report.json."""
        figures = {name: one and one.model_dump(mode="json") for name, one in self.figures.items()}
        return {**asdict(self), "figures": figures}


def subgroups(table: PredictionTable, calibration: Calibration, resamples: int, seed: int) -> list[Subgroup]:
    """Every part of the rows by every attribute of which something is known."""
    found = []
    for attribute, values in part_columns(table.frame).items():
        for value in sorted(set(values) - {UNKNOWN}) + [UNKNOWN] * (UNKNOWN in values):
            part = table.filter(pl.lit(pl.Series(values) == value))
            found.append(_measured(attribute, value, part, calibration, resamples, seed))
    return found


def part_columns(frame: pl.DataFrame) -> dict[str, list[str]]:
    """For each attribute of which something is known, the part of each row."""
    general = {code: site.general for code, site in load_taxonomy().sites.items()}
    columns: dict[str, list[str]] = {}
    for attribute in ATTRIBUTES:
        values = frame[attribute].to_list()
        if attribute == "age":
            columns[attribute] = [age_band(age) for age in values]
        elif attribute == "site":
            columns[attribute] = [UNKNOWN if site is None else general.get(site, site) for site in values]
        else:
            columns[attribute] = [UNKNOWN if value is None else str(value) for value in values]
    return {name: values for name, values in columns.items() if set(values) != {UNKNOWN}}


def age_band(age: float | None) -> str:
    """The twenty years that an age lies in, as ``40-59``; from eighty on one band."""
    if age is None:
        return UNKNOWN
    if age >= _OLDEST_BAND:
        return f"{_OLDEST_BAND}+"
    low = int(age) // _BAND_YEARS * _BAND_YEARS
    return f"{low:02d}-{low + _BAND_YEARS - 1:02d}"


def _measured(
    attribute: str, value: str, part: PredictionTable, calibration: Calibration, resamples: int, seed: int
) -> Subgroup:
    groups, y_true = part.frame["group"].to_numpy(), part.y_true
    weights, probabilities = group_weights(groups, resamples, seed), softmax(part.logits)
    often = [place for place in np.unique(y_true) if enough(groups, y_true == place)]
    figures: dict[str, Interval | None] = dict(_on_danger(weights, probabilities, part, calibration))
    figures["balanced_accuracy"] = _over(often, weights, y_true, probabilities.argmax(1)) if len(often) > 1 else None
    tiered = "recall_dangerous" in figures
    dangerous = dangerous_rows(y_true, calibration.diagnoses)
    return Subgroup(
        attribute=attribute,
        value=value,
        images=len(y_true),
        groups=len(np.unique(groups)),
        positive_groups=count_groups(groups, dangerous) if tiered else 0,
        negative_groups=count_groups(groups, ~dangerous) if tiered else 0,
        diagnoses=tuple(part.codes[place] for place in often),
        figures=figures,
    )


def _over(
    places: list[int], weights: Floats, y_true: npt.NDArray[np.int64], predicted: npt.NDArray[np.int64]
) -> Interval:
    """Balanced accuracy over some of the classes."""
    among = np.isin(y_true, places)
    classes = int(max(y_true.max(), predicted.max())) + 1
    return to_interval(balanced_accuracy(weights[:, among], y_true[among], predicted[among], classes))


def _on_danger(
    weights: Floats, probabilities: Floats, part: PredictionTable, calibration: Calibration
) -> Iterator[tuple[str, Interval | None]]:
    """What the shown tier is worth; nothing for a model without tiers."""
    shown = shown_tiers(probabilities, calibration.diagnoses, calibration.thresholds)
    if shown is None:
        return
    groups, flagged = part.frame["group"].to_numpy(), shown != LOW
    dangerous = dangerous_rows(part.y_true, calibration.diagnoses)
    some, others = enough(groups, dangerous), enough(groups, ~dangerous)
    malignant = tier_probability(probabilities, calibration.diagnoses, *DANGEROUS)
    yield "recall_dangerous", to_interval(share(weights, flagged, dangerous)) if some else None
    yield "specificity_dangerous", to_interval(share(weights, ~flagged, ~dangerous)) if others else None
    yield "auroc_malignant", to_interval(auroc(weights, malignant, dangerous)) if some and others else None
