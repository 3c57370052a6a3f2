"""Photos and datasets that the tests make themselves."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from PIL import Image

from lentigo.datasets.manifest import MANIFEST_SCHEMA

Pixels = npt.NDArray[np.uint8]

SKIN = np.array([214.0, 166.0, 140.0])
SPOT_COLOURS = {"mel": (40.0, 25.0, 30.0), "nv": (130.0, 80.0, 55.0), "bcc": (205.0, 110.0, 120.0)}


def draw_spot(diagnosis: str, generator: np.random.Generator, size_px: int = 64) -> Pixels:
    """A spot on skin whose colour tells the diagnosis: something a small network can learn in seconds."""
    rows, columns = np.mgrid[0:size_px, 0:size_px] / size_px - 0.5
    centre = generator.uniform(-0.12, 0.12, 2)
    radius = generator.uniform(0.15, 0.3)
    distance = np.hypot(rows - centre[0], columns - centre[1])
    inside = 1 / (1 + np.exp((distance - radius) * 40))[..., None]
    tone = SKIN * generator.uniform(0.8, 1.1)
    pixels = tone * (1 - inside) + np.array(SPOT_COLOURS[diagnosis]) * inside
    return np.clip(pixels + generator.normal(0, 6, pixels.shape), 0, 255).astype(np.uint8)


def make_dataset(folder: Path, per_class: int = 24, seed: int = 0) -> Path:
    """Write a small dataset in the format of ``lentigo prepare``: three diagnoses, two sources."""
    generator = np.random.default_rng(seed)
    (folder / "images").mkdir(parents=True)
    rows = []
    for diagnosis in SPOT_COLOURS:
        for number in range(per_class):
            name = f"images/{diagnosis}_{number}.jpg"
            Image.fromarray(draw_spot(diagnosis, generator)).save(folder / name, quality=95)
            rows.append(
                {
                    "image": name,
                    "source": "ham10000" if number % 2 else "pad-ufes-20",
                    "diagnosis": diagnosis,
                    "group": f"{diagnosis}_{number // 2}",
                    "split": ("train", "train", "train", "train", "validation", "test")[number // 2 % 6],
                    "fold": number // 2 % 5,
                    "image_type": "dermoscopic" if number % 2 else "clinical",
                    "age": None if number % 3 == 0 else float(generator.integers(20, 90)),
                    "sex": "female" if number % 4 < 2 else "male",
                    "site": "back" if number % 5 else None,
                    "itches": bool(generator.random() < 0.5) if number % 2 else None,
                    "sha1": f"{len(rows):040x}",
                }
            )
    pl.DataFrame(rows, schema=MANIFEST_SCHEMA).write_parquet(folder / "manifest.parquet")
    (folder / "dataset.json").write_text(json.dumps(_record(rows)), encoding="utf-8")
    return folder


def _record(rows: list[dict[str, object]]) -> dict[str, object]:
    raise RuntimeError(len(rows))  # filled in when the format of dataset.json stands
