"""The risk tier that is shown for summed probabilities: one rule for one photo and for many."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from lentigo.card import CardDiagnosis, Thresholds
from lentigo.taxonomy import TierName
from lentigo.taxonomy.model import TIERS

HIGH, MODERATE, LOW = range(len(TIERS))
"""Places of the tiers, from most to least urgent."""

DANGEROUS: tuple[TierName, ...] = ("high", "moderate")
"""Tiers of what a doctor should see: malignant and premalignant."""


def tier_probability(
    probabilities: npt.NDArray[np.floating], diagnoses: Sequence[CardDiagnosis], *tiers: TierName
) -> npt.NDArray[np.float64]:
    """The summed probability (N,) of the diagnoses in these tiers, from (N, C)."""
    places = [place for place, diagnosis in enumerate(diagnoses) if diagnosis.tier in tiers]
    return np.asarray(probabilities[:, places].sum(1, dtype=np.float64))


def shown_tiers(
    probabilities: npt.NDArray[np.floating], diagnoses: Sequence[CardDiagnosis], thresholds: Thresholds
) -> npt.NDArray[np.int64] | None:
    """Place of the tier (N,) that is shown for probabilities (N, C); None for a model without tiers.

    ``high`` where the high tier's summed probability reaches its threshold, else ``moderate`` where that of the high
    and moderate tiers together reaches its own, else ``low``.
    """
    if thresholds.malignant is None:
        return None
    malignant = tier_probability(probabilities, diagnoses, *DANGEROUS) >= thresholds.malignant.threshold
    shown = np.where(malignant, MODERATE, LOW)
    if thresholds.high is not None:
        shown[tier_probability(probabilities, diagnoses, "high") >= thresholds.high.threshold] = HIGH
    return shown


def true_tiers(y_true: npt.NDArray[np.int64], diagnoses: Sequence[CardDiagnosis]) -> npt.NDArray[np.int64]:
    """Place of the tier (N,) of each true diagnosis (N,); one without a tier counts as low."""
    tier_of = [TIERS.index(diagnosis.tier) if diagnosis.tier else LOW for diagnosis in diagnoses]
    return np.array(tier_of, dtype=np.int64)[y_true]


def dangerous_rows(y_true: npt.NDArray[np.int64], diagnoses: Sequence[CardDiagnosis]) -> npt.NDArray[np.bool_]:
    """Which rows (N,) show a lesion of the high or moderate tier."""
    return np.asarray(true_tiers(y_true, diagnoses) != LOW)
