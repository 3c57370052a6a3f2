"""Decoding apart from the server: a photo that breaks, stalls or fills its decoder costs one request."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from queue import SimpleQueue
from typing import Any

import numpy as np
import structlog

from lentigo.errors import DecodingFailed, ImageError
from lentigo.imaging import ImageLimits, Photo

TIMEOUT_S = 30.0
"""Seconds that one photo may take, whatever it waits for; its process may compute for fewer, see ``decoder.CPU_S``."""

COMMAND = (sys.executable, "-P", "-m", "lentigo.decoder")

_KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT")
"""What of the environment an interpreter may need to start."""

_LONGEST_HEAD = 4096

_ERRORS = {kind.code: kind for kind in ImageError.__subclasses__()}


class Decoders:
    """A fixed number of decoding processes; may be called from several threads at once.

    Args:
        count: Photos decoded at once; one more waits.
        timeout_s: After how long a decoder is ended.
        command: What runs one; see :mod:`lentigo.decoder` for what it must answer.
    """

    def __init__(self, count: int, timeout_s: float = TIMEOUT_S, command: Sequence[str] = COMMAND) -> None:
        self._all = tuple(_Decoder(timeout_s, command) for _ in range(count))
        self._idle: SimpleQueue[_Decoder] = SimpleQueue()
        for one in self._all:
            self._idle.put(one)

    def start(self) -> None:
        """Start them before the first photo comes; they get ready by themselves."""
        for one in self._all:
            one.start()

    def decode(self, data: bytes, limits: ImageLimits, min_side_px: int | None = None) -> Photo:
        """Decode a photo; see :func:`lentigo.imaging.decode`.

        Raises:
            ImageError: The photo cannot be used; DecodingFailed where it broke its decoder.
        """
        decoder = self._idle.get()
        try:
            return decoder.decode(data, limits, min_side_px)
        finally:
            self._idle.put(decoder)

    def close(self) -> None:
        """End them."""
        for one in self._all:
            one.end()


def _ask(process: subprocess.Popen[bytes], data: bytes, limits: ImageLimits, min_side_px: int | None) -> Photo:
    """One question and its answer.

    Raises:
        ImageError: The decoder's answer is one.
        OSError, EOFError, ValueError, KeyError, TypeError: There was no answer, or one that makes no sense.
    """
    if process.stdin is None or process.stdout is None:
        raise EOFError
    question = {
        "bytes": len(data),
        "max_bytes": limits.max_bytes,
        "max_pixels": limits.max_pixels,
        "min_side_px": min_side_px,
    }
    process.stdin.write(json.dumps(question).encode() + b"\n")
    process.stdin.write(data)
    process.stdin.flush()
    answer: dict[str, Any] = json.loads(process.stdout.readline(_LONGEST_HEAD))
    if "code" in answer:
        raise _ERRORS[answer["code"]](str(answer["message"]), str(answer["hint"]))
    height, width, channels = answer["shape"]
    if channels != 3 or not 0 < height * width <= limits.max_pixels:
        raise ValueError
    pixels = np.empty((height, width, 3), np.uint8)
    if process.stdout.readinto(pixels.data.cast("B")) != pixels.nbytes:  # type: ignore[attr-defined]  # it is buffered
        raise EOFError
    return Photo(pixels, int(answer["width_px"]), int(answer["height_px"]), answer["format"])


def _environment() -> dict[str, str]:
    """The server's packages, and nothing of what else an operator tells the server, such as passwords."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    # numpy would keep a thread ready for each core.
    return {**kept, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "OPENBLAS_NUM_THREADS": "1"}


class _Decoder:
    """One process, started again when it has ended; used by one thread at a time."""

    def __init__(self, timeout_s: float, command: Sequence[str]) -> None:
        self._timeout_s, self._command = timeout_s, list(command)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> subprocess.Popen[bytes]:
        """The running process."""
        if self._process is not None and self._process.poll() is not None:
            self.end()  # between two photos, for example by a system that is short of memory
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603  # a fixed command
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=_environment(),
                process_group=0,  # a terminal's Ctrl-C is the server's to handle
            )
        return self._process

    def decode(self, data: bytes, limits: ImageLimits, min_side_px: int | None) -> Photo:
        process = self.start()
        watch = threading.Timer(self._timeout_s, process.kill)
        watch.start()
        try:
            return _ask(process, data, limits, min_side_px)
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            self._replace()
            raise DecodingFailed(
                "The photo broke its decoder: it is damaged, or takes too long or too much memory to unpack.",
                "Choose another photo, or save it again as JPEG or PNG.",
            ) from error
        finally:
            watch.cancel()
            watch.join()

    def _replace(self) -> None:
        if self._process is not None:
            self._process.kill()
            code = self._process.wait()
            structlog.get_logger().warning("decoder_ended", returncode=code)
        self.end()
        self.start()

    def end(self) -> None:
        """End the process; without its input it ends by itself, unless it is stuck."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue  # what was left to write has no reader any more
        try:
            process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
