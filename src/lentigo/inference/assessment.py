"""The answer about a photo: the same JSON from ``lentigo predict --json``, the web service and the app."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lentigo.card import Frozen, Probability, QualityReason
from lentigo.taxonomy import TierName

Outcome = Literal["assessed", "inconclusive", "not_recognised", "rejected"]

Reason = Literal[
    QualityReason,
    "too_small",
    "no_skin",
    "face",
    "nudity",
    "unlike_training",
    "low_confidence",
]

NextStepCode = Literal[
    "urgent_referral",
    "see_doctor",
    "routine_referral",
    "see_doctor_if_worried",
    "another_photo",
    "watch",
]
"""From most to least urgent, as in ``taxonomy/next_steps.toml``."""


class Risk(Frozen):
    """The tier that is shown; ``p_malignant`` is the summed probability of the high and moderate tiers.

    Of several photos, the tier is the most urgent of the average's and of each used photo's by itself; ``p_malignant``
    is the average's, like the probabilities of the diagnoses.
    """

    tier: TierName
    p_malignant: Probability


class NextStep(Frozen):
    """What to do now, why, and on whose word.

    ``weeks`` is how long to wait before the spot is photographed again and compared; None where nothing is waited for.
    """

    code: NextStepCode
    title: str
    text: str
    weeks: int | None
    because: tuple[str, ...]
    source: str
    url: str


class Advice(Frozen):
    """What a reason means, and what to do about it."""

    reason: Reason
    text: str


class PageLink(Frozen):
    """A page to read on."""

    title: str
    url: str


class DiagnosisEstimate(Frozen):
    """One diagnosis, how probable it is, and what it is."""

    code: str
    name: str
    probability: Probability
    tier: TierName | None
    summary: str
    links: tuple[PageLink, ...]


class EvidenceMap(Frozen):
    """What in a photo spoke for a diagnosis, over the centre square of the upright photo.

    ``photo`` is the photo's place among those given, from 0. ``values`` are rows of log-odds from top to bottom, as
    compared with the model's average diagnosis; positive speaks for the diagnosis. Their sum is ``total``, the photo's
    share of the diagnosis's log-odds by that photo. ``overlay`` is the same as a picture to lay over the centre square.
    """

    code: str
    photo: int
    values: tuple[tuple[float, ...], ...]
    total: float
    overlay: str | None = Field(description="Transparent PNG in base64; null unless asked for")


class AnswerEvidence(Frozen):
    """What one answer added to the log-odds of the same diagnosis, and the same as a sentence."""

    answer: str
    value: str | float
    code: str
    evidence: float
    text: str = Field(examples=["age 71: +0.8 towards basal-cell carcinoma"])


class Evidence(Frozen):
    """Why: the parts of the log-odds of one diagnosis as compared with the average one.

    ``map`` is of the photo that shows most for that diagnosis, ``others`` are those of the other used photos.
    ``total`` is the mean of the maps' totals and the sum of the answers: exactly the log-odds that the answer goes by.
    """

    map: EvidenceMap
    others: tuple[EvidenceMap, ...]
    answers: tuple[AnswerEvidence, ...]
    total: float


class QualityCheck(Frozen):
    """How good a photo is in one respect: ``ok`` from a score of 0.5; 1 is as good as most photos."""

    reason: Reason
    score: Probability
    ok: bool


class Quality(Frozen):
    """Plain measures of the photo. ``brightness`` and ``sharpness`` come from the pixels that the model sees.

    Not every check that fails sends a photo back: those that did are the photo's ``reasons``.
    """

    width_px: int
    height_px: int
    brightness: float = Field(description="Mean lightness, 0 black to 1 white")
    sharpness: float = Field(description="Standard deviation of the Laplacian of lightness; higher is sharper")
    checks: tuple[QualityCheck, ...]


class PhotoUse(Frozen):
    """What was made of one of the photos: whether it was used, and if not, why.

    ``code``, the likeliest diagnosis, ``tier`` and ``p_malignant`` are what this photo says by itself with the answers;
    null where it was not used.
    """

    used: bool
    reasons: tuple[Reason, ...]
    quality: Quality
    code: str | None
    tier: TierName | None
    p_malignant: Probability | None


class Disagreement(Frozen):
    """How far the used photos of one spot, each by itself, say the same.

    ``lowest`` and ``highest`` are the ends of their ``p_malignant``; null for a model whose classes have no tiers.
    """

    diagnosis: bool = Field(description="Whether their likeliest diagnoses differ")
    tier: bool = Field(description="Whether their tiers differ")
    lowest: Probability | None
    highest: Probability | None
    text: str


class ModelName(Frozen):
    """Which model answered."""

    name: str
    version: str
    sha256: str


class Assessment(Frozen):
    """The answer about one spot.

    ``risk`` and ``diagnoses`` are given when the outcome is ``assessed``; else they are null and empty, because an
    answer that should not be relied on should not be shown. ``advice`` tells the ``reasons`` in words, in their order.
    ``photos`` are in the order they were given; ``novelty`` and ``quality`` are those of the one that shows most for
    the likeliest diagnosis. ``disagreement`` is null unless two or more photos were used.
    """

    outcome: Outcome
    reasons: tuple[Reason, ...]
    advice: tuple[Advice, ...]
    risk: Risk | None
    next_step: NextStep
    diagnoses: tuple[DiagnosisEstimate, ...]
    evidence: Evidence | None
    novelty: float | None
    quality: Quality
    photos: tuple[PhotoUse, ...]
    disagreement: Disagreement | None
    model: ModelName
    disclaimer: str
