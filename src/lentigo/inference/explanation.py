"""Why: the parts that the log-odds of a diagnosis are the sum of.

Only differences between logits matter, so evidence is told against the mean over all diagnoses: positive speaks for the
diagnosis more than for the average one. The parts still sum exactly to the (centred) logit.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from lentigo.answers import AnswerValue
from lentigo.card import ModelCard
from lentigo.inference.assessment import AnswerEvidence, Evidence, EvidenceMap
from lentigo.inference.engine import RawOutput


def centred_map(output: RawOutput, place: int) -> npt.NDArray[np.float32]:
    """(h, w): the photo's evidence for the diagnosis at ``place`` of the card's list, against the mean diagnosis."""
    return np.asarray(output.evidence_map[place] - output.evidence_map.mean(0))


def explain(
    card: ModelCard, output: RawOutput, answers: Mapping[str, AnswerValue], place: int, photo: int = 0
) -> Evidence:
    """The evidence for the diagnosis at ``place`` of the card's list in the photo at place ``photo``."""
    code = card.codes[place]
    photo_map = centred_map(output, place)
    centred_answers = output.answer_evidence[:, place] - output.answer_evidence.mean(1)
    given = [
        AnswerEvidence(answer=spec.name, value=_value(answers[spec.name]), code=code, evidence=_round(share))
        for spec, share in zip(card.answers, centred_answers, strict=True)
        if answers.get(spec.name) is not None
    ]
    return Evidence(
        map=EvidenceMap(
            code=code,
            photo=photo,
            values=tuple(tuple(_round(value) for value in row) for row in photo_map),
            total=_round(photo_map.sum()),
        ),
        answers=tuple(sorted(given, key=lambda one: -abs(one.evidence))),
    )


def _value(answer: AnswerValue) -> str | float:
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return answer if isinstance(answer, str) else float(answer or 0)


def _round(value: float | npt.NDArray[np.floating]) -> float:
    """Six digits after the point: finer than any use of it, and short in JSON."""
    return round(float(value), 6)
