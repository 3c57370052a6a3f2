"""The evidence map as a picture.

Blue speaks for the diagnosis, yellow against it; nothing is drawn where nothing speaks. Blue and yellow stay apart with
any common colour blindness, also on skin, and differ in lightness. The scale is the same for every photo and model: at
full strength, a photo that is like this place all over would have :data:`FULL_LOG_ODDS`.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from lentigo.imaging import Pixels
from lentigo.inference.assessment import EvidenceMap

FULL_LOG_ODDS = 16.0
"""Evidence per whole photo that is drawn at full strength: about the 98th percentile of what `lesions` finds."""

LAYER_PX = 256
"""Side of a layer that a client lays over its own photo: smooth, so that it can be enlarged."""
PICTURE_PX = 512

FOR = (0, 120, 255)
AGAINST = (255, 215, 0)
_STRONGEST_ALPHA = 0.65
"""What is under the strongest colour can still be seen."""

_LEGEND_PX = 44
_FONT_PX = 15

Values = Sequence[Sequence[float]]


def draw_layer(values: Values, side_px: int = LAYER_PX) -> Image.Image:
    """A map's values, rows of log-odds, as a transparent square (RGBA), smooth between the places' centres."""
    grid = np.array(values, dtype=np.float32)
    strength = Image.fromarray(grid * (grid.size / FULL_LOG_ODDS)).resize((side_px, side_px), Image.Resampling.BILINEAR)
    return Image.fromarray(_colours(np.asarray(strength)))


def encode_layer(values: Values) -> str:
    """The layer as PNG in base64, as an Assessment carries it."""
    file = io.BytesIO()
    draw_layer(values).save(file, "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode("ascii")


def draw_picture(pixels: Pixels, evidence: EvidenceMap, name: str) -> Image.Image:
    """The photo's centre square with its map over it, and what the colours say of the diagnosis ``name`` beneath."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = Image.fromarray(pixels[top : top + side, left : left + side])
    photo = square.resize((PICTURE_PX, PICTURE_PX), Image.Resampling.BICUBIC).convert("RGBA")
    picture = Image.new("RGB", (PICTURE_PX, PICTURE_PX + _LEGEND_PX), "white")
    picture.paste(Image.alpha_composite(photo, draw_layer(evidence.values, PICTURE_PX)))
    picture.paste(_legend(evidence, name), (0, PICTURE_PX))
    return picture


def save_picture(path: Path, pixels: Pixels, evidence: EvidenceMap, name: str) -> None:
    """Write :func:`draw_picture` as PNG."""
    draw_picture(pixels, evidence, name).save(path, "PNG")


def _colours(strength: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """(H, W) of -1 (all against) to 1 (all for), and beyond, to RGBA (H, W, 4)."""
    coloured = np.empty((*strength.shape, 4), np.uint8)
    coloured[..., :3] = np.where(strength[..., None] > 0, FOR, AGAINST)
    coloured[..., 3] = np.rint(255 * _STRONGEST_ALPHA * np.clip(np.abs(strength), 0, 1))
    return coloured


def _legend(evidence: EvidenceMap, name: str) -> Image.Image:
    """A bar from all against to all for, over white, and the map's total."""
    strip = Image.new("RGBA", (PICTURE_PX, _LEGEND_PX), "white")
    bar_px, middle = 140, PICTURE_PX // 2
    scale = np.broadcast_to(np.linspace(-1, 1, bar_px, dtype=np.float32), (12, bar_px))
    bar = Image.new("RGBA", (bar_px, 12), "white")
    strip.paste(Image.alpha_composite(bar, Image.fromarray(_colours(scale))), (middle - bar_px // 2, 5))
    pen, font = ImageDraw.Draw(strip), ImageFont.load_default(_FONT_PX)
    pen.text((middle - bar_px // 2 - 8, 11), "against", "black", font, anchor="rm")
    pen.text((middle + bar_px // 2 + 8, 11), "for", "black", font, anchor="lm")
    total = f"{evidence.total:+.1f}".replace("-", "\N{MINUS SIGN}")
    pen.text((middle, 32), f"{name}: {total} log-odds by this photo", "black", font, anchor="mm")
    return strip.convert("RGB")
