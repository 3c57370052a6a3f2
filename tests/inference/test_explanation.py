"""The explanation is the answer taken apart: the parts sum to it, for any diagnosis, photo and answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lentigo.answers import AnswerValue, default_answers
from lentigo.card import ChoiceAnswer
from lentigo.errors import DiagnosisUnknown
from lentigo.imaging import Photo, decode
from lentigo.inference import Assessment, Predictor
from lentigo.inference.sentences import LITTLE, Sentences
from lentigo.taxonomy import load_taxonomy
from lentigo.training.model import EvidenceModel
from tests.made import SPOT_COLOURS, draw_spot, photo_bytes

TAXONOMY = load_taxonomy()
SPECS = default_answers(TAXONOMY)
ROUNDING = 5e-7
"""Of each number in an Assessment, which has six digits after the point."""

ANY_ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        spec.name: st.sampled_from(spec.choices) if isinstance(spec, ChoiceAnswer) else st.floats(0, 120)
        for spec in SPECS
    },
)
ANY_PHOTO = st.tuples(st.sampled_from(sorted(SPOT_COLOURS)), st.integers(0, 1000))


@pytest.fixture(scope="module")
def predictor(bundle_path: Path) -> Predictor:
    return Predictor.load(bundle_path)


def drawn(diagnosis: str, seed: int) -> Photo:
    return Photo(draw_spot(diagnosis, np.random.default_rng(seed), 256), 256, 256, "PNG")


def parts(found: Assessment) -> tuple[float, float]:
    """The sum of the parts as a reader of the JSON would add them up, and how far rounding may have moved it."""
    assert found.evidence is not None
    maps = [found.evidence.map, *found.evidence.others]
    values = np.array([one.values for one in maps])
    shares = [one.evidence for one in found.evidence.answers]
    return float(values.sum() / len(maps) + sum(shares)), ROUNDING * (values[0].size + len(shares))


@settings(max_examples=20, deadline=None)
@given(st.lists(ANY_PHOTO, min_size=1, max_size=3), ANY_ANSWERS, st.sampled_from(sorted(TAXONOMY.diagnoses)))
def test_the_parts_sum_to_the_logit_of_any_diagnosis(
    predictor: Predictor, shots: list[tuple[str, int]], answers: dict[str, AnswerValue], code: str
) -> None:
    photos = [drawn(*shot) for shot in shots]
    found = predictor.assess(photos, answers, explain=code)
    assert found.evidence is not None
    logits = np.array([predictor.raw(photo, answers).logits for photo in photos], np.float64).mean(0, keepdims=True)[0]
    wanted = logits[predictor.card.codes.index(code)] - logits.mean()
    total, rounding = parts(found)
    float_error = 1e-5
    assert total == pytest.approx(wanted, abs=rounding + float_error)
    assert found.evidence.total == pytest.approx(wanted, abs=ROUNDING + float_error)
    assert {one.answer for one in found.evidence.answers} == set(answers)
    assert {one.code for one in (found.evidence.map, *found.evidence.others)} == {code}
    assert all(one.code == code for one in found.evidence.answers)


@pytest.mark.parametrize("views", [1, 2, 4])
@pytest.mark.parametrize("dense_units", [None, 16])
def test_the_parts_sum_to_the_logits_of_either_head_to_the_last_digits(dense_units: int | None, views: int) -> None:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = EvidenceModel("lentigo_cnn", 4, SPECS, 0.3, 64, dense_units, views)
        for weight in (*model.head.parameters(), *model.answers.parameters()):
            torch.nn.init.normal_(weight)
        pixels = torch.rand(6, 3, 64, 64, dtype=torch.float64) * 255
        given = torch.rand(6, sum(model.answer_columns), dtype=torch.float64)
    model = model.double()
    model(pixels, given)  # batch norm gets means of its own
    model.eval()
    sides = [(), (3,), (2,), (2, 3)][:views]
    with torch.inference_mode():
        usual = torch.stack([model(pixels.flip(turned), given) for turned in sides]).mean(0)
        assert model.explain(pixels, given).logits.numpy() == pytest.approx(usual.numpy(), rel=1e-9, abs=1e-9)


def test_any_diagnosis_is_explained_and_an_unknown_one_is_refused(predictor: Predictor) -> None:
    photo = drawn("mel", 1)
    likeliest = predictor.assess(photo, explain=True)
    first = likeliest.diagnoses[0].code
    assert predictor.assess(photo, explain=first) == likeliest
    last = predictor.assess(photo, explain=likeliest.diagnoses[-1].code)
    assert last.diagnoses == likeliest.diagnoses
    assert last.evidence != likeliest.evidence
    with pytest.raises(DiagnosisUnknown, match=r"'moon'.*mel"):
        predictor.assess(photo, explain="moon")


def test_evidence_for_all_diagnoses_cancels_out(predictor: Predictor) -> None:
    photo = drawn("bcc", 2)
    found = [predictor.assess(photo, {"age": 71}, explain=code).evidence for code in predictor.card.codes]
    assert sum(one.total for one in found if one is not None) == pytest.approx(0, abs=1e-5)


def test_of_several_photos_each_used_one_has_its_map_and_the_one_that_shows_most_comes_first(
    predictor: Predictor,
) -> None:
    dark = Photo(np.full((300, 300, 3), 3, np.uint8), 300, 300, "PNG")
    photos = [drawn("nv", 1), dark, drawn("mel", 2)]
    evidence = predictor.assess(photos, explain="mel").evidence
    assert evidence is not None
    maps = [evidence.map, *evidence.others]
    assert sorted(one.photo for one in maps) == [0, 2]
    assert evidence.map.total == max(one.total for one in maps)
    for one in maps:
        alone = predictor.assess(photos[one.photo], explain="mel").evidence
        assert alone is not None
        assert alone.map.values == one.values


def test_it_is_told_whether_photos_agree(predictor: Predictor) -> None:
    photo, other = drawn("mel", 1), drawn("nv", 3)
    alone = predictor.assess(photo)
    assert alone.disagreement is None
    assert alone.photos[0].code == alone.diagnoses[0].code
    assert alone.risk is not None
    assert (alone.photos[0].tier, alone.photos[0].p_malignant) == (alone.risk.tier, alone.risk.p_malignant)
    same = predictor.assess([photo, photo]).disagreement
    assert same is not None
    assert (same.diagnosis, same.tier, same.lowest) == (False, False, same.highest)
    assert "same" in same.text
    both = predictor.assess([photo, other])
    assert both.disagreement is not None
    risks = [one.p_malignant for one in both.photos if one.p_malignant is not None]
    assert (both.disagreement.lowest, both.disagreement.highest) == (min(risks), max(risks))


@pytest.mark.parametrize(
    ("share", "sentence"),
    [
        (("age", 71.0, "bcc", 0.84), "age 71: +0.8 towards basal-cell carcinoma"),
        (("age", 0.5, "mel", -1.25), "age 0.5: −1.2, away from melanoma"),
        (("grew", "yes", "mel", 2.0), "it grew: +2.0 towards melanoma"),
        (("site", "lower extremity", "nv", 0.3), "on the leg: +0.3 towards a mole"),
        (("sex", "female", "nv", LITTLE / 2), "female: next to nothing for or against a mole"),
        (("pets", "two cats", "own_class", 0.1), "pets two cats: +0.1 towards own class"),
    ],
)
def test_a_share_is_a_sentence(share: tuple[str, str | float, str, float], sentence: str) -> None:
    assert Sentences(TAXONOMY, "en").share(*share) == sentence


def test_every_language_has_words_for_every_answer_and_diagnosis() -> None:
    for locale in TAXONOMY.locales:
        sections = {name: TAXONOMY.section("evidence", name, locale) for name in ("answers", "diagnoses")}
        known = TAXONOMY.section("answers", "choices", locale)
        assert set(sections["diagnoses"]) == set(TAXONOMY.diagnoses), locale
        for spec in SPECS:
            values = spec.choices if isinstance(spec, ChoiceAnswer) else ()
            for value in values:
                together = f"{spec.name}_{value}" in sections["answers"]
                assert together or (spec.name in sections["answers"] and value in known), (locale, value)
        sentences = Sentences(TAXONOMY, locale)
        for evidence in (-1.0, 0.0, 1.0):
            assert "{" not in sentences.share("age", 71.0, "mel", evidence)
        assert len({sentences.disagreement(*both) for both in ((False, False), (True, False), (True, True))}) == 3


def test_the_overlay_comes_only_when_asked_for(predictor: Predictor) -> None:
    photo = decode(photo_bytes())
    plain, drawn_too = (predictor.assess(photo, explain=True, overlay=overlay).evidence for overlay in (False, True))
    assert plain is not None
    assert drawn_too is not None
    assert plain.map.overlay is None
    assert drawn_too.map.overlay
    assert drawn_too.model_copy(update={"map": plain.map}) == plain
