"""What the routes answer, besides the assessment."""

from __future__ import annotations

from pydantic import Field

from lentigo.card import (
    AnswerSpec,
    Figure,
    Frozen,
    PrivacyTechniques,
    QualityRule,
    Thresholds,
    TrainingSource,
)
from lentigo.inference.assessment import PageLink
from lentigo.taxonomy import Malignancy, TierName


class BundleDiagnosis(Frozen):
    """A diagnosis that a bundle tells apart."""

    code: str
    name: str
    tier: TierName | None


class BundleSummary(Frozen):
    """What a bundle is, for people and for the app."""

    name: str
    version: str
    licence: str
    intended_use: str
    limits: tuple[str, ...]
    diagnoses: tuple[BundleDiagnosis, ...]
    answers: tuple[AnswerSpec, ...]
    thresholds: Thresholds
    quality: tuple[QualityRule, ...]
    training: tuple[TrainingSource, ...]
    privacy: PrivacyTechniques | None
    figures: tuple[Figure, ...]
    sha256: str


class BundleList(Frozen):
    """The bundles that answer; the first is the default."""

    bundles: tuple[BundleSummary, ...]


class Condition(Frozen):
    """What Lentigo can say about a diagnosis."""

    code: str
    name: str
    malignancy: Malignancy | None
    tier: TierName | None
    icd11: str | None
    summary: str
    links: tuple[PageLink, ...]


class ConditionList(Frozen):
    """All diagnoses that any bundle here tells apart."""

    conditions: tuple[Condition, ...]


class Health(Frozen):
    """Whether the server lives, or is ready to answer."""

    status: str


class Features(Frozen):
    """What a server does besides assessing photos."""

    referrals: bool = Field(description="Whether POST /api/v1/referrals sends mail.")


class Receipt(Frozen):
    """A referral that the mail server has taken over."""

    message_id: str = Field(description="The mail's Message-ID, by which a mail server's operator finds it.")
    photos: int
    report: bool
