"""What plots are drawn from: N rows, and how often each resample drew them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lentigo.card import Calibration
from lentigo.datasets.predictions import PredictionTable
from lentigo.metrics.calibration import softmax
from lentigo.metrics.resampling import Floats, group_weights
from lentigo.metrics.tiers import DANGEROUS, dangerous_rows, tier_probability

DANGEROUS_LESIONS, MELANOMA = "dangerous", "melanoma"
_MELANOMA_CODE = "mel"


@dataclass(frozen=True)
class Target:
    """What is looked for among N rows: its probability (N,), and where it truly is (N,)."""

    scores: Floats
    positive: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Rows:
    """N rows of a report.

    Attributes:
        weights: (1 + R, N), see :func:`~lentigo.metrics.resampling.group_weights`.
        probabilities: (N, C).
        y_true: (N,).
        calibration: Diagnoses and thresholds.
    """

    weights: Floats
    probabilities: Floats
    y_true: npt.NDArray[np.int64]
    calibration: Calibration

    @classmethod
    def of(cls, table: PredictionTable, calibration: Calibration, resamples: int, seed: int) -> Rows:
        """The rows of a table of predictions, resampled as the report's figures are."""
        weights = group_weights(table.frame["group"].to_numpy(), resamples, seed)
        return cls(weights, softmax(table.logits), table.y_true, calibration)

    @property
    def targets(self) -> dict[str, Target]:
        """Dangerous lesions and melanoma, as far as the model knows them and the rows hold some and others."""
        diagnoses = self.calibration.diagnoses
        found = {}
        if any(one.tier in DANGEROUS for one in diagnoses):
            scores = tier_probability(self.probabilities, diagnoses, *DANGEROUS)
            found[DANGEROUS_LESIONS] = Target(scores, dangerous_rows(self.y_true, diagnoses))
        codes = [one.code for one in diagnoses]
        if _MELANOMA_CODE in codes:
            place = codes.index(_MELANOMA_CODE)
            found[MELANOMA] = Target(self.probabilities[:, place], self.y_true == place)
        return {name: one for name, one in found.items() if 0 < one.positive.sum() < len(one.positive)}

    @property
    def threshold(self) -> float | None:
        """From which summed probability on a lesion is shown as dangerous."""
        point = self.calibration.thresholds.malignant
        return None if point is None else point.threshold
