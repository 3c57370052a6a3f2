"""Skin tones are changed as they say, and what is fitted over all of them takes dark skin for skin."""

from __future__ import annotations

import pytest
import torch

from lentigo import imaging
from lentigo.training.tones import TONES, with_tones
from tests.made import photo_bytes

LIMITS = {"very light": (55, 90), "light": (41, 55), "intermediate": (28, 41), "tan": (10, 28), "brown": (-30, 10)}


def made_photo() -> torch.Tensor:
    pixels = imaging.decode(photo_bytes("nv", size_px=64)).pixels
    return torch.from_numpy(pixels.copy()).permute(2, 0, 1).float()[None]


def test_each_tone_lies_in_its_group() -> None:
    for tone in TONES:
        low, high = LIMITS.get(tone.group, (-90, -30))
        assert low < tone.ita <= high, tone


def test_skin_gets_the_tone_that_was_asked_for() -> None:
    photo = made_photo()
    places = torch.arange(len(TONES))
    toned = with_tones(photo.expand(len(TONES), -1, -1, -1), places)
    assert toned.min() >= 0
    assert toned.max() <= 255
    brightness = toned.mean((1, 2, 3))
    assert (brightness.diff() < 0).all(), "the list goes from light to dark"
    again = with_tones(toned[-1:], places[:1])
    assert again.numpy() == pytest.approx(toned[:1].numpy(), abs=12), "and the way back leads to the same photo"


def test_a_black_photo_stays_a_number() -> None:
    assert torch.isfinite(with_tones(torch.zeros(1, 3, 8, 8), torch.tensor([0]))).all()
