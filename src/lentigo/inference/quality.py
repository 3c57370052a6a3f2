"""What a photo is like, and the few rules that follow from it.

Only what is plainly too small, too dark or too bright to answer about is sent back; blur is measured and shown. The
limits were set so that real photos pass: see ``docs/reference/assessment.md`` for how many do.
"""

from __future__ import annotations

from lentigo.imaging import Photo
from lentigo.inference.assessment import Quality, Reason
from lentigo.inference.engine import RawOutput

SMALLEST_SIDE_PX = 100
DARKEST, BRIGHTEST = 0.12, 0.95


def quality_of(photo: Photo, output: RawOutput) -> Quality:
    """The photo's size, and what the graph measured on it."""
    return Quality(
        width_px=photo.width_px,
        height_px=photo.height_px,
        brightness=round(output.quality["brightness"], 4),
        sharpness=round(output.quality["sharpness"], 4),
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
