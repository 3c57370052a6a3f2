"""A process that does nothing but decode: ``python -m lentigo.decoder`` reads photos from its standard input.

A photo is made by whoever sent it, and decoders are where image libraries break. Here that costs one process, which
holds no other photo, can write no file, and is bounded in memory and time. It imports nothing but the decoding.

One message is a line of JSON, then the bytes that it counts. What goes in: ``bytes``, ``max_bytes``, ``max_pixels``,
``min_side_px``. What comes out: a :class:`~lentigo.imaging.Photo`'s ``shape``, ``width_px``, ``height_px`` and
``format``, then the pixels; or the ``code``, ``message`` and ``hint`` of an error. No pickles: what comes out of a
decoder that was taken over is only ever read as numbers and text.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable
from typing import BinaryIO

import numpy as np

from lentigo.errors import ImageError
from lentigo.imaging import ImageLimits, Photo, decode

try:
    import resource
except ImportError:
    _LIMITS = False  # Windows has none; the time that the server waits is bounded there too
else:
    _LIMITS = True

Decode = Callable[[bytes, ImageLimits, int | None], Photo]

CPU_S = 10
"""Seconds of computing that one photo may take; the worst 64-megapixel PNG takes about 3."""

MEMORY_BYTES = 512 * 1024 * 1024
"""Address space for Python, its libraries and a file's bytes."""

MEMORY_BYTES_PER_PIXEL = 32
"""On top, for each pixel that a photo may have: laying a transparent one over white holds seven copies of 4 bytes."""


def serve(incoming: BinaryIO, outgoing: BinaryIO, decode: Decode = decode) -> None:
    """Answer photos until ``incoming`` ends, as it does when the server ends in any way."""
    while line := incoming.readline():
        request = json.loads(line)
        limits = ImageLimits(request["max_bytes"], request["max_pixels"])
        _limit_process(limits)
        data = incoming.read(request["bytes"])
        try:
            photo = decode(data, limits, request["min_side_px"])
        except ImageError as error:
            _write(outgoing, {"code": error.code, "message": error.message, "hint": error.hint})
        else:
            about = {"width_px": photo.width_px, "height_px": photo.height_px, "format": photo.format}
            _write(outgoing, {"shape": photo.pixels.shape, **about}, np.ascontiguousarray(photo.pixels).data)
            del photo
        del data


def _write(outgoing: BinaryIO, head: dict[str, object], body: memoryview | bytes = b"") -> None:
    outgoing.write(json.dumps(head).encode() + b"\n")
    outgoing.write(body)
    outgoing.flush()


def _limit_process(limits: ImageLimits) -> None:
    """Bound what the next photo may take: the kernel ends, or refuses memory to, what goes beyond."""
    if not _LIMITS:
        return
    used = time.process_time()
    _limit(resource.RLIMIT_CPU, math.ceil(used) + CPU_S)
    _limit(resource.RLIMIT_AS, MEMORY_BYTES + MEMORY_BYTES_PER_PIXEL * limits.max_pixels)
    # No file grows by a photo: neither by a decoder's own doing nor by the memory of one that crashed.
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)


def _limit(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    if hard not in (resource.RLIM_INFINITY, -1):
        value = min(value, hard)
    try:
        resource.setrlimit(which, (value, hard))
    except (OSError, ValueError):
        # macOS knows RLIMIT_AS and refuses to set it.
        return


def main(decode: Decode = decode) -> None:
    """Serve the standard streams."""
    serve(sys.stdin.buffer, sys.stdout.buffer, decode)


if __name__ == "__main__":
    main()
