"""Measures of a photo are the same wherever they are taken, and move the right way when a photo gets worse."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from benchmarks.degradations import KINDS, Chances, draw_chances
from hypothesis import given, settings
from hypothesis import strategies as st

from lentigo.card import QualityMeasure
from lentigo.datasets.description.photos import measure
from lentigo.export.quality import MEASURES, QualityMeasures
from tests.made import Pixels, draw_spot

SIDE = 160


def measured(pixels: Pixels) -> dict[QualityMeasure, float]:
    values = QualityMeasures(len(pixels))(torch.tensor(pixels.transpose(2, 0, 1).copy()).float()).tolist()
    return dict(zip(MEASURES, values, strict=True))


@pytest.fixture(scope="module")
def chances() -> Chances:
    return draw_chances(np.random.default_rng(0))


def test_the_graph_measures_as_describe_does() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    graph = measured(pixels)
    assert measure(pixels) == pytest.approx((graph["brightness"], graph["sharpness"]), abs=1e-5)


@pytest.mark.parametrize(
    ("kind", "name", "way"),
    [
        ("out of focus", "sharpness", -1),
        ("out of focus", "blur", 1),
        ("moved", "steadiness", -1),
        ("middle out of focus", "centre_focus", -1),
        ("dark", "light", -1),
        ("dark", "brightness", -1),
        ("over-exposed", "brightness", 1),
        ("glare", "glare", 1),
        ("far away", "spot_size", -1),
        ("cut off", "spot_offset", 1),
        ("hair", "hair", 1),
        ("pen marks", "ink", 1),
    ],
)
def test_a_measure_follows_how_much_worse_a_photo_is(
    kind: str, name: QualityMeasure, way: int, chances: Chances
) -> None:
    pixels = draw_spot("nv", np.random.default_rng(1), SIDE)
    # The first step may be within the noise of the made skin: the way must hold from the second.
    worse = [KINDS[kind].apply(pixels, amount, chances) for amount in KINDS[kind].steps]
    values = [way * measured(one)[name] for one in (pixels, *worse)]
    assert values[0] < values[2] <= values[3] <= values[4]
    assert values[4] > values[0] + 0.003


def test_movement_in_any_direction_is_seen() -> None:
    pixels = draw_spot("nv", np.random.default_rng(1), SIDE)
    sharp = measured(pixels)["steadiness"]
    for degrees in range(0, 180, 15):
        moved = draw_chances(np.random.default_rng(degrees))
        turned = Chances(np.deg2rad(degrees), moved.place, moved.stretch, moved.hairs, moved.strokes, moved.noise_seed)
        assert measured(KINDS["moved"].apply(pixels, 0.06, turned))["steadiness"] < sharp - 0.3, degrees


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from([np.fliplr, np.flipud, lambda one: np.rot90(one, 2)]))
def test_a_mirrored_photo_measures_the_same(seed: int, turn: object) -> None:
    pixels = draw_spot("mel", np.random.default_rng(seed), 64)
    mirrored = turn(pixels)  # type: ignore[operator]  # one of the functions above
    assert measured(mirrored) == pytest.approx(measured(pixels), abs=1e-3)


def test_hair_is_seen_whichever_way_it_grows_and_a_spot_is_none() -> None:
    skin = np.full((SIDE, SIDE, 3), 200, np.uint8)
    across, down, diagonal = (skin.copy() for _ in range(3))
    across[80:82], down[:, 80:82] = 60, 60
    at = np.arange(SIDE - 1)
    diagonal[at, at] = diagonal[at, at + 1] = 60
    for hair in (across, down, diagonal, np.fliplr(diagonal)):
        assert measured(hair)["hair"] > 0.008
    assert measured(draw_spot("mel", np.random.default_rng(1), SIDE))["hair"] < 0.001


@pytest.mark.parametrize("level", [0, 128, 255])
@pytest.mark.parametrize("side", [32, 100, 224])
def test_a_photo_of_nothing_has_measures_too(level: int, side: int) -> None:
    values = measured(np.full((side, side, 3), level, np.uint8))
    assert np.isfinite(list(values.values())).all()
    assert values["brightness"] == pytest.approx(level / 255, abs=1e-5)
