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
from lentigo.inference.decision import decide_outcome, decide_risk, most_urgent, softmax
from lentigo.inference.engine import RawOutput
from lentigo.inference.explanation import centred_map
from lentigo.inference.quality import problems, quality_of

_PREFERENCE: tuple[Outcome, ...] = ("assessed", "not_recognised", "inconclusive")
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
        risk: The most urgent one; None for a model whose classes have no tiers.
        lead: Place of the photo with the most evidence for the likeliest diagnosis, among those the answer is about.
        photos: What was made of each photo, as given.
    """

    outcome: Outcome
    reasons: tuple[Reason, ...]
    probabilities: npt.NDArray[np.float64]
    risk: Risk | None
    lead: int
    photos: tuple[PhotoUse, ...]


def read_photo(card: ModelCard, photo: Photo, output: RawOutput) -> Reading:
    """Judge one photo by itself."""
    quality = quality_of(card, photo, output)
    outcome, reasons = decide_outcome(card, problems(card, quality), output.novelty)
    return Reading(output, quality, outcome, reasons)


def combine(card: ModelCard, readings: Sequence[Reading]) -> Combination:
    """Put the readings of one spot's photos together."""
    outcome = min((one.outcome for one in readings), key=_PREFERENCE.index)
    places = [place for place, one in enumerate(readings) if one.outcome == outcome]
    probabilities = softmax(np.mean([readings[place].output.logits for place in places], axis=0))
    likeliest = int(np.argmax(probabilities))
    # Where nothing is assessed, danger in any of the photos still sends to a doctor (see decide_next_step).
    heard = [readings[place] for place in places] if outcome == "assessed" else readings
    return Combination(
        outcome=outcome,
        reasons=tuple(dict.fromkeys(reason for place in places for reason in readings[place].reasons)),
        probabilities=probabilities,
        risk=most_urgent(
            decide_risk(card, probabilities), *(decide_risk(card, softmax(one.output.logits)) for one in heard)
        ),
        lead=max(places, key=lambda place: float(centred_map(readings[place].output, likeliest).sum())),
        photos=tuple(
            PhotoUse(used=one.outcome == "assessed", reasons=one.reasons, quality=one.quality) for one in readings
        ),
    )
