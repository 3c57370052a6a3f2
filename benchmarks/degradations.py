"""Ways in which photos go wrong, step by step: what :mod:`benchmarks.quality` does to good ones.

What is random (an angle, places, hairs) is drawn once for a photo, so that each step is the last one, worse.
Lengths are in shares of the photo's side. Light is changed linearly (IEC 61966-2-1), as a camera's exposure does.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter
from scipy import ndimage

from lentigo.imaging import Pixels
from lentigo.training.augmentation import Changes, Hair, draw, reshape
from lentigo.training.config import AugmentationConfig

Floats = npt.NDArray[np.float64]

MOST_HAIRS, MOST_STROKES = 48, 8
INK = (70, 50, 150)
"""Gentian violet, as surgical pens have it, in sRGB."""


@dataclass(frozen=True)
class Chances:
    """What is drawn once for a photo; places are in shares of the side."""

    angle: float
    place: tuple[float, float]
    stretch: float
    hairs: tuple[Hair, ...]
    strokes: tuple[tuple[float, float], ...]
    """Where around the middle a pen stroke begins, and how long it is, in radians."""
    noise_seed: int


def draw_chances(generator: np.random.Generator) -> Chances:
    """Draw what :data:`KINDS` need for one photo."""
    config = AugmentationConfig(hair_probability=1.0)
    hairs: tuple[Hair, ...] = ()
    while len(hairs) < MOST_HAIRS:
        hairs += draw(config, generator).hairs
    # Begin anywhere, then go round, so that strokes do not lie over each other.
    starts = generator.uniform(0, 2 * math.pi) + np.arange(MOST_STROKES) * 2 * math.pi / MOST_STROKES
    lengths = generator.uniform(0.35, 0.7, MOST_STROKES)
    order = generator.permutation(MOST_STROKES)
    return Chances(
        angle=float(generator.uniform(0, 2 * math.pi)),
        place=(float(generator.uniform(0.35, 0.65)), float(generator.uniform(0.35, 0.65))),
        stretch=float(generator.uniform(0.6, 1.6)),
        hairs=hairs[:MOST_HAIRS],
        strokes=tuple((float(starts[one]), float(lengths[one])) for one in order),
        noise_seed=int(generator.integers(2**31)),
    )


def blur(pixels: Pixels, sigma: float, chances: Chances) -> Pixels:
    """Out of focus everywhere."""
    del chances
    return np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(sigma * len(pixels))))


def shake(pixels: Pixels, length: float, chances: Chances) -> Pixels:
    """The phone moved along a straight line."""
    reach = length * len(pixels) / 2
    half = math.ceil(reach)
    rows, columns = np.mgrid[-half : half + 1, -half : half + 1]
    along = columns * math.cos(chances.angle) + rows * math.sin(chances.angle)
    across = -columns * math.sin(chances.angle) + rows * math.cos(chances.angle)
    kernel = np.clip(reach + 0.5 - np.abs(along), 0, 1) * np.clip(1 - np.abs(across), 0, 1)
    kernel /= kernel.sum()
    blurred = [ndimage.convolve(channel.astype(np.float32), kernel, mode="nearest") for channel in _channels(pixels)]
    return _rounded(np.stack(blurred, 2))


def misfocus(pixels: Pixels, sigma: float, chances: Chances) -> Pixels:
    """The middle is soft and what surrounds it is sharp: the camera focused on something behind or beside."""
    side = len(pixels)
    rows, columns = np.mgrid[0:side, 0:side] / side - 0.5
    inside = 1 / (1 + np.exp((np.hypot(rows, columns) - 0.33) * 40))
    return _mixed(pixels, blur(pixels, sigma, chances), inside)


def darken(pixels: Pixels, stops: float, chances: Chances) -> Pixels:
    """Less light by so many stops, with the noise that a sensor then shows."""
    generator = np.random.default_rng(chances.noise_seed)
    light = _to_linear(pixels) * 2.0**-stops
    noisy = light + generator.normal(0, 1, light.shape) * (0.0015 + 0.01 * np.sqrt(light))
    return _from_linear(noisy)


def overexpose(pixels: Pixels, stops: float, chances: Chances) -> Pixels:
    """More light by so many stops; what is above white is lost."""
    del chances
    return _from_linear(_to_linear(pixels) * 2.0**stops)


def reflect(pixels: Pixels, radius: float, chances: Chances) -> Pixels:
    """A white reflection over the middle."""
    side = len(pixels)
    rows, columns = np.mgrid[0:side, 0:side] / side
    row, column = chances.place
    distance = np.hypot((rows - row) * chances.stretch, (columns - column) / chances.stretch)
    inside = 1 / (1 + np.exp((distance - radius) * 60))
    return _mixed(pixels, np.full_like(pixels, 255), inside)


def recede(pixels: Pixels, scale: float, chances: Chances) -> Pixels:
    """The same spot from farther away: the photo shrunk, with made skin around it."""
    side = len(pixels)
    small = round(side * scale)
    shrunk = Image.fromarray(pixels).resize((small, small), Image.Resampling.BOX)
    before = (side - small) // 2
    return _extended(np.asarray(shrunk), (before, side - small - before), (before, side - small - before), chances)


def shift(pixels: Pixels, distance: float, chances: Chances) -> Pixels:
    """The spot leaves the picture on one side; on the other, made skin comes in."""
    side = len(pixels)
    gap = round(distance * side)
    quarter = int(chances.angle // (math.pi / 2)) % 4
    turned = np.rot90(pixels, quarter)
    return np.ascontiguousarray(np.rot90(_extended(turned[:, gap:], (0, 0), (0, gap), chances), -quarter))


def grow_hair(pixels: Pixels, count: float, chances: Chances) -> Pixels:
    """So many hairs, as training can draw them."""
    return reshape(pixels, replace(Changes(), hairs=chances.hairs[: int(count)]), len(pixels))


def mark(pixels: Pixels, count: float, chances: Chances) -> Pixels:
    """So many strokes of a surgeon's pen around the middle."""
    side = len(pixels)
    mask = Image.new("L", (2 * side, 2 * side))
    pencil = ImageDraw.Draw(mask)
    for number, (start, length) in enumerate(chances.strokes[: int(count)]):
        radius = (0.3 + 0.1 * (number % 2)) * 2 * side
        box = (side - radius, side - radius, side + radius, side + radius)
        width = round(0.03 * 2 * side)
        pencil.arc(box, math.degrees(start), math.degrees(start + length), fill=200, width=width)
    inside = np.asarray(mask.resize((side, side), Image.Resampling.BOX)) / 255
    inked = _rounded(pixels * (np.array(INK) / 255) ** 0.5 * 0.5 + np.array(INK) * 0.5)
    return _mixed(pixels, inked, inside)


