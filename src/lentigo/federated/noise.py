"""Noise that nobody can draw again: random numbers of the operating system, stretched by a cipher.

Other generators are no good where noise has to hide something. PyTorch's on a CPU begins from 32 bits, however long its
seed (``MT19937RNGEngine.h``), so that a server could try them all; numpy's global one, which Flower draws from, is a
Mersenne twister, which can be computed on from what it gave out.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Sequence

import numpy as np
import torch
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes
from torch import Tensor

_BLOCK = 1 << 16
"""Numbers drawn at a time: as many as a processor's cache holds."""
_PARTS = 4
"""Added up for one number: what a computer's rounding tells of a single one is lost in their sum (Holohan and Braghin
2021, "Secure random sampling in differential privacy", section 5.1; the same number as Opacus takes)."""


def uniform(count: int) -> Tensor:
    """Numbers (N,) from 0 up to 1, float64."""
    return _uniform(_stream(), count)


def gaussian(shape: Sequence[int], standard_deviation: float) -> Tensor:
    """Numbers (*shape) with mean 0, float64 (Box and Muller 1958)."""
    count, stream = math.prod(shape), _stream()
    blocks = [_normal(stream, min(_BLOCK, count - start)) for start in range(0, count, _BLOCK)]
    return torch.cat([torch.zeros(0, dtype=torch.float64), *blocks]).reshape(tuple(shape)) * standard_deviation


def _normal(stream: CipherContext, count: int) -> Tensor:
    pairs = (count + 1) // 2
    total = torch.zeros(2 * pairs, dtype=torch.float64)
    for _ in range(_PARTS):
        radius, angle = torch.sqrt(-2 * torch.log1p(-_uniform(stream, pairs))), 2 * math.pi * _uniform(stream, pairs)
        total[:pairs] += radius * torch.cos(angle)
        total[pairs:] += radius * torch.sin(angle)
    return total[:count] / math.sqrt(_PARTS)


def _uniform(stream: CipherContext, count: int) -> Tensor:
    words = np.frombuffer(stream.update(bytes(8 * count)), dtype="<u8")
    # The bits behind the point of a number from 1 up to 2 (IEEE 754): many times faster than to convert whole numbers.
    return torch.from_numpy(((words >> np.uint64(12)) | np.uint64(0x3FF << 52)).view(np.float64) - 1)


def _stream() -> CipherContext:
    """Bits under a key of their own, so that the counter may begin at nought."""
    return Cipher(algorithms.AES256(secrets.token_bytes(32)), modes.CTR(bytes(16))).encryptor()
