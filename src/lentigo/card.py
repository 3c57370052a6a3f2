"""The model card: the contract that travels with a model.

A bundle is a folder with ``model.onnx`` and ``card.json``. The card says what the graph takes and gives, in which
order, what its thresholds are and where they were measured. Python, the browser and Android read the same card.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from lentigo.errors import BundleAltered, BundleUnsupported
from lentigo.taxonomy import Malignancy, TierName

CARD_FILE = "card.json"
CARD_PAGE = "card.html"
GRAPH_FILE = "model.onnx"
SCHEMA_VERSION = 2
WEIGHTS_LICENCE = "Weights for research, non-commercial: bound by the licences of the training data"
"""What an exported bundle states where nothing else is said."""

NAME_PATTERN = r"^[a-z0-9][a-z0-9_-]*$"

Probability = Annotated[float, Field(ge=0, le=1)]

QualityMeasure = Literal[
    "brightness",
    "sharpness",
    "blur",
    "steadiness",
    "centre_focus",
    "light",
    "glare",
    "spot_size",
    "spot_offset",
    "hair",
    "ink",
]
"""Measures of a photo that a graph may give; see :mod:`lentigo.export.quality`."""

QualityReason = Literal["blurred", "too_dark", "too_bright", "glare", "too_far", "cut_off", "obstructed"]
"""What can be wrong with a photo by what the graph measures; ``obstructed`` is by hair or pen."""


class Frozen(BaseModel):
    """A record that cannot be changed and knows no fields but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Interval(Frozen):
    """A figure with its 95 % interval; None where there was too little data to say."""

    value: float | None
    low: float | None = None
    high: float | None = None


class NumberAnswer(Frozen):
    """An answer that is a number, encoded as a piecewise-linear curve over ``knots``.

    Takes ``len(knots)`` columns. Below the first and above the last knot the curve is flat.
    """

    kind: Literal["number"] = "number"
    name: str
    knots: tuple[float, ...] = Field(min_length=2)
    minimum: float
    maximum: float

    @property
    def columns(self) -> int:
        """How many columns of the graph's ``answers`` input this answer fills."""
        return len(self.knots)


class ChoiceAnswer(Frozen):
    """An answer out of a list, encoded one-hot. Takes ``len(choices)`` columns."""

    kind: Literal["choice"] = "choice"
    name: str
    choices: tuple[str, ...] = Field(min_length=2)

    @property
    def columns(self) -> int:
        """How many columns of the graph's ``answers`` input this answer fills."""
        return len(self.choices)


AnswerSpec = Annotated[NumberAnswer | ChoiceAnswer, Field(discriminator="kind")]


class CardDiagnosis(Frozen):
    """One diagnosis the model tells apart; its place in the list is its place in the graph's outputs."""

    code: str
    malignancy: Malignancy | None
    tier: TierName | None


class OperatingPoint(Frozen):
    """A threshold on a summed probability, and how it did where it was chosen."""

    threshold: Probability
    target_recall: Probability
    recall: Interval
    specificity: Interval
    n_positive: int
    n_negative: int
    chosen_on: str


class Thresholds(Frozen):
    """When a tier is shown.

    ``high`` is on the summed probability of the high tier, ``malignant`` on that of the high and moderate tiers
    together. Each is None when the model has no such diagnoses.
    """

    high: OperatingPoint | None
    malignant: OperatingPoint | None


class Novelty(Frozen):
    """Above ``threshold`` a photo is unlike those the model learned from, by the score that this is about."""

    threshold: float
    quantile: Probability
    chosen_on: str


class Confidence(Frozen):
    """Below ``threshold``, the largest probability is too small for an answer.

    ``answered`` is the share of photos that were to be above it where it was chosen; ``error`` is the share of wrong
    answers among those, ``error_of_all`` that among all.
    """

    threshold: Probability
    answered: Probability
    error: Interval
    error_of_all: Interval
    chosen_on: str


class Calibration(Frozen):
    """What training learned after the weights, on the validation split; written to a run's ``calibration.json``.

    Logits divided by ``temperature`` are calibrated; every logit in a predictions table is.
    """

    diagnoses: tuple[CardDiagnosis, ...] = Field(min_length=2)
    temperature: float = Field(gt=0)
    thresholds: Thresholds
    novelty: Novelty | None
    no_skin: Novelty | None
    """None for a model of other things than skin."""
    confidence: Confidence | None


class QualityRule(Frozen):
    """How a measure of the graph becomes a score for one reason to send a photo back.

    The score is 1 where the measure is ``good`` or better and 0.5 at ``limit``; it follows the straight line through
    both, down to 0. Below 0.5 something is wrong: the photo is sent back if the rule ``refuses``, else only told so.
    """

    reason: QualityReason
    measure: QualityMeasure
    good: float
    limit: float
    refuses: bool
    chosen_on: str

    @model_validator(mode="after")
    def _limit_is_not_good(self) -> Self:
        if self.good == self.limit:
            raise ValueError(f"the rule for {self.reason} has its limit where the photo is good")
        return self

    def score(self, value: float) -> float:
        """0 (bad) to 1 (good) of a value of the measure."""
        return min(1.0, max(0.0, 0.5 + 0.5 * (value - self.limit) / (self.good - self.limit)))