@dataclass(frozen=True)
class Kind:
    """One way to go wrong: how, and how much at each step."""

    apply: Callable[[Pixels, float, Chances], Pixels]
    steps: tuple[float, ...]
    unit: str


KINDS: dict[str, Kind] = {
    "out of focus": Kind(blur, (0.005, 0.01, 0.02, 0.04), "sigma, of the side"),
    "moved": Kind(shake, (0.02, 0.04, 0.08, 0.16), "length, of the side"),
    "middle out of focus": Kind(misfocus, (0.005, 0.01, 0.02, 0.04), "sigma, of the side"),
    "dark": Kind(darken, (1.0, 2.0, 3.0, 4.0), "stops less"),
    "over-exposed": Kind(overexpose, (0.5, 1.0, 1.5, 2.5), "stops more"),
    "glare": Kind(reflect, (0.05, 0.1, 0.16, 0.24), "radius, of the side"),
    "far away": Kind(recede, (0.6, 0.4, 0.25, 0.15), "scale"),
    "cut off": Kind(shift, (0.15, 0.25, 0.35, 0.45), "shift, of the side"),
    "hair": Kind(grow_hair, (6.0, 12.0, 24.0, 48.0), "hairs"),
    "pen marks": Kind(mark, (1.0, 2.0, 4.0, 8.0), "strokes"),
}


def _channels(pixels: Pixels) -> list[Pixels]:
    return [pixels[..., place] for place in range(3)]


def _rounded(values: Floats) -> Pixels:
    return np.clip(values + 0.5, 0, 255).astype(np.uint8)


def _mixed(pixels: Pixels, over: Pixels, share: Floats) -> Pixels:
    return _rounded(pixels + (over.astype(np.float64) - pixels) * share[..., None])


def _to_linear(pixels: Pixels) -> Floats:
    values = pixels / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _from_linear(light: Floats) -> Pixels:
    light = np.clip(light, 0, 1)
    return _rounded(255 * np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055))


def _extended(pixels: Pixels, rows: tuple[int, int], columns: tuple[int, int], chances: Chances) -> Pixels:
    """Continue a photo into skin that is made: its border's median colour, with grain as strong as the border's."""
    border = np.concatenate([pixels[:6].reshape(-1, 3), pixels[-6:].reshape(-1, 3)])
    generator = np.random.default_rng(chances.noise_seed)
    grain = float(np.std(np.diff(pixels[:6].mean(2), axis=1)) / math.sqrt(2))
    height, width = len(pixels) + sum(rows), pixels.shape[1] + sum(columns)
    made = np.median(border, 0) + generator.normal(0, max(grain, 0.5), (height, width, 1))
    known = np.zeros((height, width))
    known[rows[0] : rows[0] + len(pixels), columns[0] : columns[0] + pixels.shape[1]] = 1
    continued = np.pad(pixels, (rows, columns, (0, 0)), mode="edge")
    # Edges run out into the made skin instead of ending in a line.
    reach = np.exp(-ndimage.distance_transform_edt(1 - known) / (0.03 * width))[..., None]
    return _rounded(continued * reach + made * (1 - reach))
