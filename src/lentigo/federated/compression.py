"""A client's change of the weights in 8 bits each, packed: a fifth of what the weights weigh.

Each array of weights has a step of its own, a 127th of its largest change; what lies between two steps goes to either
at random, such that the mean is right (QSGD: Alistarh et al. 2017, section 3.1, with steps of equal size).
"""

from __future__ import annotations

import math
import zlib

import numpy as np
from flwr.app import Array, ArrayRecord

from lentigo.errors import FederationError

_STEPS, _PACKED = "steps", "packed"
_LARGEST = 127


def compress(trained: ArrayRecord, sent: ArrayRecord) -> ArrayRecord:
    """What a client sends instead of its weights, given those that it began from."""
    generator = np.random.default_rng()
    steps, parts = [], []
    for name, array in sent.items():
        change = trained[name].numpy().astype(np.float64) - array.numpy()
        step = float(np.abs(change).max(initial=0.0)) / _LARGEST
        steps.append(step)
        scaled = change / step if step > 0 and math.isfinite(step) else np.zeros_like(change)
        rounded = np.floor(scaled + generator.random(change.shape))
        parts.append(np.asarray(np.clip(rounded, -_LARGEST, _LARGEST), np.int8).tobytes())
    packed = np.frombuffer(zlib.compress(b"".join(parts)), np.uint8)
    return ArrayRecord({_STEPS: Array(np.array(steps)), _PACKED: Array(packed)})


def decompress(record: ArrayRecord, sent: ArrayRecord) -> ArrayRecord:
    """The weights that :func:`compress` made small.

    Raises:
        FederationError: They are of another network, or damaged.
    """
    sizes = [math.prod(array.shape) for array in sent.values()]
    try:
        steps = record[_STEPS].numpy()
        unpacker = zlib.decompressobj()
        changes = np.frombuffer(unpacker.decompress(record[_PACKED].numpy().tobytes(), sum(sizes) + 1), np.int8)
    except (KeyError, ValueError, zlib.error) as error:
        raise FederationError(f"its packed weights cannot be read: {error}") from error
    if len(changes) != sum(sizes) or len(steps) != len(sizes):
        raise FederationError("it sent the weights of another network")
    weights, start = {}, 0
    for (name, array), size, step in zip(sent.items(), sizes, steps, strict=True):
        change = changes[start : start + size].reshape(array.shape) * float(step)
        weights[name] = Array(np.asarray(array.numpy() + change, np.float32))
        start += size
    return ArrayRecord(weights)
