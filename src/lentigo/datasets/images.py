"""Images of one size without metadata: decoded once, on all cores, with a bounded number in flight."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import imagehash
import numpy as np
from PIL import Image

from lentigo import imaging
from lentigo.datasets.pool import on_all_cores
from lentigo.errors import ImageError
from lentigo.writing import replacing

JPEG_QUALITY = 95
HASH_SIDE = 16
"""The perceptual hash has HASH_SIDE squared bits."""


@dataclass(frozen=True)
class Job:
    """One image to prepare; ``number`` tells the caller which."""

    number: int
    source: Path
    target: Path
    shorter_side_px: int


@dataclass(frozen=True)
class Prepared:
    """An image that was written. ``sha1`` is of the original file; ``phash`` is HASH_SIDE squared bits."""

    number: int
    sha1: str
    phash: bytes


@dataclass(frozen=True)
class Unreadable:
    """An image that could not be read, with the error's code and sentence."""

    number: int
    code: str
    message: str


def prepare_image(job: Job) -> Prepared | Unreadable:
    """Decode, shrink and write one image."""
    try:
        data = imaging.read_bytes(job.source)
    except ImageError as error:
        return Unreadable(job.number, error.code, error.message)
    except OSError as error:
        return Unreadable(job.number, "unreadable", f"The file cannot be opened ({error.strerror}).")
    try:
        photo = imaging.decode(data, min_side_px=job.shorter_side_px)
    except ImageError as error:
        return Unreadable(job.number, error.code, error.message)
    image = Image.fromarray(imaging.resize_shorter_side(photo.pixels, job.shorter_side_px))
    with replacing(job.target) as part:
        image.save(part, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    bits = imagehash.phash(image, hash_size=HASH_SIDE).hash
    return Prepared(job.number, hashlib.sha1(data, usedforsecurity=False).hexdigest(), np.packbits(bits).tobytes())


def prepare_images(jobs: Iterable[Job], workers: int | None = None) -> Iterator[Prepared | Unreadable]:
    """Prepare images on all cores; results come as they are done.

    Raises:
        OSError: Writing failed (a full disk); images already written stay.
    """
    return on_all_cores(prepare_image, jobs, workers)
