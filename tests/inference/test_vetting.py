"""Faces and nudity are sent back; spots, on faces too, are not."""

from __future__ import annotations

import sys
import types
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import polars as pl
import pytest
from PIL import Image, ImageDraw

from lentigo.card import ModelCard, Novelty, QualityMeasure, read_card
from lentigo.errors import ConfigError
from lentigo.imaging import Photo, Pixels, decode, read
from lentigo.inference import Predictor, RawOutput
from lentigo.inference.combination import combine, read_photo
from lentigo.inference.vetting import CLOSE_UP, Vetting
from tests.made import make_bundle, photo_bytes

FACE_BOX = (155, 110, 370, 325)
"""Where the face is in the portrait that matplotlib brings along."""

MOLE = (215, 265)
"""On the cheek."""


@pytest.fixture(scope="module")
def portrait() -> Image.Image:
    """Grace Hopper, a photo in the public domain, with a mole drawn on her cheek."""
    image = Image.open(Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg").convert("RGB")
    column, row = MOLE
    ImageDraw.Draw(image).ellipse((column - 9, row - 8, column + 9, row + 8), (62, 38, 30))
    return image


@pytest.fixture(scope="module")
def vetting() -> Vetting:
    return Vetting()


@pytest.fixture(scope="module")
def predictor(tmp_path_factory: pytest.TempPathFactory) -> Predictor:
    """Of a bundle that says nothing of skin, so that each photo is looked through for faces."""
    return Predictor.load(make_bundle(tmp_path_factory.mktemp("bundles") / "any", no_skin=None))


def photo(image: Image.Image) -> Photo:
    return Photo(np.asarray(image), image.width, image.height, "PNG")


def framed(image: Image.Image, share: float) -> Image.Image:
    """The square around the face of which the face is that share."""
    left, top, right, bottom = FACE_BOX
    half = (right - left) / share / 2
    column, row = (left + right) / 2, (top + bottom) / 2
    box = tuple(round(edge) for edge in (column - half, row - half, column + half, row + half))
    return image.crop(box)  # type: ignore[arg-type]  # four numbers


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("share", [0.4, 0.7])
def test_a_face_with_a_mole_is_rejected_however_it_lies(
    vetting: Vetting, portrait: Image.Image, share: float, turn: int
) -> None:
    assert vetting.refusal(photo(framed(portrait, share).rotate(turn, expand=True))) == "face"


@pytest.mark.parametrize("light", [0.4, 0.7, 1.3])
def test_a_face_is_seen_in_poor_light(vetting: Vetting, portrait: Image.Image, light: float) -> None:
    assert vetting.refusal(photo(framed(portrait, 0.5).point(lambda value: int(value * light)))) == "face"


def test_a_small_photo_of_a_face_is_rejected_too(vetting: Vetting, portrait: Image.Image) -> None:
    assert vetting.refusal(photo(framed(portrait, 0.6).resize((120, 120)))) == "face"


def test_the_refusal_can_be_appealed_by_cropping(predictor: Predictor, portrait: Image.Image) -> None:
    whole = predictor.assess(photo(portrait))
    assert (whole.outcome, whole.reasons) == ("rejected", ("face",))
    assert (whole.risk, whole.diagnoses, whole.evidence) == (None, (), None)
    assert whole.next_step.code == "another_photo"
    column, row = MOLE
    for half in (40, 60):
        crop = portrait.crop((column - half, row - half, column + half, row + half)).resize((300, 300))
        assert predictor.assess(photo(crop)).outcome != "rejected"


def test_one_rejected_photo_does_not_spoil_two_good_ones(predictor: Predictor, portrait: Image.Image) -> None:
    good = [decode(photo_bytes("mel")), decode(photo_bytes("bcc", seed=3))]
    found = predictor.assess([good[0], photo(portrait), good[1]], explain=True)
    assert found.outcome == "assessed"
    assert found.diagnoses == predictor.assess(good).diagnoses
    assert [(one.used, one.reasons) for one in found.photos] == [(True, ()), (False, ("face",)), (True, ())]
    assert found.evidence is not None
    assert found.evidence.map.photo != 1


def test_a_close_up_of_skin_is_not_looked_through_for_faces(tmp_path: Path, portrait: Image.Image) -> None:
    shot = photo(portrait)
    unlike = Predictor.load(make_bundle(tmp_path / "any", no_skin=None)).raw(shot).no_skin
    for limit, looked in ((unlike / CLOSE_UP * 1.01, False), (unlike / CLOSE_UP * 0.99, True)):
        skin = Novelty(threshold=limit, quantile=0.99, chosen_on="made photos")
        found = Predictor.load(make_bundle(tmp_path / str(looked), no_skin=skin)).assess(shot)
        assert (found.reasons == ("face",)) is looked


def test_who_wants_every_photo_answered_can_have_it(bundle_path: Path, portrait: Image.Image) -> None:
    assert Predictor.load(bundle_path, vetting=False).assess(photo(portrait)).outcome != "rejected"


@pytest.fixture(scope="module")
def card(bundle_path: Path) -> ModelCard:
    return read_card(bundle_path / "card.json")


def output_for(card: ModelCard, code: str) -> RawOutput:
    evidence_map = np.zeros((len(card.codes), 4, 4), np.float32)
    evidence_map[card.codes.index(code)] = 1
    answers = np.zeros((len(card.answers), len(card.codes)), np.float32)
    logits = evidence_map.sum((1, 2))
    quality: dict[QualityMeasure, float] = dict.fromkeys(card.graph.quality_measures, 0.5)
    return RawOutput(logits, evidence_map, answers, logits[None], 1.0, 1.0, quality)


def test_what_the_model_makes_of_a_face_sends_nobody_to_a_doctor(card: ModelCard) -> None:
    shot = Photo(np.zeros((300, 300, 3), np.uint8), 300, 300, "PNG")
    face = read_photo(card, shot, output_for(card, "mel"), "face")
    alone = combine(card, [face, face])
    assert (alone.outcome, alone.reasons, alone.risk) == ("rejected", ("face",), None)
    dark_output = output_for(card, "nv")
    dark = dict.fromkeys(card.graph.quality_measures, 0.01)
    dark_output = replace(dark_output, quality=dark)
    beside = combine(card, [face, read_photo(card, shot, dark_output)])
    assert beside.outcome == "inconclusive"
    assert beside.risk is not None
    assert beside.risk.tier == "low", "of the dark photo alone"


MADE: dict[str, Pixels] = {
    "black": np.zeros((300, 300, 3), np.uint8),
    "white": np.full((300, 300, 3), 255, np.uint8),
    "noise": np.random.default_rng(0).integers(0, 256, (300, 300, 3), dtype=np.uint8),
    "one pixel": np.zeros((1, 1, 3), np.uint8),
    "20 wide": np.random.default_rng(1).integers(0, 256, (400, 20, 3), dtype=np.uint8),
    "a line": np.random.default_rng(2).integers(0, 256, (3, 5000, 3), dtype=np.uint8),
}


@pytest.mark.parametrize("pixels", MADE.values(), ids=MADE)
def test_what_is_no_face_is_left_to_the_other_rules(vetting: Vetting, pixels: Pixels) -> None:
    height, width = pixels.shape[:2]
    assert vetting.refusal(Photo(pixels, width, height, "PNG")) is None


@pytest.mark.parametrize("diagnosis", ["mel", "nv", "bcc"])
def test_spots_are_no_faces(vetting: Vetting, diagnosis: str) -> None:
    assert not any(vetting.refusal(decode(photo_bytes(diagnosis, seed=seed))) for seed in range(10))


@pytest.mark.realdata
def test_real_spots_on_faces_are_no_faces(vetting: Vetting, shared_data: Path) -> None:
    table = pl.read_csv(shared_data / "pad_ufes_20" / "metadata.csv", infer_schema=False)
    names = table.filter(pl.col("region").is_in(["FACE", "NOSE", "LIP", "EAR"]))["img_id"].sort().to_list()
    files = {path.stem: path for path in (shared_data / "pad_ufes_20").rglob("*.jpg")}
    spots = [files[Path(name).stem] for name in names if Path(name).stem in files][::3]
    assert len(spots) > 50
    refused = [path.name for path in spots if vetting.refusal(read(path))]
    assert len(refused) <= 0.02 * len(spots), refused


class NudeDetector:
    """As NudeNet 3.4's: pixels with blue first in, a list of finds out. It sees what the first pixel tells it to."""

    def detect(self, image_path: Any) -> list[dict[str, Any]]:
        assert isinstance(image_path, np.ndarray)
        assert image_path.flags.c_contiguous
        blue, green, red = (int(value) for value in image_path[0, 0])
        kinds = ["FEMALE_BREAST_EXPOSED", "BELLY_EXPOSED", "FACE_FEMALE"]
        assert green == 7
        found = [{"class": kinds[red], "score": blue / 100, "box": [0, 0, 10, 10]}]
        if image_path.shape[0] > 50:
            found.append({"class": "ARMPITS_EXPOSED", "score": 0.3, "box": [0, 0, 10, 10]})
        return found


@pytest.mark.parametrize(
    ("kind", "score", "height", "refused"),
    [(0, 80, 90, True), (0, 80, 50, False), (0, 30, 90, False), (1, 90, 90, False), (2, 90, 90, False)],
)
def test_nudity_is_refused_where_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, kind: int, score: int, height: int, refused: bool
) -> None:
    fake = types.ModuleType("nudenet")
    fake.NudeDetector = NudeDetector  # type: ignore[attr-defined]  # a made module
    monkeypatch.setitem(sys.modules, "nudenet", fake)
    shot = Photo(np.full((height, 50, 3), (kind, 7, score), np.uint8), 50, height, "PNG")
    assert Vetting(nudity=True).refusal(shot) == ("nudity" if refused else None)
    assert Vetting().refusal(shot) is None


def test_a_server_that_cannot_refuse_nudity_as_asked_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nudenet", None)
    with pytest.raises(ConfigError, match="nudity"):
        Vetting(nudity=True)
