"""A camera for the browser that shows a made picture: Chromium plays a Y4M file as one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from playwright.sync_api import Browser, BrowserType

from tests.browser.conftest import ARGUMENTS, chromium_path
from tests.made import SKIN

Pixels = npt.NDArray[np.uint8]

STILL = ((0.0, 0.0),)
MOVING = tuple((0.12 * np.sin(angle), 0.0) for angle in np.linspace(0, 2 * np.pi, 10, endpoint=False))
"""Where the mole is in each frame, from the middle in shares of the shorter side."""


def draw_frame(
    size: tuple[int, int] = (480, 640), x: float = 0.0, y: float = 0.0, light: float = 1.0, radius: float = 0.22
) -> Pixels:
    """(height, width, 3), ``size`` being (width, height): a ragged mole, darker in the middle, on skin with pores."""
    width, height = size
    columns, rows = np.meshgrid(
        (np.arange(width) + 0.5 - width / 2) / min(size), (np.arange(height) + 0.5 - height / 2) / min(size)
    )
    pores = _grain(size, 3, 0.6) + _grain(size, 9, 0.4)
    mottle = _grain(size, 60, 1.0)
    angle, distance = np.arctan2(rows - y, columns - x), np.hypot(columns - x, rows - y)
    edge = radius * (1 + 0.07 * np.sin(3 * angle + 1) + 0.04 * np.sin(7 * angle) + 0.0008 * mottle)
    inside = 1 / (1 + np.exp((distance - edge) * 90))[..., None]
    middle = np.exp(-((distance / edge) ** 2) * 2)[..., None]
    skin = SKIN * (1 - 0.12 * (columns + rows))[..., None] + (0.08 * pores + 0.05 * mottle)[..., None]
    mole = np.array((134.0, 84.0, 58.0)) - middle * (46, 34, 22) + (0.14 * pores + 0.1 * mottle)[..., None]
    drawn: Pixels = np.clip(light * (skin * (1 - inside) + mole * inside), 0, 255).astype(np.uint8)
    return drawn


def _grain(size: tuple[int, int], grain_px: int, share: float) -> npt.NDArray[np.float64]:
    width, height = size
    made = np.random.default_rng(grain_px).integers(0, 256, (height // grain_px, width // grain_px), dtype=np.uint8)
    smooth = np.asarray(Image.fromarray(made).resize(size, Image.Resampling.BICUBIC), np.float64)
    return share * (smooth - 128)


def write_video(
    path: Path,
    places: tuple[tuple[float, float], ...] = STILL,
    size: tuple[int, int] = (480, 640),
    light: float = 1.0,
    radius: float = 0.22,
) -> None:
    """Write what the camera sees, ten frames a second, over and over (Y4M, 4:2:0)."""
    width, height = size
    frames = []
    for x, y in places:
        image = Image.fromarray(draw_frame(size, x, y, light, radius)).convert("YCbCr")
        luma, *chroma = image.split()
        halves = [plane.resize((width // 2, height // 2)) for plane in chroma]
        frames.append(b"FRAME\n" + b"".join(plane.tobytes() for plane in (luma, *halves)))
    header = f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode()
    path.write_bytes(header + b"".join(frames))


def launch(browser_type: BrowserType, video: Path) -> Browser:
    """A browser whose camera shows ``video``, as the file is when the camera is opened."""
    camera = ("--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={video}")
    return browser_type.launch(executable_path=chromium_path(), args=[*ARGUMENTS, *camera])
