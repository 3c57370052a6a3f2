"""Troubles that show only in the photos themselves: what a model could go by instead of the skin.

Two lots of photos are compared by the probability that a photo of the one has more of something than a photo of the
other (the area under the ROC curve, or Mann and Whitney's U over its maximum): 0.5 where they are alike, 1 where one
look tells them apart.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from lentigo.datasets.description.photos import Unseen
from lentigo.datasets.description.troubles import ENOUGH_PHOTOS, Trouble, in_order
from lentigo.datasets.description.wording import count, listing, name_of, percent

TOLD_APART = 0.75
"""From here on two lots are said to differ: a coin that is right three times of four."""

Floats = npt.NDArray[np.float64]

_MEASURES = {
    "size": (pl.min_horizontal("width_px", "height_px").cast(pl.Float64), "larger (shorter side)"),
    "shape": ((pl.col("width_px") / pl.col("height_px")).cast(pl.Float64), "wider for its height"),
    "brightness": (pl.col("brightness"), "brighter"),
    "sharpness": (pl.col("sharpness"), "sharper"),
}


def find_photo_troubles(photos: pl.DataFrame, unseen: Sequence[Unseen]) -> list[Trouble]:
    """Every trouble that measured photos show, the most serious first.

    Args:
        photos: See :data:`~lentigo.datasets.description.photos.PHOTOS_SCHEMA`.
        unseen: Photos that are missing or cannot be read.
    """
    compared = [measure_differs(photos, name, by) for by in ("source", "diagnosis") for name in _MEASURES]
    return in_order([trouble for trouble in [photos_unseen(unseen), *compared] if trouble is not None])


def photos_unseen(unseen: Sequence[Unseen]) -> Trouble | None:
    """``photos_unseen``: photos that the manifest names but that cannot be looked at."""
    if not unseen:
        return None
    return Trouble(
        "photos_unseen",
        "serious",
        f"{count(len(unseen), 'photo')} of the manifest {'is' if len(unseen) == 1 else 'are'} missing or damaged.",
        f"Training and measuring would stop at {listing([one.image for one in unseen], 3)}.",
        "Restore the files, or prepare the dataset again.",
    )


def measure_differs(photos: pl.DataFrame, measure: str, by: str) -> Trouble | None:
    """``MEASURE_by_source`` and ``MEASURE_by_class`` for size, shape, brightness and sharpness.

    Compares the two sources or classes whose medians lie furthest apart.
    """
    expression, word = _MEASURES[measure]
    measured = photos.select(pl.col(by), expression.alias("value")).filter(pl.len().over(by) >= ENOUGH_PHOTOS)
    if measured[by].n_unique() < 2:
        return None
    medians = measured.group_by(by).agg(pl.col("value").median()).sort("value", by)[by].to_list()
    lower, upper = medians[0], medians[-1]
    apart = exceeds(*(measured.filter(pl.col(by) == one)["value"].to_numpy() for one in (upper, lower)))
    if apart < TOLD_APART:
        return None
    if by == "source":
        detail = "Where sources differ in their classes too, a model can tell the class by the camera."
        advice = "Measure each source by itself; train with the colour and scale augmentation on."
    else:
        lower, upper = f"“{name_of(lower)}”", f"“{name_of(upper)}”"
        detail = "Some of it may be the disease; what is camera or light is a short cut that fails elsewhere."
        advice = "Look at the samples below: would you see the difference in the skin, or around it?"
    return Trouble(
        f"{measure}_by_{'class' if by == 'diagnosis' else by}",
        "mind",
        f"A photo of {upper} is {word} than one of {lower} in {percent(apart)} of pairs.",
        detail,
        advice,
    )


def exceeds(ones: Floats, others: Floats) -> float:
    """Probability that one of ``ones`` (N,) is larger than one of ``others`` (M,); ties count half."""
    ordered = np.sort(others)
    below = np.searchsorted(ordered, ones, side="left")
    not_above = np.searchsorted(ordered, ones, side="right")
    return float((below + not_above).mean() / (2 * len(others)))
