"""The picture of a map: what speaks for and against is where it is, in colours that mean the same in every photo."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from lentigo.inference.assessment import EvidenceMap
from lentigo.inference.overlay import AGAINST, FOR, FULL_LOG_ODDS, LAYER_PX, draw_layer, encode_layer, save_picture


def layer(values: npt.ArrayLike, side_px: int = 80) -> npt.NDArray[np.uint8]:
    return np.asarray(draw_layer(np.asarray(values, dtype=float).tolist(), side_px))


def one_place(value: float) -> npt.NDArray[np.float64]:
    values = np.zeros((4, 4))
    values[0, 1] = value
    return values


@pytest.mark.parametrize(("value", "colour"), [(0.5, FOR), (-0.5, AGAINST)])
def test_a_place_is_drawn_where_it_is_in_the_colour_of_its_sign(value: float, colour: tuple[int, int, int]) -> None:
    drawn = layer(one_place(value))
    assert np.unravel_index(drawn[..., 3].argmax(), (80, 80))[0] < 20
    assert tuple(drawn[10, 30, :3]) == colour
    assert drawn[10, 30, 3] > 0
    assert not drawn[40:, :, 3].any(), "nothing is drawn where nothing speaks"


def test_one_scale_serves_all_photos_and_grids() -> None:
    half = FULL_LOG_ODDS / 2
    coarse, fine = layer(np.full((4, 4), half / 16)), layer(np.full((7, 7), half / 49))
    assert coarse == pytest.approx(fine, abs=1)
    full = layer(np.full((4, 4), FULL_LOG_ODDS / 16))
    assert int(full[0, 0, 3]) == pytest.approx(2 * int(coarse[0, 0, 3]), abs=1)
    beyond = layer(np.full((4, 4), FULL_LOG_ODDS))
    assert (beyond == full).all()
    assert full[..., 3].max() < 200, "what is under it can be seen"


def test_both_colours_are_told_apart_by_lightness_alone() -> None:
    dark, light = (np.dot(colour, (0.2126, 0.7152, 0.0722)) for colour in (FOR, AGAINST))
    assert light - dark > 100


def test_a_layer_in_an_answer_is_a_small_transparent_png() -> None:
    text = encode_layer(np.random.default_rng(0).normal(0, 0.3, (7, 7)).tolist())
    image = Image.open(io.BytesIO(base64.b64decode(text)))
    assert (image.format, image.mode, image.size) == ("PNG", "RGBA", (LAYER_PX, LAYER_PX))
    assert len(text) < 60_000


def test_a_picture_shows_the_centre_square_of_the_photo_under_the_map(tmp_path: Path) -> None:
    photo = np.zeros((100, 300, 3), np.uint8)
    photo[:, 100:200] = (200, 150, 130)
    empty = EvidenceMap(code="mel", photo=0, values=((0.0,) * 4,) * 4, total=0, overlay=None)
    save_picture(tmp_path / "a.png", photo, empty, "Melanoma")
    saved = np.asarray(Image.open(tmp_path / "a.png"))
    assert saved.shape[0] > saved.shape[1] == 512
    assert (saved[:512] == (200, 150, 130)).all()
    assert len(np.unique(saved[512:].reshape(-1, 3), axis=0)) > 20, "the legend has both colours"
