"""Photos of one spot over months, drawn: it grows and darkens, the light changes, and a coin lies beside it."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
from PIL import Image

Field = npt.NDArray[np.float64]

SKIN = np.array([222.0, 178.0, 152.0])
SPOT = np.array([128.0, 78.0, 54.0])
DARK = np.array([58.0, 34.0, 32.0])
COIN = np.array([186.0, 124.0, 92.0])
PX_PER_MM = 14.0
COIN_MM = 16.25
"""One cent of the euro."""


def noise(generator: np.random.Generator, size_px: int, cells: int) -> Field:
    """Smooth noise from about -1 to 1 with ``cells`` bumps along a side: (size_px, size_px)."""
    grid = Image.fromarray(generator.normal(0, 0.5, (cells, cells)).astype(np.float32))
    return np.asarray(grid.resize((size_px, size_px), Image.Resampling.BICUBIC), np.float64)


def spot_photo(
    diameter_mm: float,
    *,
    light: float = 1.0,
    angle: float = 0.0,
    shift: tuple[float, float] = (0.0, 0.0),
    coin: bool = True,
    size_px: int = 640,
) -> bytes:
    """A JPEG of the spot, turned by ``angle`` degrees; ``shift`` moves it by fractions of the side."""
    generator = np.random.default_rng(7)
    rows, columns = np.mgrid[0:size_px, 0:size_px] - size_px / 2 + 0.5
    x, y = columns - shift[0] * size_px, rows - shift[1] * size_px
    turn = np.radians(angle)
    u, v = np.cos(turn) * x + np.sin(turn) * y, -np.sin(turn) * x + np.cos(turn) * y
    around = np.arctan2(v, u)
    radius = diameter_mm * PX_PER_MM / 2
    edge = radius * (0.88 + 0.07 * np.cos(3 * around + 1) + 0.05 * np.cos(5 * around) + 0.05 * np.cos(2 * around))
    inside = 1 / (1 + np.exp((np.hypot(u, v / 0.86) - edge) / 5))[..., None]
    darker = np.exp(-(((u - 0.35 * radius) ** 2 + (v + 0.2 * radius) ** 2) / (0.45 * radius) ** 2))[..., None]
    octaves = [noise(generator, size_px, cells) / place for place, cells in enumerate((5, 24, 90, 260), 1)]
    texture = np.sum(octaves, axis=0)
    skin = SKIN * (1 + 0.05 * texture[..., None])
    mottled = (1 + 0.14 * noise(generator, size_px, 40))[..., None]
    spot = (SPOT * (1 - darker) + DARK * darker) * mottled
    pixels = skin * (1 - inside) + spot * inside
    if coin:
        pixels = with_coin(pixels, rows, columns, size_px)
    fall = 1 - 0.12 * (np.hypot(rows, columns) / size_px)[..., None]
    noisy = pixels * fall * light + generator.normal(0, 2, pixels.shape)
    file = io.BytesIO()
    Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=92)
    return file.getvalue()


def with_coin(pixels: Field, rows: Field, columns: Field, size_px: int) -> Field:
    """The coin in the lower left corner, its left part outside the photo's middle."""
    away = np.hypot(columns + 0.26 * size_px, rows - 0.27 * size_px) / (COIN_MM * PX_PER_MM / 2)
    face = (1 / (1 + np.exp((away - 1) * 90)))[..., None]
    rim = np.exp(-(((away - 0.93) / 0.03) ** 2))[..., None]
    ring = np.exp(-(((away - 0.68) / 0.02) ** 2))[..., None]
    shine = 1 + 0.12 * np.sin(np.arctan2(rows, columns) * 2 + away * 3)[..., None]
    metal = COIN * shine * (1 + 0.18 * rim - 0.16 * ring)
    shadow = 1 - 0.25 * np.exp(-(((away - 1.03) / 0.05) ** 2))[..., None]
    drawn: Field = pixels * shadow * (1 - face) + metal * face
    return drawn


DATES = ("2026-05-02", "2026-08-01", "2026-11-14")

SERIES = (
    spot_photo(6.0, light=0.96),
    spot_photo(6.6, light=1.04, angle=-18, shift=(0.05, -0.04)),
    spot_photo(8.1, light=0.98, angle=12, shift=(-0.04, 0.03)),
)
