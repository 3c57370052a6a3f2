"""Made photos of what people send that shows no spot: each as uint8 (H, W, 3)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

Pixels = npt.NDArray[np.uint8]

SKIN = (205, 160, 135)
SIDE_PX = 480


def flat(value: int) -> Pixels:
    """One grey all over."""
    return np.full((SIDE_PX, SIDE_PX, 3), value, np.uint8)


def noise() -> Pixels:
    """Every pixel by itself."""
    return np.random.default_rng(0).integers(0, 256, (SIDE_PX, SIDE_PX, 3), dtype=np.uint8)


def skin(shade: float = 1.0) -> Image.Image:
    """Skin with nothing on it: soft mottling and fine grain."""
    generator = np.random.default_rng(1)
    coarse = Image.fromarray(generator.integers(110, 146, (12, 12), dtype=np.uint8)).resize(
        (SIDE_PX, SIDE_PX), Image.Resampling.BICUBIC
    )
    mottling = np.asarray(coarse, np.float32)[..., None] / 128
    grain = generator.normal(0, 3, (SIDE_PX, SIDE_PX, 1))
    pixels = np.array(SKIN, np.float32) * shade * mottling + grain
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def healthy_skin() -> Pixels:
    """Skin with nothing on it."""
    return np.asarray(skin())


def text_page() -> Pixels:
    """A page of text."""
    page = Image.new("RGB", (SIDE_PX, SIDE_PX), (250, 250, 246))
    draw = ImageDraw.Draw(page)
    for line in range(20):
        draw.text((24, 20 + 22 * line), "The quick brown fox jumps over the lazy dog, again and again", (20, 20, 20))
    return np.asarray(page)


def screenshot() -> Pixels:
    """A list on a screen: bars, boxes and buttons."""
    page = Image.new("RGB", (SIDE_PX, SIDE_PX), (240, 242, 246))
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, SIDE_PX, 56), fill=(30, 90, 200))
    for row in range(5):
        top = 76 + 78 * row
        draw.rounded_rectangle((16, top, SIDE_PX - 16, top + 64), 10, fill=(255, 255, 255), outline=(200, 205, 215))
        draw.ellipse((28, top + 12, 68, top + 52), fill=(90 + 30 * row, 160, 120))
        draw.text((84, top + 24), f"Message number {row}", (40, 40, 40))
    return np.asarray(page)


def ultrasound() -> Pixels:
    """A grey fan of speckle on black."""
    generator = np.random.default_rng(2)
    rows, columns = np.mgrid[:SIDE_PX, :SIDE_PX]
    x, y = columns - SIDE_PX / 2, rows + 40.0
    inside = (np.abs(np.arctan2(x, y)) < 0.6) & (np.hypot(x, y) < SIDE_PX) & (np.hypot(x, y) > 90)
    speckle = generator.rayleigh(45, (SIDE_PX, SIDE_PX)) * inside
    grey = np.clip(speckle, 0, 255).astype(np.uint8)
    smooth = Image.fromarray(grey).filter(ImageFilter.GaussianBlur(1.2))
    return np.asarray(smooth.convert("RGB"))


def tattoo() -> Pixels:
    """Sharp ink lines on skin."""
    picture = skin()
    draw = ImageDraw.Draw(picture)
    middle = SIDE_PX // 2
    for turn in range(8):
        angle = turn * np.pi / 4
        tip = (middle + 170 * np.cos(angle), middle + 170 * np.sin(angle))
        draw.line([(middle, middle), tip], fill=(25, 40, 60), width=9)
        draw.ellipse((tip[0] - 22, tip[1] - 22, tip[0] + 22, tip[1] + 22), outline=(25, 40, 60), width=7)
    draw.ellipse((middle - 80, middle - 80, middle + 80, middle + 80), outline=(25, 40, 60), width=9)
    return np.asarray(picture.filter(ImageFilter.GaussianBlur(0.8)))


def plaster() -> Pixels:
    """A sticking plaster on skin."""
    picture = skin()
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((60, 170, 420, 310), 60, fill=(226, 190, 160))
    draw.rectangle((180, 180, 300, 300), fill=(240, 222, 200))
    for hole in range(6):
        for row in range(4):
            for left in (80, 320):
                x, y = left + 14 * hole, 200 + 25 * row
                draw.ellipse((x, y, x + 4, y + 4), fill=(200, 160, 130))
    return np.asarray(picture)


def on_a_screen(pixels: Pixels) -> Pixels:
    """The photo of a photo on a screen: its grid of coloured dots, and a dark frame."""
    shown = pixels.astype(np.float32).copy()
    for colour in range(3):
        shown[:, colour::3, [other for other in range(3) if other != colour]] *= 0.35
    shown[::4] *= 0.6
    framed = np.full((SIDE_PX, SIDE_PX, 3), 14, np.uint8)
    inner = Image.fromarray(np.clip(shown * 1.5, 0, 255).astype(np.uint8)).resize((SIDE_PX - 80, SIDE_PX - 80))
    framed[40:-40, 40:-40] = np.asarray(inner)
    return framed


def printed(pixels: Pixels) -> Pixels:
    """The photo of a printed photo: dots of ink on paper."""
    rows, columns = np.mgrid[: pixels.shape[0], : pixels.shape[1]]
    screen = (np.sin(rows * 1.1) * np.sin(columns * 1.1) + 1) / 2 * 255
    dots = np.where(pixels > screen[..., None], 245, 60).astype(np.uint8)
    return np.asarray(Image.fromarray(dots).filter(ImageFilter.GaussianBlur(0.7)))
