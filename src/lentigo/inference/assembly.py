"""From what the photos of one spot say to the whole answer: a pure function of numbers, the card and the texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lentigo.answers import AnswerValue
from lentigo.card import ModelCard
from lentigo.inference.agreement import disagreement_of
from lentigo.inference.assessment import (
    Advice,
    Assessment,
    DiagnosisEstimate,
    Evidence,
    ModelName,
    PageLink,
)
from lentigo.inference.combination import Combination, Reading, combine
from lentigo.inference.explanation import explain, place_of
from lentigo.inference.next_step import Situation, is_uncertain, next_step, signs_of
from lentigo.inference.sentences import Sentences
from lentigo.taxonomy import StepTable, Taxonomy


@dataclass(frozen=True)
class Wanted:
    """What an answer should hold besides the answer.

    Attributes:
        locale: Language of the texts.
        explain: The evidence for the likeliest diagnosis, or for the one with this code.
        overlay: Also pictures of it.
    """

    locale: str
    explain: bool | str = False
    overlay: bool = False


@dataclass(frozen=True)
class Judgement:
    """The photos of one spot and the answers about it, each as it was read, and what they say together."""

    readings: tuple[Reading, ...]
    answers: Mapping[str, AnswerValue]
    combination: Combination


def judge(card: ModelCard, readings: Sequence[Reading], answers: Mapping[str, AnswerValue]) -> Judgement:
    """Put what was read together."""
    return Judgement(tuple(readings), answers, combine(card, readings))


def assemble(card: ModelCard, taxonomy: Taxonomy, steps: StepTable, judgement: Judgement, wanted: Wanted) -> Assessment:
    """The answer about one spot.

    Raises:
        DiagnosisUnknown: The model does not know the code to explain.
    """
    found, locale = judgement.combination, wanted.locale
    sentences = Sentences(taxonomy, locale)
    assessed = found.outcome == "assessed"
    return Assessment(
        outcome=found.outcome,
        reasons=found.reasons,
        advice=tuple(Advice(reason=one, text=taxonomy.text("reasons", one, locale)) for one in found.reasons),
        risk=found.risk if assessed else None,
        next_step=next_step(steps, taxonomy, _situation(card, steps, judgement), locale),
        diagnoses=_estimates(card, taxonomy, found.probabilities, locale) if assessed else (),
        evidence=_evidence(card, judgement, sentences, wanted) if assessed else None,
        novelty=found.novelty,
        quality=judgement.readings[found.lead].quality,
        photos=found.photos,
        disagreement=disagreement_of(found.photos, sentences),
        model=ModelName(name=card.name, version=card.version, sha256=card.graph.sha256),
        disclaimer=taxonomy.text("general", "disclaimer", locale),
    )


def _situation(card: ModelCard, steps: StepTable, judgement: Judgement) -> Situation:
    found = judgement.combination
    used = [one.output.logits for one, photo in zip(judgement.readings, found.photos, strict=True) if photo.used]
    return Situation(
        outcome=found.outcome,
        tier=found.risk.tier if found.risk else None,
        reasons=found.reasons,
        signs=signs_of(steps, judgement.answers),
        uncertain=is_uncertain(steps, card, found.probabilities, used, found.reasons),
    )


def _estimates(
    card: ModelCard, taxonomy: Taxonomy, probabilities: npt.NDArray[np.float64], locale: str
) -> tuple[DiagnosisEstimate, ...]:
    """The likeliest first."""
    estimates = []
    for place in np.argsort(-probabilities, kind="stable"):
        diagnosis = card.diagnoses[place]
        text = taxonomy.diagnosis_text(diagnosis.code, locale)
        estimates.append(
            DiagnosisEstimate(
                code=diagnosis.code,
                name=text.name,
                probability=float(probabilities[place]),
                tier=diagnosis.tier,
                summary=text.summary,
                links=tuple(PageLink(title=link.title, url=link.url) for link in text.links),
            )
        )
    return tuple(estimates)


def _evidence(card: ModelCard, judgement: Judgement, sentences: Sentences, wanted: Wanted) -> Evidence | None:
    if wanted.explain is False:
        return None
    found = judgement.combination
    used = {place: judgement.readings[place].output for place, photo in enumerate(found.photos) if photo.used}
    asked = place_of(card, wanted.explain) if isinstance(wanted.explain, str) else int(np.argmax(found.probabilities))
    return explain(card, used, asked, judgement.answers, sentences, wanted.overlay)
