"""Why: the parts that the log-odds of a diagnosis are the sum of.

Only differences between logits matter, so evidence is told against the mean over all diagnoses: positive speaks for the
diagnosis more than for the average one. The parts still sum exactly to the (centred) logit.

Of several photos the logits are averaged, and answers add the same to each; so the average is the mean of the photos'
totals and the answers' shares. Their maps stay apart: one place of two photos is not one place of the skin.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from lentigo.answers import AnswerValue
from lentigo.card import ModelCard
from lentigo.errors import DiagnosisUnknown
from lentigo.inference.assessment import AnswerEvidence, Evidence, EvidenceMap
from lentigo.inference.engine import RawOutput
from lentigo.inference.overlay import encode_layer
from lentigo.inference.sentences import Sentences


def centred_map(output: RawOutput, place: int) -> npt.NDArray[np.float32]:
    """(h, w): the photo's evidence for the diagnosis at ``place`` of the card's list, against the mean diagnosis."""
    return np.asarray(output.evidence_map[place] - output.evidence_map.mean(0))


def place_of(card: ModelCard, code: str) -> int:
    """Place of a diagnosis in the card's list.

    Raises:
        DiagnosisUnknown: It is not in there.
    """
    if code not in card.codes:
        raise DiagnosisUnknown(
            f"'{code}' is no diagnosis that the model '{card.name}' knows.", f"Choose one of: {', '.join(card.codes)}."
        )
    return card.codes.index(code)


def explain(
    card: ModelCard,
    outputs: Mapping[int, RawOutput],
    place: int,
    answers: Mapping[str, AnswerValue],
    sentences: Sentences,
    overlay: bool = False,
) -> Evidence:
    """The evidence for the diagnosis at ``place`` of the card's list.

    Args:
        card: Of the model.
        outputs: What the graph says of each used photo, by the photo's place among those given.
        place: Of the diagnosis.
        answers: As they were given.
        sentences: In which the answers' shares are told.
        overlay: Also draw the maps.
    """
    code = card.codes[place]
    totals = {photo: float(centred_map(output, place).sum()) for photo, output in outputs.items()}
    first = max(totals, key=lambda photo: totals[photo])
    maps = {photo: _photo_map(code, output, place, photo, overlay) for photo, output in outputs.items()}
    shares = _centred_answers(outputs[first], place)
    given = []
    for spec, share in zip(card.answers, shares, strict=True):
        if answers.get(spec.name) is not None:
            value, evidence = _value(answers[spec.name]), _round(share)
            text = sentences.share(spec.name, value, code, evidence)
            given.append(AnswerEvidence(answer=spec.name, value=value, code=code, evidence=evidence, text=text))
    return Evidence(
        map=maps.pop(first),
        others=tuple(maps.values()),
        answers=tuple(sorted(given, key=lambda one: -abs(one.evidence))),
        total=_round(np.mean(list(totals.values())) + shares.sum()),
    )


def _photo_map(code: str, output: RawOutput, place: int, photo: int, overlay: bool) -> EvidenceMap:
    photo_map = centred_map(output, place)
    values = tuple(tuple(_round(value) for value in row) for row in photo_map)
    return EvidenceMap(
        code=code,
        photo=photo,
        values=values,
        total=_round(photo_map.sum()),
        overlay=encode_layer(values) if overlay else None,
    )


def _centred_answers(output: RawOutput, place: int) -> npt.NDArray[np.float32]:
    """(Q,): each answer's share, against the mean diagnosis."""
    return np.asarray(output.answer_evidence[:, place] - output.answer_evidence.mean(1))


def _value(answer: AnswerValue) -> str | float:
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return answer if isinstance(answer, str) else float(answer or 0)


def _round(value: float | npt.NDArray[np.floating] | np.floating) -> float:
    """Six digits after the point: finer than any use of it, and short in JSON."""
    return round(float(value), 6)
