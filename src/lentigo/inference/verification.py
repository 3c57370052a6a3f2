"""Whether a bundle answers as its card promises, tried on made photos."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lentigo.errors import BundleUnsupported
from lentigo.inference.bundle import Bundle
from lentigo.inference.engine import Engine

SIZES = ((1, 1), (20, 3000), (450, 600), (3000, 4000))
"""Heights and widths that are tried: from the smallest photo to a phone's."""

_TOLERANCE = 1e-3
_AGAIN = "Export the bundle again."


def verify_answers(bundle: Bundle, seed: int = 0) -> Iterator[str]:
    """Try the graph; yields a sentence for each thing that holds.

    Raises:
        BundleUnsupported: Something does not.
    """
    engine = Engine(bundle)
    yield "The graph takes and gives what the card says"
    generator = np.random.default_rng(seed)
    nothing = np.zeros(bundle.card.answer_columns, np.float32)
    for height, width in SIZES:
        pixels = generator.integers(0, 256, (height, width, 3), dtype=np.uint8)
        output = engine.run(pixels, nothing)
        parts = output.evidence_map.sum((1, 2)) + output.answer_evidence.sum(0)
        if not np.isfinite(output.logits).all():
            raise BundleUnsupported(f"A photo of {width}x{height} gives no number.", _AGAIN)
        if np.abs(parts - output.logits).max() > _TOLERANCE:
            raise BundleUnsupported("The parts of an answer do not sum to its logits.", _AGAIN)
        if np.abs(output.answer_evidence).max(initial=0) > 0:
            raise BundleUnsupported("An answer that was not given adds evidence.", _AGAIN)
    yield f"It answers for photos from 1x1 to {SIZES[-1][1]}x{SIZES[-1][0]} pixels"
    yield "The parts of each answer sum to its logits, and what was not asked adds nothing"
