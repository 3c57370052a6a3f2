"""One bundle's graph, run by onnxruntime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lentigo.card import ModelCard, QualityMeasure
from lentigo.errors import BundleUnsupported
from lentigo.imaging import Pixels
from lentigo.inference.bundle import Bundle
from lentigo.inference.runtime import onnxruntime

Floats = npt.NDArray[np.float32]

OUTPUTS = ("logits", "evidence_map", "answer_evidence", "view_logits", "novelty", "no_skin", "quality")


@dataclass(frozen=True)
class RawOutput:
    """What the graph says of one photo.

    Attributes:
        logits: (C,) calibrated.
        evidence_map: (C, h, w) the photo's share of the logits, by place.
        answer_evidence: (Q, C) each answer's share.
        view_logits: (V, C) calibrated, by each view of the photo.
        novelty: How little evidence there is for any diagnosis; above the card's limit it is none that the model knows.
        no_skin: How unlike skin; about 1 for skin.
        quality: Plain measures of the photo, by name.
    """

    logits: Floats
    evidence_map: Floats
    answer_evidence: Floats
    view_logits: Floats
    novelty: float
    no_skin: float
    quality: Mapping[QualityMeasure, float]

    @property
    def photo_logits(self) -> Floats:
        """(C,): the logits without the answers' share."""
        return np.asarray(self.logits - self.answer_evidence.sum(0))


class Engine:
    """Runs a bundle's graph; may be called from several threads at once.

    Args:
        bundle: A checked bundle.
        threads: Cores that one call may use.

    Raises:
        BundleUnsupported: The graph cannot be loaded, or takes or gives something else than its card says.
    """

    def __init__(self, bundle: Bundle, threads: int = 1) -> None:
        self.card, self.path = bundle.card, bundle.path
        try:
            self._session = onnxruntime.InferenceSession(
                bundle.graph, _options(threads), providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime raises its own kinds, which share no base but Exception
            raise BundleUnsupported(
                f"The graph of {bundle.path} cannot be loaded: {error}", "Export it again."
            ) from error
        _check_contract(self._session, self.card)

    def run(self, pixels: Pixels, answers: Floats) -> RawOutput:
        """Run the graph on uint8 (H, W, 3) pixels and encoded answers (A,)."""
        found = dict(zip(OUTPUTS, self._session.run(OUTPUTS, {"pixels": pixels, "answers": answers}), strict=True))
        return RawOutput(
            logits=found["logits"],
            evidence_map=found["evidence_map"],
            answer_evidence=found["answer_evidence"],
            view_logits=found["view_logits"],
            novelty=float(found["novelty"]),
            no_skin=float(found["no_skin"]),
            quality=dict(zip(self.card.graph.quality_measures, found["quality"].tolist(), strict=True)),
        )


def _options(threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # Weights are stored in 8 bits and computed in float: unpack them once, when the graph is loaded.
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    # A server waits more than it works: threads that wait must sleep, and memory of a large photo goes back.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.enable_cpu_mem_arena = False
    return options


def _check_contract(session: Any, card: ModelCard) -> None:
    classes, questions = len(card.diagnoses), len(card.answers)
    rows, columns = card.graph.evidence_rows, card.graph.evidence_columns
    wanted: dict[str, tuple[str, list[int | None]]] = {
        "pixels": ("tensor(uint8)", [None, None, 3]),
        "answers": ("tensor(float)", [card.answer_columns]),
        "logits": ("tensor(float)", [classes]),
        "evidence_map": ("tensor(float)", [classes, rows, columns]),
        "answer_evidence": ("tensor(float)", [questions, classes]),
        "view_logits": ("tensor(float)", [card.graph.views, classes]),
        "novelty": ("tensor(float)", []),
        "no_skin": ("tensor(float)", []),
        "quality": ("tensor(float)", [len(card.graph.quality_measures)]),
    }
    found = {one.name: (one.type, one.shape) for one in [*session.get_inputs(), *session.get_outputs()]}
    for name in wanted.keys() | found.keys():
        if name not in wanted or name not in found or not _fits(found[name], wanted[name]):
            raise BundleUnsupported(
                f"The graph's '{name}' is {found.get(name, 'missing')}; the card says {wanted.get(name, 'nothing')}.",
                "Export the bundle again.",
            )


def _fits(found: tuple[str, list[Any]], wanted: tuple[str, list[int | None]]) -> bool:
    return (
        found[0] == wanted[0]
        and len(found[1]) == len(wanted[1])
        and all(side is None or side == here for here, side in zip(found[1], wanted[1], strict=True))
    )
