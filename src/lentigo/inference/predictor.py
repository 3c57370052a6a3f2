"""The whole way from decoded photos to an assessment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lentigo.answers import AnswerValue, encode
from lentigo.card import ModelCard
from lentigo.imaging import ImageLimits, Photo, decode
from lentigo.inference.assessment import (
    Assessment,
    DiagnosisEstimate,
    ModelName,
    NextStep,
    NextStepCode,
    PageLink,
    Quality,
)
from lentigo.inference.bundle import open_bundle
from lentigo.inference.decision import decide_next_step, decide_outcome, decide_risk, softmax
from lentigo.inference.engine import Engine, RawOutput
from lentigo.inference.explanation import explain as explain_output
from lentigo.inference.quality import problems, quality_of
from lentigo.taxonomy import Taxonomy, TierName, load_taxonomy
from lentigo.taxonomy.model import DEFAULT_LOCALE

MAX_PHOTOS = 3
"""Photos of one spot that may be given together."""

DECODE_SIDES = 2
"""Photos are decoded with at least this many times the side that the network sees: fine enough that the graph's own
resizing decides what it sees, and many times faster than all of a phone's pixels."""

_STEP_TIERS: dict[NextStepCode, TierName] = {"urgent_referral": "high", "routine_referral": "moderate"}
"""The tier whose guideline a next step follows; the low tier's for the others."""

Probabilities = npt.NDArray[np.float64]


class Predictor:
    """Answers about photos with one bundle; may be called from several threads at once."""

    def __init__(self, engine: Engine, taxonomy: Taxonomy) -> None:
        self.engine, self.taxonomy = engine, taxonomy

    @classmethod
    def load(cls, name_or_path: str | Path, threads: int = 1) -> Predictor:
        """Open a bundle by name or path.

        Raises:
            BundleError: There is none, or it cannot be trusted.
        """
        return cls(Engine(open_bundle(name_or_path), threads), load_taxonomy())

    @property
    def card(self) -> ModelCard:
        """The bundle's card."""
        return self.engine.card

    def decode(self, data: bytes, limits: ImageLimits | None = None) -> Photo:
        """Decode a photo as finely as this bundle needs.

        Raises:
            ImageError: It cannot be used.
        """
        return decode(data, limits, DECODE_SIDES * self.card.graph.input_size_px)

    def raw(self, photo: Photo, answers: Mapping[str, AnswerValue] | None = None) -> RawOutput:
        """What the graph says, before any decision.

        Raises:
            AnswerError: An answer is not understood.
        """
        return self.engine.run(photo.pixels, encode(self.card.answers, answers or {}))

    def assess(
        self,
        photos: Photo | Sequence[Photo],
        answers: Mapping[str, AnswerValue] | None = None,
        locale: str = DEFAULT_LOCALE,
        explain: bool = False,
    ) -> Assessment:
        """Assess one spot.

        Args:
            photos: One to three photos of the same spot. Those that are good enough are averaged; when none is, the
                answer says what to change.
            answers: About the person and the spot, by the names on the card; any may be missing.
            locale: Language of the texts; English where there is no other.
            explain: Also say what in the photo and which answers led there.

        Raises:
            AnswerError: An answer is not understood.
        """
        given = answers or {}
        every = [photos] if isinstance(photos, Photo) else list(photos)
        if not 1 <= len(every) <= MAX_PHOTOS:
            raise ValueError(f"one to {MAX_PHOTOS} photos, not {len(every)}")
        outputs = [self.raw(photo, given) for photo in every]
        qualities = [quality_of(photo, output) for photo, output in zip(every, outputs, strict=True)]
        good = [place for place, quality in enumerate(qualities) if not problems(quality)]
        used = good or range(len(every))
        output = _average([outputs[place] for place in used])
        return self._assessment(output, qualities[used[0]], given, locale, explain)

    def _assessment(
        self, output: RawOutput, quality: Quality, answers: Mapping[str, AnswerValue], locale: str, explain: bool
    ) -> Assessment:
        probabilities = softmax(output.logits)
        risk = decide_risk(self.card, probabilities)
        outcome, reasons = decide_outcome(self.card, problems(quality), output.novelty)
        assessed = outcome == "assessed"
        ranking = np.argsort(-probabilities, kind="stable")
        return Assessment(
            outcome=outcome,
            reasons=reasons,
            risk=risk if assessed else None,
            next_step=self._next_step(decide_next_step(outcome, risk), locale),
            diagnoses=tuple(self._estimate(int(place), probabilities, locale) for place in ranking) if assessed else (),
            evidence=explain_output(self.card, output, answers, int(ranking[0])) if explain and assessed else None,
            novelty=round(output.novelty, 4),
            quality=quality,
            model=ModelName(name=self.card.name, version=self.card.version, sha256=self.card.graph.sha256),
            disclaimer=self.taxonomy.text("general", "disclaimer", locale),
        )

    def _estimate(self, place: int, probabilities: Probabilities, locale: str) -> DiagnosisEstimate:
        diagnosis = self.card.diagnoses[place]
        text = self.taxonomy.diagnosis_text(diagnosis.code, locale)
        return DiagnosisEstimate(
            code=diagnosis.code,
            name=text.name,
            probability=float(probabilities[place]),
            tier=diagnosis.tier,
            summary=text.summary,
            links=tuple(PageLink(title=link.title, url=link.url) for link in text.links),
        )

    def _next_step(self, code: NextStepCode, locale: str) -> NextStep:
        source = self.taxonomy.tiers[_STEP_TIERS.get(code, "low")]
        texts = self.taxonomy.section("next_steps", code, locale)
        return NextStep(code=code, title=texts["title"], text=texts["text"], source=source.source, url=source.url)


def _average(outputs: Sequence[RawOutput]) -> RawOutput:
    """Evidence averaged over photos; the novelty of the most familiar one."""
    return RawOutput(
        logits=np.mean([one.logits for one in outputs], axis=0),
        evidence_map=np.mean([one.evidence_map for one in outputs], axis=0),
        answer_evidence=outputs[0].answer_evidence,
        novelty=min(one.novelty for one in outputs),
        quality=outputs[0].quality,
    )
