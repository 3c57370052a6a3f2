"""Numbers under masks: what a client adds so that its weights look like noise, and what takes it away from a sum.

Weights become whole numbers modulo 2^32, where adding a uniformly random mask hides a number perfectly. Masks are the
stream of a cipher (AES-256 in counter mode) under a secret of two clients, or of one client alone (Bonawitz et al.
2017, "Practical secure aggregation for privacy-preserving machine learning", sections 4 and 6).

Flower's own masks are not used: its generator folds each secret to 32 bits and feeds them to a Mersenne twister, so a
server could try them all (``pseudo_rand_gen`` in flwr 1.41; https://github.com/flwrlabs/flower/issues/7522).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lentigo.errors import FederationError

Words = npt.NDArray[np.uint32]
Floats = npt.NDArray[np.float64]

_BITS = 26
"""Behind the point: a weight is sent to within 2^-27."""
LARGEST = 16.0
"""Change of one weight in a round; more is no training but an accident."""


def encode(change: Floats, share: float) -> Words:
    """Changes of weights (P,) times the client's share, as whole numbers modulo 2^32.

    Shares add up to 1 and no change is longer than :data:`LARGEST`, so neither is their sum, which always fits.

    Raises:
        FederationError: A change is not finite or too large, or the share is none.
    """
    if not 0 < share <= 1:
        raise FederationError(f"A share of {share:g} in a sum is no share.")
    if not np.isfinite(change).all() or np.abs(change).max(initial=0.0) > LARGEST:
        raise FederationError(
            f"The weights changed by {np.abs(change).max():g} in one round, which cannot be added up securely.",
            "Lower learning_rate.",
        )
    return np.asarray(np.rint(share * change * 2**_BITS).astype(np.int64).astype(np.uint32))


def decode(total: Words) -> Floats:
    """A sum of encoded changes (P,)."""
    return np.asarray(total.astype(np.int32).astype(np.float64) / 2**_BITS)


def mask(secret: bytes, round_number: int, length: int) -> Words:
    """Uniformly random numbers (P,) that follow from a secret; others in each round."""
    key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"lentigo mask {round_number}".encode())
    stream = Cipher(algorithms.AES256(key.derive(secret)), modes.CTR(bytes(16))).encryptor()
    return np.frombuffer(stream.update(bytes(4 * length)), dtype="<u4").astype(np.uint32)
