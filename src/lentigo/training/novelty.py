"""How little a photo looks like any diagnosis that was learned."""

from __future__ import annotations

from torch import Tensor


def energy(logits: Tensor) -> Tensor:
    """(N, C) calibrated logits of the photo alone -> (N,): minus the log of their summed exponentials.

    High where no diagnosis finds much evidence for itself (Liu et al. 2020, "Energy-based out-of-distribution
    detection"). It has no fixed scale: what is familiar lies below the limit in the card.
    """
    return -logits.logsumexp(1)
