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

NextStepCode = Literal["urgent_referral", "routine_referral", "watch", "another_photo", "see_doctor_if_worried"]


class Risk(Frozen):
    """The tier that is shown; ``p_malignant`` is the summed probability of the high and moderate tiers.

    Of several photos, the tier is the most urgent of the average's and of each used photo's by itself; ``p_malignant``
    is the average's, like the probabilities of the diagnoses.
    """

    tier: TierName
    p_malignant: Probability


class NextStep(Frozen):
    """What to do now, and on whose word."""

    code: NextStepCode
    title: str
    text: str
    source: str
    url: str


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
    share of the diagnosis's log-odds by that photo.
    """

    code: str
    photo: int
    values: tuple[tuple[float, ...], ...]
    total: float


class AnswerEvidence(Frozen):
    """What one answer added to the log-odds of the same diagnosis."""

    answer: str
    value: str | float
    code: str
    evidence: float


class Evidence(Frozen):
    """Why: the parts sum to the log-odds, by that one photo, of the diagnosis as compared with the average one."""

    map: EvidenceMap
    answers: tuple[AnswerEvidence, ...]


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
    """What was made of one of the photos: whether it was used, and if not, why."""

    used: bool
    reasons: tuple[Reason, ...]
    quality: Quality


class ModelName(Frozen):
    """Which model answered."""

    name: str
    version: str
    sha256: str


class Assessment(Frozen):
    """The answer about one spot.

    ``risk`` and ``diagnoses`` are given when the outcome is ``assessed``; else they are null and empty, because an
    answer that should not be relied on should not be shown. ``photos`` are in the order they were given; ``novelty``
    and ``quality`` are those of the one that the evidence map lies over.
    """

    outcome: Outcome
    reasons: tuple[Reason, ...]
    risk: Risk | None
    next_step: NextStep
    diagnoses: tuple[DiagnosisEstimate, ...]
    evidence: Evidence | None
    novelty: float | None
    quality: Quality
    photos: tuple[PhotoUse, ...]
    model: ModelName
    disclaimer: str
