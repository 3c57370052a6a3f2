"""Plain measures of a photo, and the few rules that follow from them.

Only what is plainly too small, too dark or too bright to answer about is sent back; blur is measured and shown. The
limits were set so that real photos pass: see ``docs/reference/assessment.md`` for how many do.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from lentigo.imaging import Photo
from lentigo.inference.assessment import Quality, Reason

SMALLEST_SIDE_PX = 100
DARKEST, BRIGHTEST = 0.12, 0.95
_MEASURED_SIDE_PX = 256


def measure(photo: Photo) -> Quality:
    """Measure a photo on its centre square, shrunk to 256 px."""
    height, width = photo.pixels.shape[:2]
    side = min(height, width)
    left, top = (width - side) // 2, (height - side) // 2
    square = Image.fromarray(photo.pixels[top : top + side, left : left + side]).convert("L")
    if side > _MEASURED_SIDE_PX:
        square = square.resize((_MEASURED_SIDE_PX, _MEASURED_SIDE_PX), Image.Resampling.BILINEAR, reducing_gap=2)
    grey = np.asarray(square, dtype=np.float32) / 255
    return Quality(
        width_px=photo.width_px,
        height_px=photo.height_px,
        brightness=round(float(grey.mean()), 4),
        sharpness=round(_sharpness(grey), 4),
    )


def problems(quality: Quality) -> tuple[Reason, ...]:
    """Why a photo is not good enough to answer about; empty when it is."""
    found: list[Reason] = []
    if min(quality.width_px, quality.height_px) < SMALLEST_SIDE_PX:
        found.append("too_small")
    if quality.brightness < DARKEST:
        found.append("too_dark")
    if quality.brightness > BRIGHTEST:
        found.append("too_bright")
    return tuple(found)


def _sharpness(grey: npt.NDArray[np.floating]) -> float:
    """Standard deviation of the Laplacian (Pertuz et al. 2013, LAP4); 0 for a photo without an inside."""
    if min(grey.shape) < 3:
        return 0.0
    middle = grey[1:-1, 1:-1]
    laplacian = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * middle
    return float(laplacian.std())
