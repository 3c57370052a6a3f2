"""What a photo's measures mean: the limits that nearly all photos keep which the model learned from.

Those photos are taken to be good. Each kind (source and image type) has its own light and sharpness, so a limit is set
so that of no kind more than a small share lies beyond it. Whether it helps is measured by ``benchmarks/quality.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import torch
from tqdm import tqdm

from lentigo import imaging
from lentigo.card import QualityMeasure, QualityReason, QualityRule
from lentigo.datasets import Dataset
from lentigo.export.quality import MEASURES, QualityMeasures
from lentigo.training.preprocessing import centre_square

Floats = npt.NDArray[np.float32]

ENOUGH, MOST = 100, 600
"""Photos of a kind that limits can be set on, and how many of them are looked at."""
_FIXED_ON = "fixed: too few photos to set it on"


@dataclass(frozen=True)
class Criterion:
    """How one measure is judged.

    Attributes:
        good: A usual value, where the photos cannot tell; past ``strictest``, seen from it, is bad.
        strictest: The limit is never nearer to ``good`` than this.
        share: Of each kind of photo, at most this share lies beyond the limit.
        refuses: Whether a photo beyond the limit is sent back.
        without_photos: Whether ``strictest`` is a limit that holds for photos of any kind.
    """

    reason: QualityReason
    measure: QualityMeasure
    good: float
    strictest: float
    share: float
    refuses: bool
    without_photos: bool = False


REFUSED, TOLD = 0.005, 0.05
CRITERIA = (
    Criterion("blurred", "blur", 0.3, 0.45, REFUSED, refuses=True),
    Criterion("blurred", "steadiness", -1.4, -1.8, REFUSED, refuses=True),
    Criterion("blurred", "centre_focus", 0.5, -0.5, REFUSED, refuses=True),
    Criterion("too_dark", "light", 0.8, 0.25, REFUSED, refuses=True, without_photos=True),
    Criterion("too_bright", "brightness", 0.6, 0.85, REFUSED, refuses=True, without_photos=True),
    # One of the sources that are known has many photos with reflections among its good ones.
    Criterion("glare", "glare", 0.0, 0.08, 2 * REFUSED, refuses=True),
    Criterion("too_far", "spot_size", 0.26, 0.13, REFUSED, refuses=True),
    Criterion("cut_off", "spot_offset", 0.05, 0.15, TOLD, refuses=False),
    Criterion("obstructed", "hair", 0.0, 0.01, TOLD, refuses=False),
    # Real pen marks and bluish lesions are both common, so this one speaks up more often.
    Criterion("obstructed", "ink", 0.0, 0.01, 0.1, refuses=False),
)
"""Hair, ink and cut-off spots are only told: large, blue or dark-streaked spots, melanomas among them, look alike."""


def fit_rules(dataset: Dataset, codes: Sequence[str], size_px: int) -> tuple[QualityRule, ...]:
    """Set the limits on training and validation photos of a dataset whose diagnosis is one of ``codes``.

    Where no kind has :data:`ENOUGH` photos, only limits that hold for any photo are given.
    """
    rows = dataset.manifest.filter(pl.col("split").is_in(["train", "validation"]), pl.col("diagnosis").is_in(codes))
    kinds = {
        kind: part.sort("image").sample(min(MOST, part.height), seed=0)
        for kind, part in rows.partition_by("source", "image_type", as_dict=True).items()
        if part.height >= ENOUGH
    }
    if not kinds:
        return tuple(_fixed(one) for one in CRITERIA if one.without_photos)
    measures = QualityMeasures(size_px)
    photos = tqdm(pl.concat(kinds.values())["image"], desc="Measuring photos", unit="photo", leave=False)
    values = np.stack(list(_measured(measures, (dataset.path / image for image in photos), size_px)))
    ends = np.cumsum([part.height for part in kinds.values()])[:-1]
    on = f"training and validation photos of {', '.join(sorted({str(source) for source, _ in kinds}))}"
    return tuple(_rule(one, [part[:, MEASURES.index(one.measure)] for part in np.split(values, ends)], on)
                 for one in CRITERIA)  # fmt: skip


def _measured(measures: QualityMeasures, paths: Iterable[Path], size_px: int) -> Iterator[Floats]:
    with torch.inference_mode():
        for path in paths:
            yield measures(centre_square(imaging.read(path).pixels, size_px)).numpy()


def _fixed(criterion: Criterion) -> QualityRule:
    return QualityRule(
        reason=criterion.reason,
        measure=criterion.measure,
        good=criterion.good,
        limit=criterion.strictest,
        refuses=criterion.refuses,
        chosen_on=_FIXED_ON,
    )


def _rule(criterion: Criterion, kinds: Sequence[Floats], on: str) -> QualityRule:
    """From the measure's values on each kind of photo to the rule that is kindest among them."""
    low_is_bad = criterion.strictest < criterion.good
    share, kindest = (criterion.share, min) if low_is_bad else (1 - criterion.share, max)
    limit = kindest([criterion.strictest, *(float(np.quantile(values, share)) for values in kinds)])
    good = kindest(float(np.median(values)) for values in kinds)
    if (good <= limit) if low_is_bad else (good >= limit):
        # All photos lie beyond the strictest limit: none of them says what is good, but they must pass.
        return _fixed(criterion)
    return _fixed(criterion).model_copy(update={"good": round(good, 5), "limit": round(limit, 5), "chosen_on": on})