class GraphContract(Frozen):
    """What the ONNX graph takes and gives.

    Inputs: ``pixels`` uint8 (H, W, 3), any size, sRGB; ``answers`` float32 (A,), zeros where not given.
    Outputs: ``logits`` float32 (C,), divided by the temperature; ``evidence_map`` float32 (C, h, w), whose sum over
    h and w is the image's share of each logit; ``answer_evidence`` float32 (Q, C), one row for each answer;
    ``view_logits`` float32 (V, C), by each view of the photo;
    ``novelty`` float32 (), how unlike the diagnoses it knows;
    ``no_skin`` float32 (), how unlike skin; ``quality`` float32 (M,), the measures named by ``quality_measures``.
    """

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    bytes: int
    opset: int
    input_size_px: int
    evidence_rows: int
    evidence_columns: int
    views: int
    quality_measures: tuple[QualityMeasure, ...]


class TrainingSource(Frozen):
    """One set of photos that the model learned from."""

    name: str
    images: int
    groups: int
    image_types: tuple[str, ...]
    licence: str


class PrivacyTechniques(Frozen):
    """What protected the people whose photos a model learned from.

    ``epsilon`` and ``delta`` are the budget of differential privacy (Dwork and Roth 2014) that training has spent in
    all; both None where it added no noise.
    """

    federated: bool
    """Whether the photos stayed where they were, and only weights travelled."""
    clients: int | None = Field(default=None, ge=1)
    """How many places took part; None where they were not counted, or the photos lay in one place."""
    secure_aggregation: bool
    """Whether the server saw only the sum of what the clients sent, never one client's weights."""
    epsilon: float | None = Field(default=None, gt=0)
    delta: float | None = Field(default=None, ge=0, lt=1)

    @model_validator(mode="after")
    def _budget_is_whole(self) -> Self:
        if (self.epsilon is None) != (self.delta is None):
            raise ValueError("of a privacy budget, epsilon and delta must both be given")
        return self


class Figure(Frozen):
    """One measured figure: what, how much, on whom."""

    name: str
    value: Interval
    n: int
    measured_on: str


class ModelCard(Frozen):
    """Everything about a bundle that is not in its graph."""

    schema_version: Literal[2] = 2
    name: str = Field(pattern=NAME_PATTERN)
    version: str
    created: str
    lentigo_version: str
    licence: str
    intended_use: str
    limits: tuple[str, ...]
    graph: GraphContract
    diagnoses: tuple[CardDiagnosis, ...] = Field(min_length=2)
    answers: tuple[AnswerSpec, ...]
    temperature: float = Field(gt=0)
    thresholds: Thresholds
    novelty: Novelty | None
    no_skin: Novelty | None
    confidence: Confidence | None
    quality: tuple[QualityRule, ...]
    """What makes a photo good enough; the score of a reason is the lowest of its rules'."""
    training: tuple[TrainingSource, ...]
    skin_types: dict[str, int]
    """Training photos of each Fitzpatrick skin type, "1" to "6"; those of unknown type are not counted."""
    figures: tuple[Figure, ...]
    privacy: PrivacyTechniques | None = None
    """None where it was trained in one place without any such technique."""
    sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    """Hash over the card itself, this field left empty: tells a damaged or edited card from the one written."""

    @model_validator(mode="after")
    def _codes_are_unique(self) -> Self:
        codes = self.codes
        if len(set(codes)) != len(codes):
            raise ValueError("a diagnosis stands twice in the card")
        return self

    @model_validator(mode="after")
    def _quality_can_be_judged(self) -> Self:
        missing = {rule.measure for rule in self.quality} - set(self.graph.quality_measures)
        if missing:
            raise ValueError(f"the graph does not measure {', '.join(sorted(missing))}")
        kinds = {(rule.reason, rule.refuses) for rule in self.quality}
        if len(kinds) != len({reason for reason, _ in kinds}):
            raise ValueError("of one reason some rules refuse a photo and others do not")
        return self

    @property
    def codes(self) -> tuple[str, ...]:
        """Diagnosis codes in the order of the graph's outputs."""
        return tuple(diagnosis.code for diagnosis in self.diagnoses)

    @property
    def answer_columns(self) -> int:
        """Length of the graph's ``answers`` input."""
        return sum(answer.columns for answer in self.answers)

    @property
    def calibration(self) -> Calibration:
        """What training learned after the weights, as the run had it."""
        return Calibration.model_validate({name: getattr(self, name) for name in Calibration.model_fields})

    def digest(self) -> str:
        """SHA-256 over the card's fields in canonical order, without ``sha256``."""
        fields = self.model_dump(mode="json", exclude={"sha256"} | self._not_written)
        return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()

    def sealed(self) -> ModelCard:
        """The same card with its own hash filled in."""
        return self.model_copy(update={"sha256": self.digest()})

    def to_json(self) -> str:
        """The text of ``card.json``."""
        return self.model_dump_json(indent=2, exclude=self._not_written) + "\n"

    @property
    def _not_written(self) -> set[str]:
        """Fields that came after cards had been sealed are left out while they say nothing: the seals still hold."""
        return {"privacy"} if self.privacy is None else set()


def read_card(path: Path) -> ModelCard:
    """Read and check a ``card.json``.

    Raises:
        BundleUnsupported: Not a card, or one of a version that this Lentigo does not know.
        BundleAltered: The card is not as it was written.
    """
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BundleUnsupported(f"{path} is not JSON: {error}.", "Export the bundle again.") from error
    version = fields.get("schema_version") if isinstance(fields, dict) else None
    if version != SCHEMA_VERSION:
        raise BundleUnsupported(
            f"{path} has schema version {version!r}; this Lentigo reads version {SCHEMA_VERSION}.",
            "Export the bundle again with this version, or install the version that wrote it.",
        )
    try:
        card = ModelCard.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the card"
        raise BundleUnsupported(f"{path}: {where}: {first['msg']}.", "Export the bundle again.") from error
    if card.sha256 != card.digest():
        raise BundleAltered(
            f"{path} is not as it was written (its own hash differs).",
            "Get the bundle again from its source.",
        )
    return card
