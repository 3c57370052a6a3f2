"""The two scores of what a photo is unlike."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.special import logsumexp

from lentigo.training.no_skin import SkinDistance, fit_skin_distance
from lentigo.training.novelty import energy


def textures(rows: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(rows, 20)).astype(np.float32)


def distance(score: SkinDistance, rows: np.ndarray) -> np.ndarray:
    return np.asarray(score(torch.from_numpy(rows)))


def test_novelty_is_high_where_nothing_speaks_for_any_diagnosis() -> None:
    logits = np.array([[9, 0, 0], [1, 0, 0], [-3, -3, -3]], np.float32)
    found = energy(torch.from_numpy(logits)).numpy()
    assert found == pytest.approx(-logsumexp(logits, axis=1), abs=1e-5)
    assert (np.diff(found) > 0).all()


def test_the_distance_is_one_for_skin_and_large_for_what_is_none() -> None:
    score = fit_skin_distance(textures(900))
    assert distance(score, textures(900)).mean() == pytest.approx(1, abs=0.1)
    assert distance(score, np.full((1, 20), 8, np.float32)) > 4


def test_the_distance_is_the_same_whatever_the_scale_of_a_texture() -> None:
    plain, scale = textures(500), np.logspace(-3, 3, 20, dtype=np.float32)
    stretched = distance(fit_skin_distance(plain * scale), plain * scale)
    assert distance(fit_skin_distance(plain), plain) == pytest.approx(stretched, rel=1e-2)


def test_a_distance_is_kept_in_a_file(tmp_path: Path) -> None:
    score, rows = fit_skin_distance(textures(300)), textures(5)
    score.save(tmp_path / "no_skin.safetensors")
    assert distance(SkinDistance.read(tmp_path / "no_skin.safetensors"), rows) == pytest.approx(distance(score, rows))
