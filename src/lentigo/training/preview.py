"""What augmentation does, as a picture to look at before training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import torch
from matplotlib.figure import Figure

from lentigo import imaging
from lentigo.datasets import Dataset
from lentigo.imaging import Pixels
from lentigo.plot_style import INK, PAPER
from lentigo.training.augmentation import Changes, draw, relight, reshape
from lentigo.training.config import AugmentationConfig, TrainConfig

PHOTOS = 6

_NOTHING: Mapping[str, Any] = {
    "crop_min_area": 1.0,
    "crop_max_stretch": 1.0,
    "flip": False,
    "turn": False,
    "brightness": 0.0,
    "contrast": 0.0,
    "saturation": 0.0,
    "colour_cast": 0.0,
    "blur_probability": 0.0,
    "jpeg_probability": 0.0,
    "hair_probability": 0.0,
}

_KINDS: Sequence[tuple[str, Sequence[str]]] = (
    ("crop", ("crop_min_area", "crop_max_stretch")),
    ("flip and turn", ("flip", "turn")),
    ("brightness and contrast", ("brightness", "contrast")),
    ("colour", ("saturation", "colour_cast")),
    ("blur", ("blur_probability",)),
    ("JPEG", ("jpeg_probability",)),
    ("hair", ("hair_probability",)),
)
"""Rows of the picture: a name, and the settings that make it."""


def draw_preview(dataset: Dataset, config: TrainConfig, path: Path) -> None:
    """Write a picture: some training photos as they are, with each kind of change by itself, and as training sees them.

    A kind that is rare is shown on every photo, one that is turned off is left out.
    """
    photos = _choose(dataset, config.seed)
    size_px = config.input_size_px
    rows = [("as it is", [reshape(photo, Changes(), size_px) for photo in photos])]
    for name, settings in _KINDS:
        alone = _alone(config.augmentation, settings)
        if alone is not None:
            rows.append((name, _changed(photos, alone, size_px, config.seed)))
    rows.append(("as training sees it", _changed(photos, config.augmentation, size_px, config.seed)))
    _write(path, rows)


def _choose(dataset: Dataset, seed: int) -> list[Pixels]:
    """Training photos of as many diagnoses as there is room for."""
    rows = dataset.manifest.filter(pl.col("split") == "train").sample(fraction=1, shuffle=True, seed=seed)
    turn = pl.int_range(pl.len()).over("diagnosis")
    chosen = rows.with_columns(turn=turn).sort("turn", "diagnosis").head(PHOTOS)
    return [imaging.read(dataset.image_path(row)).pixels for row in chosen.iter_rows(named=True)]


def _alone(config: AugmentationConfig, settings: Sequence[str]) -> AugmentationConfig | None:
    """Only these settings, whatever happens by chance made certain; None where they are turned off."""
    mine = {name: getattr(config, name) for name in settings}
    if all(value == _NOTHING[name] for name, value in mine.items()):
        return None
    certain = {name: 1.0 if name.endswith("_probability") else value for name, value in mine.items()}
    return AugmentationConfig(**{**_NOTHING, **certain})


def _changed(photos: Sequence[Pixels], config: AugmentationConfig, size_px: int, seed: int) -> list[Pixels]:
    changed = []
    for number, photo in enumerate(photos):
        changes = draw(config, np.random.default_rng((seed, number)))
        pixels = torch.from_numpy(reshape(photo, changes, size_px)).permute(2, 0, 1)[None].float()
        lit = relight(pixels, torch.tensor([changes.light]))[0]
        changed.append(lit.round().byte().permute(1, 2, 0).numpy())
    return changed


def _write(path: Path, rows: Sequence[tuple[str, Sequence[Pixels]]]) -> None:
    columns = max(len(photos) for _, photos in rows)
    figure = Figure(figsize=(1.5 * columns + 1.6, 1.5 * len(rows)), facecolor=PAPER)
    grid = figure.subplots(len(rows), columns, squeeze=False, gridspec_kw={"wspace": 0.04, "hspace": 0.04})
    figure.subplots_adjust(left=1.6 / (1.5 * columns + 1.6), right=0.995, top=0.995, bottom=0.005)
    for axes in grid.flat:
        axes.set_axis_off()
    for (name, photos), line in zip(rows, grid, strict=True):
        for photo, axes in zip(photos, line, strict=False):
            axes.imshow(photo)
        line[0].text(
            -0.06, 0.5, name.replace(" and ", "\nand "), transform=line[0].transAxes,
            ha="right", va="center", color=INK, fontsize=9,
        )  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
