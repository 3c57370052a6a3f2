"""Several photos of one spot: none of them may hide what another shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lentigo.card import ModelCard, Novelty, QualityMeasure, read_card
from lentigo.imaging import Photo, decode
from lentigo.inference import Predictor, RawOutput
from lentigo.inference.combination import Reading, combine, read_photo
from lentigo.inference.decision import decide_risk, softmax
from tests.made import make_bundle, photo_bytes

FAMILIAR, UNLIKE = 1.0, 2000.0
ORDER = {"low": 0, "moderate": 1, "high": 2}


@pytest.fixture(scope="module")
def card(bundle_path: Path) -> ModelCard:
    return read_card(bundle_path / "card.json")


def reading(
    card: ModelCard,
    code: str,
    strength: float = 9.0,
    novelty: float = FAMILIAR,
    brightness: float = 0.5,
    no_skin: float = FAMILIAR,
) -> Reading:
    """A photo for which the model says ``code``, all of it by what it sees in the upper left."""
    evidence_map = np.zeros((len(card.codes), 4, 4), np.float32)
    evidence_map[card.codes.index(code), 0, 0] = strength
    answers = np.zeros((len(card.answers), len(card.codes)), np.float32)
    quality: dict[QualityMeasure, float] = dict.fromkeys(card.graph.quality_measures, 0.0)
    quality |= {"brightness": brightness, "light": brightness}
    logits = evidence_map.sum((1, 2))
    output = RawOutput(logits, evidence_map, answers, logits[None], novelty, no_skin, quality)
    photo = Photo(np.zeros((300, 300, 3), np.uint8), 300, 300, "PNG")
    return read_photo(card, photo, output)


def test_photos_of_something_else_do_not_dilute_a_melanoma(card: ModelCard) -> None:
    melanoma = reading(card, "mel")
    alone = combine(card, [melanoma])
    others = [reading(card, "nv", strength=30.0, novelty=UNLIKE)] * 2
    for lead, photos in ((0, [melanoma, *others]), (2, [*others, melanoma])):
        found = combine(card, photos)
        assert found.outcome == "assessed"
        assert found.risk == alone.risk
        assert found.probabilities == pytest.approx(alone.probabilities)
        assert found.lead == lead
        assert [one.used for one in found.photos] == [one is melanoma for one in photos]
        assert all(one.reasons == (() if one.used else ("unlike_training",)) for one in found.photos)


def test_a_familiar_photo_does_not_vouch_for_one_of_something_else(card: ModelCard) -> None:
    naevus = reading(card, "nv")
    found = combine(card, [naevus, reading(card, "mel", strength=40.0, novelty=UNLIKE)])
    assert found.probabilities == pytest.approx(softmax(naevus.output.logits))


def test_the_tier_is_never_calmer_than_that_of_a_photo_alone(card: ModelCard) -> None:
    found = combine(
        card, [reading(card, "mel"), reading(card, "nv", strength=20.0), reading(card, "nv", strength=20.0)]
    )
    average = decide_risk(card, found.probabilities)
    assert average is not None
    assert found.risk is not None
    assert (average.tier, found.risk.tier) == ("low", "high")
    assert found.risk.p_malignant == average.p_malignant


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["mel", "bcc", "nv"]), st.floats(0, 30), st.booleans(), st.booleans()),
        min_size=1,
        max_size=3,
    )
)
def test_of_any_photos_the_most_urgent_usable_one_is_heard(
    card: ModelCard, shots: list[tuple[str, float, bool, bool]]
) -> None:
    readings = [
        reading(card, code, strength, UNLIKE if unlike else FAMILIAR, 0.01 if dark else 0.5)
        for code, strength, unlike, dark in shots
    ]
    found = combine(card, readings)
    usable = [one for one in readings if one.outcome == "assessed"]
    if usable:
        assert found.outcome in ("assessed", "inconclusive")
    assert sum(one.used for one in found.photos) == len(usable)
    assert bool(found.reasons) == (found.outcome != "assessed")
    assert found.risk is not None
    for one in usable or readings:
        alone = decide_risk(card, softmax(one.output.logits))
        assert alone is not None
        assert ORDER[found.risk.tier] >= ORDER[alone.tier]


def test_where_no_photo_can_be_used_each_is_told_why(card: ModelCard) -> None:
    dark, bright = reading(card, "mel", brightness=0.01), reading(card, "nv", brightness=0.99)
    found = combine(card, [dark, bright])
    assert (found.outcome, found.reasons) == ("inconclusive", ("too_dark", "too_bright"))
    assert [one.reasons for one in found.photos] == [("too_dark",), ("too_bright",)]
    assert found.risk is not None
    assert found.risk.tier == "high", "danger in a photo that is sent back still leads to a doctor"
    unlike = reading(card, "nv", novelty=UNLIKE)
    assert combine(card, [dark, unlike]).outcome == "not_recognised"


def test_the_map_is_that_of_the_one_photo_that_shows_most(bundle_path: Path) -> None:
    predictor = Predictor.load(bundle_path)
    dark = Photo(np.full((300, 300, 3), 3, np.uint8), 300, 300, "PNG")
    photos = [dark, decode(photo_bytes("mel")), decode(photo_bytes("bcc", seed=3, size_px=300))]
    found = predictor.assess(photos, explain=True)
    assert found.evidence is not None
    alone = [predictor.raw(photo) for photo in photos]
    place = predictor.card.codes.index(found.diagnoses[0].code)
    totals = [float(one.logits[place] - one.logits.mean()) for one in alone]
    lead = 1 + int(np.argmax(totals[1:]))
    assert found.evidence.map.photo == lead
    assert found.evidence.map.total == pytest.approx(totals[lead], abs=1e-3)
    assert found.quality == found.photos[lead].quality
    assert found.novelty == pytest.approx(alone[lead].novelty, abs=1e-3)


def test_what_is_no_skin_is_rejected_and_sends_no_one_to_a_doctor(card: ModelCard) -> None:
    cat = reading(card, "mel", strength=40.0, no_skin=UNLIKE)
    alone = combine(card, [cat])
    assert (alone.outcome, alone.reasons, alone.risk) == ("rejected", ("no_skin",), None)
    naevus = reading(card, "nv")
    found = combine(card, [cat, naevus])
    assert (found.outcome, found.lead) == ("assessed", 1)
    assert found.risk == combine(card, [naevus]).risk
    assert [one.reasons for one in found.photos] == [("no_skin",), ()]


def test_an_unsure_answer_is_none_but_its_danger_is_heard(card: ModelCard) -> None:
    asked = card.model_copy(
        update={"confidence": card.confidence and card.confidence.model_copy(update={"threshold": 0.6})}
    )
    sure, unsure = combine(asked, [reading(asked, "mel")]), combine(asked, [reading(asked, "mel", strength=2.0)])
    assert sure.outcome == "assessed"
    assert (unsure.outcome, unsure.reasons) == ("inconclusive", ("low_confidence",))
    assert unsure.risk is not None
    assert unsure.risk.tier == "high"
    assert unsure.photos[0].used, "the photo is good, the answer is not"


def test_a_photo_that_flips_when_it_is_mirrored_is_unsure(card: ModelCard) -> None:
    one = reading(card, "nv")
    melanoma = reading(card, "mel").output.logits
    for other, outcome in ((one.output.logits, "assessed"), (melanoma, "inconclusive")):
        views = np.stack([one.output.logits, other])
        found = combine(card, [replace(one, output=replace(one.output, view_logits=views))])
        assert found.outcome == outcome
        assert found.risk is not None
        assert found.risk.tier == ("low" if outcome == "assessed" else "high")


def test_a_strict_bundle_leaves_out_the_less_familiar_photo(bundle_path: Path, tmp_path: Path) -> None:
    photos = [decode(photo_bytes("mel")), decode(photo_bytes("bcc", seed=3))]
    novelties = [Predictor.load(bundle_path).raw(photo).novelty for photo in photos]
    between = Novelty(threshold=sum(novelties) / 2, quantile=0.99, chosen_on="x")
    strict = Predictor.load(make_bundle(tmp_path / "b", novelty=between))
    found = strict.assess(photos)
    kept = int(np.argmin(novelties))
    assert [one.used for one in found.photos] == [place == kept for place in range(2)]
    assert found.diagnoses == strict.assess(photos[kept]).diagnoses
