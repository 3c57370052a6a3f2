"""Images that show the same picture, found by perceptual hash."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

NEAR_BITS = 48
"""Hashes of 256 bits that differ in at most so many show one picture: ``docs/decisions/0003-near-duplicates.md``."""

_BLOCK = 512


def near_pairs(hashes: Sequence[bytes], at_most_bits: int = NEAR_BITS) -> list[tuple[int, int]]:
    """Pairs (i < j) of hashes that differ in at most ``at_most_bits``; compares blockwise, in bounded memory."""
    if not hashes:
        return []
    words = np.frombuffer(b"".join(hashes), dtype=np.uint64).reshape(len(hashes), -1)
    pairs: list[tuple[int, int]] = []
    for first in range(0, len(words), _BLOCK):
        block = words[first : first + _BLOCK]
        distance = _distances(block, words[first:])
        rows, columns = np.nonzero(distance <= at_most_bits)
        pairs += [(first + int(i), first + int(j)) for i, j in zip(rows, columns, strict=True) if i < j]
    return pairs


def _distances(block: npt.NDArray[np.uint64], words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint16]:
    """(B, W) and (N, W) words of 64 bits -> (B, N) differing bits."""
    total = np.zeros((len(block), len(words)), dtype=np.uint16)
    for place in range(block.shape[1]):
        total += np.bitwise_count(block[:, place, None] ^ words[None, :, place])
    return total


class Clusters:
    """Things that belong together, joined pair by pair (union-find)."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def root(self, place: int) -> int:
        """The smallest place that this one is joined with."""
        while self._parent[place] != place:
            self._parent[place] = self._parent[self._parent[place]]
            place = self._parent[place]
        return place

    def join(self, one: int, other: int) -> None:
        """Put two places, and all that is joined with them, together."""
        low, high = sorted((self.root(one), self.root(other)))
        self._parent[high] = low

    def join_equal(self, keys: Iterable[Hashable | None]) -> None:
        """Join the places that have the same key; None joins nothing."""
        first: dict[Hashable, int] = {}
        for place, key in enumerate(keys):
            if key is not None:
                self.join(first.setdefault(key, place), place)
