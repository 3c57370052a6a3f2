"""Does the exported graph answer as the trained model does? Asked on real images, before a bundle is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from lentigo.errors import ParityError
from lentigo.export.graph import Answering
from lentigo.imaging import Pixels
from lentigo.inference.engine import OUTPUTS
from lentigo.inference.runtime import onnxruntime
from lentigo.training.preprocessing import centre_square

TOLERANCE = 1e-3
"""Largest difference of any probability on any image that is accepted."""


@dataclass(frozen=True)
class Parity:
    """Largest differences between graph and model over all images tried."""

    images: int
    probability: float
    evidence: float
    novelty: float
    no_skin: float
    quality: float


_SCORES = ("novelty", "no_skin", "quality")


def compare(
    graph: bytes, answering: Answering, size_px: int, photos: Sequence[Pixels], answers: npt.NDArray[np.float32]
) -> Parity:
    """Run graph and model on the same photos (uint8 (H, W, 3) each) and answers (N, A)."""
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    differences = []
    for pixels, given in zip(photos, answers, strict=True):
        found = dict(zip(OUTPUTS, session.run(OUTPUTS, {"pixels": pixels, "answers": given}), strict=True))
        with torch.inference_mode():
            parts = answering(centre_square(pixels, size_px), torch.from_numpy(given))
        expected = {name: part.numpy() for name, part in zip(OUTPUTS, parts, strict=True)}
        probability = np.abs(_softmax(found["logits"]) - _softmax(expected["logits"])).max()
        others = (np.abs(found[name] - expected[name]).max() for name in ("evidence_map", *_SCORES))
        differences.append((probability, *others))
    largest = np.array(differences).max(0)
    return Parity(len(photos), *(float(value) for value in largest))


def check(parity: Parity) -> None:
    """Refuse a graph that answers differently.

    Raises:
        ParityError: The largest difference of a probability is above :data:`TOLERANCE`, or is no number.
    """
    if not parity.probability <= TOLERANCE:
        raise ParityError(
            f"The exported graph differs from the trained model by {parity.probability:.2g} in probability "
            f"(accepted: {TOLERANCE:g}); nothing was written.",
            "Please report this with the run's config.toml: it is a defect of the export.",
        )


def _softmax(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    exponentials = np.exp(logits - logits.max())
    return np.asarray(exponentials / exponentials.sum())
