"""From photos to an assessment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lentigo.answers import AnswerValue
from lentigo.card import ModelCard, Novelty, Thresholds, read_card
from lentigo.errors import AnswerError
from lentigo.imaging import Photo, decode
from lentigo.inference import Assessment, Predictor
from lentigo.inference.decision import decide_risk, softmax
from tests.made import make_bundle, photo_bytes

ANSWERS: dict[str, AnswerValue] = {"age": 71, "sex": "male", "site": "back", "itches": True, "grew": "no"}


@pytest.fixture(scope="module")
def predictor(bundle_path: Path) -> Predictor:
    return Predictor.load(bundle_path)


@pytest.fixture(scope="module")
def card(bundle_path: Path) -> ModelCard:
    return read_card(bundle_path / "card.json")


def grey(level: int, height: int = 300, width: int = 300) -> Photo:
    return Photo(np.full((height, width, 3), level, np.uint8), width, height, "PNG")


def test_an_assessment_is_whole(predictor: Predictor) -> None:
    found = predictor.assess(decode(photo_bytes()), ANSWERS, explain=True)
    assert found.outcome == "assessed"
    assert found.risk is not None
    assert sum(one.probability for one in found.diagnoses) == pytest.approx(1)
    assert [one.probability for one in found.diagnoses] == sorted(
        (o.probability for o in found.diagnoses), reverse=True
    )
    dangerous = sum(one.probability for one in found.diagnoses if one.tier in ("high", "moderate"))
    assert found.risk.p_malignant == pytest.approx(dangerous)
    assert "no medical device" in found.disclaimer
    assert Assessment.model_validate_json(found.model_dump_json()) == found


def test_a_photo_is_taken_decoded_as_bytes_or_from_a_file(predictor: Predictor, tmp_path: Path) -> None:
    path = tmp_path / "mole.jpg"
    path.write_bytes(photo_bytes())
    expected = predictor.assess(predictor.decode(photo_bytes()))
    for one in (photo_bytes(), path, str(path)):
        assert predictor.assess(one) == expected
    assert predictor.assess([path, photo_bytes()]).diagnoses == expected.diagnoses


def test_the_evidence_sums_to_the_log_odds(predictor: Predictor) -> None:
    photo = decode(photo_bytes("mel"))
    found = predictor.assess(photo, ANSWERS, explain=True)
    assert found.evidence is not None
    assert {one.answer for one in found.evidence.answers} == set(ANSWERS)
    logits = predictor.raw(photo, ANSWERS).logits
    place = predictor.card.codes.index(found.diagnoses[0].code)
    parts = sum(sum(row) for row in found.evidence.map.values) + sum(one.evidence for one in found.evidence.answers)
    assert parts == pytest.approx(float(logits[place] - logits.mean()), abs=1e-3)
    assert found.evidence.map.total == pytest.approx(sum(sum(row) for row in found.evidence.map.values), abs=1e-3)


def test_an_answer_that_is_not_given_adds_nothing(predictor: Predictor) -> None:
    output = predictor.raw(decode(photo_bytes()), {})
    assert not output.answer_evidence.any()
    assert output.photo_logits == pytest.approx(output.logits)


def test_several_photos_are_averaged_and_a_bad_one_is_left_out(predictor: Predictor) -> None:
    one, other, dark = decode(photo_bytes("mel")), decode(photo_bytes("bcc", seed=3)), grey(3)
    both = predictor.assess([one, other])
    mean = (predictor.raw(one).logits + predictor.raw(other).logits) / 2
    assert max(one.probability for one in both.diagnoses) == pytest.approx(float(softmax(mean).max()), abs=1e-6)
    assert [photo.used for photo in both.photos] == [True, True]
    mixed = predictor.assess([dark, one], explain=True)
    assert mixed.diagnoses == predictor.assess(one).diagnoses
    assert [(photo.used, photo.reasons) for photo in mixed.photos] == [(False, ("too_dark",)), (True, ())]
    assert mixed.evidence is not None
    assert mixed.evidence.map.photo == 1
    with pytest.raises(ValueError, match="4"):
        predictor.assess([one] * 4)


@pytest.mark.parametrize(
    ("photo", "reason"),
    [
        (grey(3), "too_dark"),
        (grey(254), "too_bright"),
        (grey(128, 1, 1), "too_small"),
        (grey(128, 20, 900), "too_small"),
    ],
)
def test_a_photo_that_shows_nothing_gets_no_estimate(predictor: Predictor, photo: Photo, reason: str) -> None:
    found = predictor.assess(photo, explain=True)
    assert found.outcome == "inconclusive"
    assert reason in found.reasons
    assert tuple(one.reason for one in found.advice) == found.reasons
    assert found.next_step.code in ("another_photo", "see_doctor")
    assert found.risk is None
    assert found.diagnoses == ()
    assert found.evidence is None


def test_what_is_unlike_the_training_photos_is_not_recognised(tmp_path: Path) -> None:
    strict = make_bundle(tmp_path / "b", novelty=Novelty(threshold=-1000, quantile=0.99, chosen_on="x"))
    found = Predictor.load(strict).assess(decode(photo_bytes()))
    assert (found.outcome, found.reasons) == ("not_recognised", ("unlike_training",))
    assert found.diagnoses == ()


def test_what_the_person_says_counts_for_the_next_step(predictor: Predictor) -> None:
    silent = predictor.assess(grey(3), locale="fr")
    told = predictor.assess(grey(3), {"grew": "yes", "bleeds": True}, locale="fr")
    assert silent.outcome == told.outcome == "inconclusive"
    assert told.next_step.code == "urgent_referral"
    assert told.next_step.because == ("Vous dites qu'elle a grossi.", "Vous dites qu'elle saigne.")
    assert told.advice[0].text.startswith("La photo est trop sombre.")
    assert silent.next_step.code != "urgent_referral"


def test_wrong_answers_are_refused(predictor: Predictor) -> None:
    with pytest.raises(AnswerError):
        predictor.assess(decode(photo_bytes()), {"age": 300})


def test_a_fine_decoding_and_a_coarse_one_answer_alike(predictor: Predictor) -> None:
    data = photo_bytes("mel", 1500)
    fine = softmax(predictor.raw(decode(data)).logits)
    coarse = softmax(predictor.raw(predictor.decode(data)).logits)
    assert np.abs(fine - coarse).max() < 0.02


def test_a_model_without_tiers_tells_no_risk(tmp_path: Path, card: ModelCard) -> None:
    plain = tuple(one.model_copy(update={"tier": None, "malignancy": None}) for one in card.diagnoses)
    bundle = make_bundle(tmp_path / "b", diagnoses=plain, thresholds=Thresholds(high=None, malignant=None))
    found = Predictor.load(bundle).assess(decode(photo_bytes()))
    assert found.risk is None
    assert len(found.diagnoses) == 8


@given(st.lists(st.floats(0, 1), min_size=8, max_size=8), st.integers(0, 3), st.floats(0, 1))
def test_more_danger_never_gives_a_calmer_tier(card: ModelCard, shares: list[float], place: int, more: float) -> None:
    calm = np.array(shares) + 1e-6
    calm /= calm.sum()
    worse = calm * (1 - more)
    worse[place] += more
    order = {"low": 0, "moderate": 1, "high": 2}
    before, after = decide_risk(card, calm), decide_risk(card, worse)
    assert before is not None
    assert after is not None
    assert after.p_malignant >= before.p_malignant - 1e-9
    if card.diagnoses[place].tier == "high":
        assert order[after.tier] >= order[before.tier]


def test_the_made_bundle_answers_as_it_always_has(predictor: Predictor) -> None:
    output = predictor.raw(decode(photo_bytes("nv", image_format="PNG")), {"age": 50, "grew": "yes"})
    golden = [-0.0650, -0.0148, 0.4320, -0.1408, -0.2106, -0.1999, 0.1437, -0.4129]
    assert output.logits == pytest.approx(golden, abs=2e-3)
