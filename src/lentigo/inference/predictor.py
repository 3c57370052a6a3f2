"""The whole way from decoded photos to an assessment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lentigo.answers import AnswerValue, encode
from lentigo.card import ModelCard
from lentigo.imaging import ImageLimits, Photo, decode
from lentigo.inference.agreement import disagreement_of
from lentigo.inference.assessment import (
    Assessment,
    DiagnosisEstimate,
    Evidence,
    ModelName,
    NextStep,
    NextStepCode,
    PageLink,
)
from lentigo.inference.bundle import open_bundle
from lentigo.inference.combination import Combination, Reading, combine, read_photo
from lentigo.inference.decision import decide_next_step
from lentigo.inference.engine import Engine, RawOutput
from lentigo.inference.explanation import explain as explain_outputs
from lentigo.inference.explanation import place_of
from lentigo.inference.sentences import Sentences
from lentigo.taxonomy import Taxonomy, TierName, load_taxonomy
from lentigo.taxonomy.model import DEFAULT_LOCALE

AnyPhoto = Photo | bytes | str | Path
"""A decoded photo, a file's bytes, or its path."""

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
        photos: AnyPhoto | Sequence[AnyPhoto],
        answers: Mapping[str, AnswerValue] | None = None,
        locale: str = DEFAULT_LOCALE,
        explain: bool | str = False,
        overlay: bool = False,
    ) -> Assessment:
        """Assess one spot.

        Args:
            photos: One to three photos of the same spot: decoded ones, files' bytes, or paths. Those that are good
                enough and show what the model knows are averaged; when none is, the answer says what to change.
            answers: About the person and the spot, by the names on the card; any may be missing.
            locale: Language of the texts; English where there is no other.
            explain: Also say what in the photos and which answers spoke for the likeliest diagnosis, or for the one
                with this code.
            overlay: Also draw that as pictures to lay over the photos.

        Raises:
            AnswerError: An answer is not understood.
            DiagnosisUnknown: The model does not know the code to explain.
            ImageError: A photo cannot be used.
        """
        given = answers or {}
        every = [self._decoded(one) for one in ([photos] if isinstance(photos, AnyPhoto) else photos)]
        if not 1 <= len(every) <= MAX_PHOTOS:
            raise ValueError(f"one to {MAX_PHOTOS} photos, not {len(every)}")
        asked = place_of(self.card, explain) if isinstance(explain, str) else None
        readings = [read_photo(self.card, photo, self.raw(photo, given)) for photo in every]
        found, sentences = combine(self.card, readings), Sentences(self.taxonomy, locale)
        evidence = None
        if explain is not False and found.outcome == "assessed":
            used = {place: readings[place].output for place, photo in enumerate(found.photos) if photo.used}
            place = int(np.argmax(found.probabilities)) if asked is None else asked
            evidence = explain_outputs(self.card, used, place, given, sentences, overlay)
        return self._assessment(found, readings[found.lead], evidence, sentences)

    def _decoded(self, photo: AnyPhoto) -> Photo:
        if isinstance(photo, Photo):
            return photo
        return self.decode(photo if isinstance(photo, bytes) else Path(photo).read_bytes())

    def _assessment(
        self, found: Combination, lead: Reading, evidence: Evidence | None, sentences: Sentences
    ) -> Assessment:
        locale = sentences.locale
        assessed = found.outcome == "assessed"
        ranking = [int(place) for place in np.argsort(-found.probabilities, kind="stable")]
        estimates = tuple(self._estimate(place, found.probabilities, locale) for place in ranking)
        return Assessment(
            outcome=found.outcome,
            reasons=found.reasons,
            risk=found.risk if assessed else None,
            next_step=self._next_step(decide_next_step(found.outcome, found.risk), locale),
            diagnoses=estimates if assessed else (),
            evidence=evidence,
            novelty=round(lead.output.novelty, 4),
            quality=lead.quality,
            photos=found.photos,
            disagreement=disagreement_of(found.photos, sentences),
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
