"""Predictions that the tests make themselves."""

from __future__ import annotations

import numpy as np
import polars as pl

from lentigo.card import Calibration, CardDiagnosis, Interval, OperatingPoint, Thresholds
from lentigo.datasets.manifest import MANIFEST_SCHEMA
from lentigo.datasets.predictions import PredictionTable

DIAGNOSES = (
    CardDiagnosis(code="mel", malignancy="malignant", tier="high"),
    CardDiagnosis(code="bcc", malignancy="malignant", tier="moderate"),
    CardDiagnosis(code="nv", malignancy="benign", tier="low"),
    CardDiagnosis(code="df", malignancy="benign", tier="low"),
)
CODES = tuple(one.code for one in DIAGNOSES)


def make_calibration(tiers: bool = True, threshold: float = 0.3) -> Calibration:
    """Thresholds as training would choose them, or a model without tiers."""
    some = Interval(value=0.9)
    point = OperatingPoint(
        threshold=threshold,
        target_recall=0.9,
        recall=some,
        specificity=some,
        n_positive=9,
        n_negative=9,
        chosen_on="made",
    )
    if tiers:
        diagnoses: tuple[CardDiagnosis, ...] = DIAGNOSES
        thresholds = Thresholds(high=point, malignant=point)
    else:
        diagnoses = tuple(one.model_copy(update={"tier": None}) for one in DIAGNOSES)
        thresholds = Thresholds(high=None, malignant=None)
    return Calibration(
        diagnoses=diagnoses, temperature=1, thresholds=thresholds, novelty=None, no_skin=None, confidence=None
    )


def make_predictions(skill: float = 2.0, count: int = 240, seed: int = 0) -> PredictionTable:
    """Predictions whose logit of the truth is raised by ``skill``: two photos a group, two sources, three skin types.

    The rows depend on ``count`` alone, so that two tables can be compared.
    """
    rows = pl.DataFrame(
        [
            {
                "image": f"images/{number}.jpg",
                "source": "ham10000" if number < count * 3 // 4 else "pad-ufes-20",
                "diagnosis": CODES[number // 2 % 4],
                "group": f"g{number // 2}",
                "split": "test",
                "fold": 0,
                "image_type": "dermoscopic" if number < count * 3 // 4 else "clinical",
                "age": None if number % 7 == 0 else float(25 + number % 60),
                "sex": (None, "female", "male")[number // 2 % 3],
                "site": ("back", "face", "scalp", None)[number // 8 % 4],
                "fitzpatrick_skin_type": None if number < count * 3 // 4 else 2 + number // 8 % 2,
                "sha1": f"{number:040x}",
            }
            for number in range(count)
        ],
        schema=MANIFEST_SCHEMA,
    )
    logits = np.random.default_rng(seed).normal(size=(count, 4))
    logits[np.arange(count), np.arange(count) // 2 % 4] += skill
    alone = (logits / 2).astype(np.float32)
    return PredictionTable.from_arrays(
        rows, CODES, logits.astype(np.float32), alone, np.zeros(count, np.float32), np.zeros(count, np.float32)
    )
