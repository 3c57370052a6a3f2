"""One look at each photo: its size, how bright and how sharp it is, and a small picture of it for the page."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from PIL import Image

from lentigo import imaging
from lentigo.datasets.pool import on_all_cores
from lentigo.errors import ImageError

MEASURED_SIDE_PX = 256
"""Brightness and sharpness are measured at this shorter side: sharpness depends on the size."""

GREY = (0.299, 0.587, 0.114)
"""Weights of red, green and blue in lightness (ITU-R BT.601), as the graph's quality measures use them."""

_THUMBNAIL_QUALITY = 76
_FEW = 100
"""So few photos are looked at sooner than other processes have started."""

PHOTOS_SCHEMA: dict[str, pl.DataType] = {
    "image": pl.String(),
    "source": pl.String(),
    "diagnosis": pl.String(),
    "width_px": pl.Int64(),
    "height_px": pl.Int64(),
    "brightness": pl.Float64(),
    "sharpness": pl.Float64(),
}
"""Columns of the table of measured photos, with their types."""


@dataclass(frozen=True)
class Look:
    """One photo to look at; ``thumbnail_px`` is the side of the square picture that is wanted of it, 0 for none."""

    image: str
    path: Path
    thumbnail_px: int


@dataclass(frozen=True)
class Seen:
    """What a photo is like.

    Attributes:
        image: Path relative to the dataset.
        width_px: Width of the file's image, upright.
        height_px: Height of the file's image, upright.
        brightness: Mean lightness, 0 to 1.
        sharpness: Standard deviation of the lightness's Laplacian (LAP4 of Pertuz et al. 2013, "Analysis of focus
            measure operators"), for lightness in 0 to 1.
        thumbnail: A ``data:`` URI of the picture that was wanted, else empty.
    """

    image: str
    width_px: int
    height_px: int
    brightness: float
    sharpness: float
    thumbnail: str


@dataclass(frozen=True)
class Unseen:
    """A photo that is missing or cannot be read, with a stable code and a sentence."""

    image: str
    code: str
    message: str


def look_at(job: Look) -> Seen | Unseen:
    """Decode and measure one photo."""
    try:
        photo = imaging.read(job.path, min_side_px=MEASURED_SIDE_PX)
    except FileNotFoundError:
        return Unseen(job.image, "image_missing", "There is no such file.")
    except OSError as error:
        return Unseen(job.image, "image_unreadable", f"{error.strerror or error}.")
    except ImageError as error:
        return Unseen(job.image, error.code, error.message)
    brightness, sharpness = measure(imaging.resize_shorter_side(photo.pixels, MEASURED_SIDE_PX))
    picture = thumbnail(photo.pixels, job.thumbnail_px) if job.thumbnail_px else ""
    return Seen(job.image, photo.width_px, photo.height_px, brightness, sharpness, picture)


def look_at_all(jobs: Sequence[Look], workers: int | None = None) -> Iterator[Seen | Unseen]:
    """Look at photos on all cores, or on as many as ``workers``; results come as they are done."""
    if len(jobs) <= _FEW or workers == 1:
        return map(look_at, jobs)
    return on_all_cores(look_at, jobs, workers)


def measure(pixels: imaging.Pixels) -> tuple[float, float]:
    """Brightness and sharpness of pixels, as :class:`Seen` describes them; a side below 3 px has no sharpness."""
    lightness = pixels.astype(np.float32) @ (np.array(GREY, dtype=np.float32) / 255)
    if min(lightness.shape) < 3:
        return float(lightness.mean()), 0.0
    middle = lightness[1:-1, 1:-1]
    around = lightness[:-2, 1:-1] + lightness[2:, 1:-1] + lightness[1:-1, :-2] + lightness[1:-1, 2:]
    return float(lightness.mean()), float((around - 4 * middle).std())


def thumbnail(pixels: imaging.Pixels, side_px: int) -> str:
    """The middle square of a photo as a small JPEG in a ``data:`` URI."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = Image.fromarray(pixels[top : top + side, left : left + side])
    file = io.BytesIO()
    square.resize((side_px, side_px), Image.Resampling.LANCZOS).save(file, "JPEG", quality=_THUMBNAIL_QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode("ascii")


def to_table(seen: Sequence[Seen], manifest: pl.DataFrame) -> pl.DataFrame:
    """Measured photos with their source and diagnosis, in the manifest's order; see :data:`PHOTOS_SCHEMA`."""
    measures = pl.DataFrame(
        [(one.image, one.width_px, one.height_px, one.brightness, one.sharpness) for one in seen],
        schema={name: PHOTOS_SCHEMA[name] for name in PHOTOS_SCHEMA if name not in ("source", "diagnosis")},
        orient="row",
    )
    of_photo = manifest.select("image", "source", "diagnosis")
    return of_photo.join(measures, on="image", how="inner", maintain_order="left").select(list(PHOTOS_SCHEMA))
