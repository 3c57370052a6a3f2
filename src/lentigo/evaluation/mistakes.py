"""The worst mistakes, as pictures: what a reader should see before any average."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from lentigo import imaging
from lentigo.card import Calibration
from lentigo.datasets.predictions import PredictionTable
from lentigo.errors import ImageError
from lentigo.metrics.calibration import softmax
from lentigo.metrics.tiers import DANGEROUS, LOW, dangerous_rows, shown_tiers, tier_probability

MOST = 12
_THUMBNAIL_PX = 144


@dataclass(frozen=True)
class Mistake:
    """One photo: what it was, what was said, how sure; ``picture`` is a data URI, None if the file is not there."""

    image: str
    source: str
    truth: str
    predicted: str
    p_malignant: float
    picture: str | None


def worst_mistakes(table: PredictionTable, calibration: Calibration, images: Path) -> dict[str, list[Mistake]]:
    """``missed``: dangerous lesions shown as low, the surest first; ``false_alarms``: benign ones that were flagged."""
    probabilities = softmax(table.logits)
    shown = shown_tiers(probabilities, calibration.diagnoses, calibration.thresholds)
    if shown is None:
        return {"missed": [], "false_alarms": []}
    dangerous = dangerous_rows(table.y_true, calibration.diagnoses)
    malignant = tier_probability(probabilities, calibration.diagnoses, *DANGEROUS)
    missed = np.flatnonzero(dangerous & (shown == LOW))
    alarms = np.flatnonzero(~dangerous & (shown != LOW))
    chosen = {
        "missed": missed[np.argsort(malignant[missed])][:MOST],
        "false_alarms": alarms[np.argsort(-malignant[alarms])][:MOST],
    }
    predicted = probabilities.argmax(1)

    def mistake(place: int) -> Mistake:
        row = table.frame.row(place, named=True)
        return Mistake(
            image=row["image"],
            source=row["source"],
            truth=row["diagnosis"],
            predicted=table.codes[predicted[place]],
            p_malignant=float(malignant[place]),
            picture=_picture(images / row["image"]),
        )

    return {kind: [mistake(int(place)) for place in places] for kind, places in chosen.items()}


def _picture(path: Path) -> str | None:
    """A small JPEG as a data URI, so that the page stands alone."""
    try:
        pixels = imaging.read(path).pixels
    except (OSError, ImageError):
        return None
    file = io.BytesIO()
    Image.fromarray(imaging.resize_shorter_side(pixels, _THUMBNAIL_PX)).save(file, "JPEG", quality=80)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()
