"""Several photos of one spot: which of them count, and what they say together.

A photo counts only if an answer about it alone would be given, so that a photo of something else can neither dilute nor
vouch for one that shows the spot. What counts is averaged, which is steadier than any one photo; but the tier is never
calmer than one of these photos gives by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lentigo.card import ModelCard
from lentigo.imaging import Photo
from lentigo.inference.assessment import Outcome, PhotoUse, Quality, Reason, Risk
from lentigo.inference.decision import decide_outcome, decide_risk, is_unsure, most_urgent, softmax
from lentigo.inference.engine import RawOutput
from lentigo.inference.explanation import centred_map
from lentigo.inference.quality import problems, quality_of

_PREFERENCE: tuple[Outcome, ...] = ("assessed", "not_recognised", "inconclusive", "rejected")
"""The answer is about the photos of the first of these outcomes that any photo has."""


@dataclass(frozen=True)
class Reading:
    """One photo: what the graph says, and what the answer would be if it were the only one."""

    output: RawOutput
    quality: Quality
    outcome: Outcome
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Combination:
    """What the photos of one spot say together.

    Attributes:
        outcome: That of the photos the answer is about.
        reasons: Why, without repeats.
        probabilities: (C,) of the averaged logits.
        risk: The most urgent one; None for a model whose classes have no tiers, and where every photo was rejected.
        lead: Place of the photo with the most evidence for the likeliest diagnosis, among those the answer is about.
        photos: What was made of each photo, as given.
        novelty: Of the lead.
    """

    outcome: Outcome
    reasons: tuple[Reason, ...]
    probabilities: npt.NDArray[np.float64]
    risk: Risk | None
    lead: int
    photos: tuple[PhotoUse, ...]
    novelty: float


def read_photo(card: ModelCard, photo: Photo, output: RawOutput, refusal: Reason | None = None) -> Reading:
    """Judge one photo by itself; ``refusal`` is what :mod:`~lentigo.inference.vetting` has against it."""
    quality = quality_of(card, photo, output)
    if refusal is not None:
        return Reading(output, quality, "rejected", (refusal,))
    outcome, reasons = decide_outcome(card, problems(card, quality), output.novelty, output.no_skin)
    return Reading(output, quality, outcome, reasons)


def combine(card: ModelCard, readings: Sequence[Reading]) -> Combination:
    """Put the readings of one spot's photos together."""
    outcome = min((one.outcome for one in readings), key=_PREFERENCE.index)
    places = [place for place, one in enumerate(readings) if one.outcome == outcome]
    judged = [readings[place].output for place in places]
    probabilities = softmax(np.mean([one.logits for one in judged], axis=0))
    views = [softmax(one) for one in np.mean([one.view_logits for one in judged], axis=0)]
    likeliest = int(np.argmax(probabilities))
    reasons = tuple(dict.fromkeys(reason for place in places for reason in readings[place].reasons))
    # Where nothing is assessed, danger in any photo still sends to a doctor (see next_steps.toml);
    # but what the model makes of a face or a cat says nothing.
    heard = judged if outcome == "assessed" else [one.output for one in readings if one.outcome != "rejected"]
    risks = [decide_risk(card, softmax(one.logits)) for one in heard]
    if outcome == "assessed" and is_unsure(card, probabilities, views):
        outcome, reasons = "inconclusive", ("low_confidence",)
        risks += [decide_risk(card, one) for one in views]
    lead = max(places, key=lambda place: float(centred_map(readings[place].output, likeliest).sum()))
    return Combination(
        outcome=outcome,
        reasons=reasons,
        probabilities=probabilities,
        risk=most_urgent(decide_risk(card, probabilities), *risks) if risks else None,
        lead=lead,
        photos=tuple(_use(card, one, shown=outcome == "assessed") for one in readings),
        novelty=round(readings[lead].output.novelty, 4),
    )


def _use(card: ModelCard, reading: Reading, shown: bool) -> PhotoUse:
    """What was made of a photo; what it says by itself only where an answer is ``shown``."""
    used = reading.outcome == "assessed"
    probabilities = softmax(reading.output.logits)
    risk = decide_risk(card, probabilities) if used and shown else None
    return PhotoUse(
        used=used,
        reasons=reading.reasons,
        quality=reading.quality,
        code=card.codes[int(np.argmax(probabilities))] if used and shown else None,
        tier=risk.tier if risk else None,
        p_malignant=risk.p_malignant if risk else None,
    )
