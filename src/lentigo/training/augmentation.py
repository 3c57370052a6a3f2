"""Changes to training photos: drawn first (:func:`draw`), applied after, so that what was done can be recorded.

Geometry is applied to each photo where it is read (it needs the full-size photo); light, colour and sharpness to a
whole batch at once, on the device that trains.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor
from torchvision.transforms.v2 import functional

from lentigo import imaging
from lentigo.imaging import Pixels
from lentigo.training.config import AugmentationConfig

GREY = (0.299, 0.587, 0.114)
"""Weights of red, green and blue in lightness (ITU-R BT.601)."""


WORST_JPEG, BEST_JPEG = 30, 80
"""Qualities of poor JPEGs, as messengers send them."""

_MOST_HAIRS = 12


@dataclass(frozen=True)
class Hair:
    """A curve over the photo: start, bend and end in fractions of the side, width likewise, ``darkness`` 0..1."""

    points: tuple[tuple[float, float], ...]
    width: float
    darkness: float


@dataclass(frozen=True)
class Changes:
    """What happens to one photo.

    ``box`` (left, top, right, bottom) is in fractions of the photo's centre square; ``quarter_turns`` counts
    90 degrees; ``jpeg_quality`` is None for none; the others are factors, 1 for no change.
    """

    box: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    flip: bool = False
    quarter_turns: int = 0
    brightness: float = 1.0
    contrast: float = 1.0
    saturation: float = 1.0
    channels: tuple[float, float, float] = (1.0, 1.0, 1.0)
    blur: bool = False
    jpeg_quality: int | None = None
    hairs: tuple[Hair, ...] = ()

    @property
    def light(self) -> tuple[float, ...]:
        """(7,): brightness, contrast, saturation, red, green, blue, blur; what :func:`relight` takes."""
        return (self.brightness, self.contrast, self.saturation, *self.channels, float(self.blur))


def draw(config: AugmentationConfig, generator: np.random.Generator) -> Changes:
    """Draw one photo's changes."""

    def factor(width: float) -> float:
        return float(generator.uniform(1 - width, 1 + width))

    return Changes(
        box=_draw_box(config, generator),
        flip=bool(config.flip and generator.random() < 0.5),
        quarter_turns=int(generator.integers(4)) if config.turn else 0,
        brightness=factor(config.brightness),
        contrast=factor(config.contrast),
        saturation=factor(config.saturation),
        channels=(factor(config.colour_cast), factor(config.colour_cast), factor(config.colour_cast)),
        blur=bool(generator.random() < config.blur_probability),
        jpeg_quality=_draw_jpeg(config, generator),
        hairs=_draw_hairs(config, generator),
    )


def _draw_jpeg(config: AugmentationConfig, generator: np.random.Generator) -> int | None:
    if not config.jpeg_probability or generator.random() >= config.jpeg_probability:
        return None
    return int(generator.integers(WORST_JPEG, BEST_JPEG))


def _draw_hairs(config: AugmentationConfig, generator: np.random.Generator) -> tuple[Hair, ...]:
    """Hairs that begin anywhere, run roughly one way, and bend."""
    if not config.hair_probability or generator.random() >= config.hair_probability:
        return ()
    direction = generator.uniform(0, math.pi)
    hairs = []
    for _ in range(int(generator.integers(1, _MOST_HAIRS + 1))):
        x, y = generator.uniform(-0.1, 1, 2)
        angle, length = direction + generator.normal(0, 0.35), generator.uniform(0.3, 0.9)
        end = (x + length * math.cos(angle), y + length * math.sin(angle))
        bend = ((x + end[0]) / 2 + generator.normal(0, 0.08), (y + end[1]) / 2 + generator.normal(0, 0.08))
        hairs.append(Hair(((x, y), bend, end), generator.uniform(0.004, 0.012), generator.uniform(0.5, 0.95)))
    return tuple(hairs)


def _draw_box(config: AugmentationConfig, generator: np.random.Generator) -> tuple[float, float, float, float]:
    side = float(np.sqrt(generator.uniform(config.crop_min_area, 1)))
    stretch = float(np.sqrt(config.crop_max_stretch ** generator.uniform(-1, 1)))
    width, height = min(1.0, side * stretch), min(1.0, side / stretch)
    left, top = generator.uniform(0, 1 - width), generator.uniform(0, 1 - height)
    return (left, top, left + width, top + height)


def reshape(pixels: Pixels, changes: Changes, size_px: int) -> Pixels:
    """Crop, resize (antialiased), hairs, JPEG, flip and turn: uint8 (H, W, 3) -> uint8 (size_px, size_px, 3)."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    left, top = (width - side) / 2, (height - side) / 2
    x0, y0, x1, y1 = (fraction * side for fraction in changes.box)
    box = (left + x0, top + y0, left + x1, top + y1)
    resized = Image.fromarray(pixels).resize((size_px, size_px), Image.Resampling.BILINEAR, box=box)
    if changes.hairs:
        resized = _with_hairs(resized, changes.hairs)
    if changes.jpeg_quality is not None:
        file = io.BytesIO()
        resized.save(file, "JPEG", quality=changes.jpeg_quality)
        resized = Image.fromarray(imaging.decode(file.getvalue()).pixels)
    turned = np.rot90(np.asarray(resized), changes.quarter_turns)
    # A copy: torch wants memory of its own, in order.
    return np.array(turned[:, ::-1] if changes.flip else turned)


_CURVE_POINTS = 12
_SUPERSAMPLING = 2


def _with_hairs(image: Image.Image, hairs: tuple[Hair, ...]) -> Image.Image:
    """Darken the photo along quadratic Bezier curves; drawn at twice the size, so that edges are smooth."""
    side = image.width * _SUPERSAMPLING
    mask = Image.new("L", (side, side))
    pencil = ImageDraw.Draw(mask)
    at = np.linspace(0, 1, _CURVE_POINTS)[:, None]
    for hair in hairs:
        start, bend, end = (np.array(point) * side for point in hair.points)
        curve = (1 - at) ** 2 * start + 2 * at * (1 - at) * bend + at**2 * end
        width = max(1, round(hair.width * side))
        pencil.line([tuple(point) for point in curve], fill=round(hair.darkness * 255), width=width, joint="curve")
    dark = Image.new("RGB", image.size, (30, 20, 18))
    return Image.composite(dark, image, mask.resize(image.size, Image.Resampling.BOX))


def relight(pixels: Tensor, light: Tensor) -> Tensor:
    """Change brightness, contrast, saturation, colour cast and sharpness of a batch.

    Args:
        pixels: (N, 3, S, S) float in 0..255.
        light: (N, 7), rows of :attr:`Changes.light`.

    Returns:
        (N, 3, S, S) float in 0..255.
    """
    brightness, contrast, saturation = (light[:, place, None, None, None] for place in range(3))
    lit = pixels * (brightness * light[:, 3:6, None, None])
    grey = (lit * lit.new_tensor(GREY).view(1, 3, 1, 1)).sum(1, keepdim=True)
    lit = grey + (lit - grey) * saturation
    mean = grey.mean((2, 3), keepdim=True)
    lit = (mean + (lit - mean) * contrast).clamp(0, 255)
    blurred = light[:, 6] > 0
    if bool(blurred.any()):
        lit[blurred] = functional.gaussian_blur(lit[blurred], kernel_size=[5, 5], sigma=[1.0, 1.0])
    return torch.as_tensor(lit)
