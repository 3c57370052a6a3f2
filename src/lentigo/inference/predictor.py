"""The whole way from decoded photos to an assessment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from lentigo.answers import AnswerValue, encode
from lentigo.card import ModelCard
from lentigo.imaging import ImageLimits, Photo, decode
from lentigo.inference.assembly import Judgement, Wanted, assemble, judge
from lentigo.inference.assessment import Assessment
from lentigo.inference.bundle import open_bundle
from lentigo.inference.combination import Reading, read_photo
from lentigo.inference.engine import Engine, RawOutput
from lentigo.inference.explanation import place_of
from lentigo.inference.vetting import CLOSE_UP, Vetting
from lentigo.taxonomy import StepTable, Taxonomy, load_step_table, load_taxonomy
from lentigo.taxonomy.model import DEFAULT_LOCALE

AnyPhoto = Photo | bytes | str | Path
"""A decoded photo, a file's bytes, or its path."""

MAX_PHOTOS = 3
"""Photos of one spot that may be given together."""

DECODE_SIDES = 2
"""Photos are decoded with at least this many times the side that the network sees: fine enough that the graph's own
resizing decides what it sees, and many times faster than all of a phone's pixels."""


class Predictor:
    """Answers about photos with one bundle; may be called from several threads at once."""

    def __init__(self, engine: Engine, taxonomy: Taxonomy, steps: StepTable, vetting: Vetting | None) -> None:
        self.engine, self.taxonomy, self.steps, self.vetting = engine, taxonomy, steps, vetting

    @classmethod
    def load(cls, name_or_path: str | Path, threads: int = 1, vetting: Vetting | bool = True) -> Predictor:
        """Open a bundle by name or path.

        Args:
            name_or_path: Of a bundle.
            threads: Cores that one photo may use.
            vetting: What refuses photos; True for faces alone, False to answer about every photo.

        Raises:
            BundleError: There is none, or it cannot be trusted.
        """
        chosen = (Vetting() if vetting else None) if isinstance(vetting, bool) else vetting
        return cls(Engine(open_bundle(name_or_path), threads), load_taxonomy(), load_step_table(), chosen)

    @property
    def card(self) -> ModelCard:
        """The bundle's card."""
        return self.engine.card

    @property
    def decode_side_px(self) -> int:
        """The shorter side that photos are decoded with at least."""
        return DECODE_SIDES * self.card.graph.input_size_px

    def decode(self, data: bytes, limits: ImageLimits | None = None) -> Photo:
        """Decode a photo as finely as this bundle needs.

        Raises:
            ImageError: It cannot be used.
        """
        return decode(data, limits, self.decode_side_px)

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
        if isinstance(explain, str):
            place_of(self.card, explain)
        return self.tell(self.judge(photos, answers), Wanted(locale, explain, overlay))

    def judge(
        self, photos: AnyPhoto | Sequence[AnyPhoto], answers: Mapping[str, AnswerValue] | None = None
    ) -> Judgement:
        """The numbers behind :meth:`assess`, also where it gives no estimate: for people who measure."""
        every = [self._decoded(one) for one in ([photos] if isinstance(photos, AnyPhoto) else photos)]
        if not 1 <= len(every) <= MAX_PHOTOS:
            raise ValueError(f"one to {MAX_PHOTOS} photos, not {len(every)}")
        return judge(self.card, [self._read(photo, answers) for photo in every], answers or {})

    def tell(self, judgement: Judgement, wanted: Wanted) -> Assessment:
        """A judgement in words."""
        return assemble(self.card, self.taxonomy, self.steps, judgement, wanted)

    def _read(self, photo: Photo, answers: Mapping[str, AnswerValue] | None) -> Reading:
        output, limit = self.raw(photo, answers), self.card.no_skin
        close_up = limit is not None and output.no_skin < CLOSE_UP * limit.threshold
        refusal = self.vetting.refusal(photo, close_up) if self.vetting else None
        return read_photo(self.card, photo, output, refusal)

    def _decoded(self, photo: AnyPhoto) -> Photo:
        if isinstance(photo, Photo):
            return photo
        return self.decode(photo if isinstance(photo, bytes) else Path(photo).read_bytes())
