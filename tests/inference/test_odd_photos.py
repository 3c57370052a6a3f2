"""The shipped model gives no estimate about what shows no spot: above all, it names no mole."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from lentigo.imaging import Photo, decode
from lentigo.inference import Assessment, Predictor
from tests import odd_photos
from tests.made import photo_bytes
from tests.odd_photos import Pixels


@pytest.fixture(scope="module")
def shipped() -> Predictor:
    return Predictor.load("lesions")


def assess(predictor: Predictor, pixels: Pixels) -> Assessment:
    height, width = pixels.shape[:2]
    return predictor.assess(Photo(np.ascontiguousarray(pixels), width, height, "PNG"))


def made_spot() -> Pixels:
    return decode(photo_bytes("nv", size_px=odd_photos.SIDE_PX, image_format="PNG")).pixels


ODD: dict[str, Callable[[], Pixels]] = {
    "black": lambda: odd_photos.flat(0),
    "white": lambda: odd_photos.flat(255),
    "a grey wall": lambda: odd_photos.flat(128),
    "noise": odd_photos.noise,
    "healthy skin": odd_photos.healthy_skin,
    "healthy dark skin": lambda: np.asarray(odd_photos.skin(0.35)),
    "text only": odd_photos.text_page,
    "a screenshot": odd_photos.screenshot,
    "an ultrasound image": odd_photos.ultrasound,
    "a tattoo": odd_photos.tattoo,
    "a plaster": odd_photos.plaster,
    "a photo of a screen": lambda: odd_photos.on_a_screen(made_spot()),
    "a printed photo": lambda: odd_photos.printed(made_spot()),
    "one pixel": lambda: np.full((1, 1, 3), 150, np.uint8),
    "20 px wide": lambda: odd_photos.healthy_skin()[:, :20],
}


@pytest.mark.parametrize("name", ODD)
def test_what_shows_no_spot_gets_no_estimate(shipped: Predictor, name: str) -> None:
    found = assess(shipped, ODD[name]())
    assert found.outcome != "assessed"
    assert found.risk is None
    assert found.diagnoses == ()
    assert found.evidence is None
    assert [one.reason for one in found.advice] == list(found.reasons)
    assert all(one.text for one in found.advice)
    assert found.next_step.text


@pytest.mark.parametrize("shape", [(60, 3000), (3000, 60), (101, 2000)])
def test_an_extreme_shape_is_answered_in_one_of_the_four_ways(shipped: Predictor, shape: tuple[int, int]) -> None:
    strip = np.resize(odd_photos.healthy_skin(), (*shape, 3))
    found = assess(shipped, strip)
    assert (found.outcome == "assessed") == bool(found.diagnoses)
    if min(shape) < 100:
        assert found.reasons[0] == "too_small"
