"""The same photo on lighter and darker skin, for fitting and checking what must not depend on skin tone.

Public sets hold next to no dark skin, so what is fitted on them alone takes dark skin for no skin. Here the colour of
the surrounding skin is moved to that of another tone, and the whole photo with it, in linear light, as a filter would.
That is a simulation: it says how the tools take a photo's colours, not how a disease looks on that skin.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Tone:
    """A skin colour in CIELAB (D65); its group is by the individual typology angle (see :attr:`ita`)."""

    group: str
    lab: tuple[float, float, float]

    @property
    def ita(self) -> float:
        """Individual typology angle in degrees: atan((L* - 50) / b*) (Chardon et al. 1991)."""
        lightness, _, yellowness = self.lab
        return float(torch.rad2deg(torch.atan2(torch.tensor(lightness - 50), torch.tensor(yellowness))))


TONES = (
    Tone("very light", (72, 7, 14)),
    Tone("light", (65, 8, 16)),
    Tone("intermediate", (60, 9, 17)),
    Tone("tan", (54, 10, 18)),
    Tone("brown", (45, 11, 18)),
    Tone("dark", (36, 10, 14)),
    Tone("very dark", (30, 8, 11)),
)
"""One colour in each group of Del Bino & Bernerd (2013): above 55, 41, 28, 10, -30 degrees and below; dark twice."""

_DARKEST_SKIN = 0.01
"""Linear light below which a photo's own skin is taken to be this bright: noise would be scaled up."""
_LOOK_AT_EVERY = 4
_TO_LINEAR_RGB = ((3.2406, -1.5372, -0.4986), (-0.9689, 1.8758, 0.0415), (0.0557, -0.2040, 1.0570))
"""XYZ to linear sRGB (IEC 61966-2-1)."""
_WHITE = (0.95047, 1.0, 1.08883)
_LUMINANCE = (0.2126, 0.7152, 0.0722)


def with_tones(pixels: Tensor, tones: Tensor) -> Tensor:
    """Give each photo's skin another tone.

    Args:
        pixels: (N, 3, S, S) float in 0..255, sRGB.
        tones: (N,) places in :data:`TONES`.

    Returns:
        (N, 3, S, S) float in 0..255.
    """
    light = _to_linear(pixels / 255)
    wanted = torch.stack([_linear_rgb(tone) for tone in TONES]).to(pixels)[tones]
    gain = wanted / _skin_colour(light).clamp_min(_DARKEST_SKIN)
    return _from_linear(light * gain[:, :, None, None]) * 255


def _skin_colour(light: Tensor) -> Tensor:
    """(N, 3): the median colour of the lighter half, which is skin around a spot that is darker."""
    few = light[:, :, ::_LOOK_AT_EVERY, ::_LOOK_AT_EVERY].flatten(2)
    luminance = (few * few.new_tensor(_LUMINANCE)[:, None]).sum(1)
    lighter = luminance.topk(max(1, luminance.shape[1] // 2), dim=1).indices
    return few.gather(2, lighter[:, None].expand(-1, 3, -1)).median(2).values


def _linear_rgb(tone: Tone) -> Tensor:
    """(3,) linear sRGB of a colour, by the formulas of CIE 15 and IEC 61966-2-1."""
    lightness, a, b = tone.lab
    middle = (lightness + 16) / 116
    curve = torch.tensor([middle + a / 500, middle, middle - b / 200])
    knee = 6 / 29
    xyz = torch.where(curve > knee, curve**3, 3 * knee**2 * (curve - 4 / 29)) * torch.tensor(_WHITE)
    return (torch.tensor(_TO_LINEAR_RGB) @ xyz).clamp(0, 1)


def _to_linear(encoded: Tensor) -> Tensor:
    return torch.where(encoded <= 0.04045, encoded / 12.92, ((encoded.clamp_min(0) + 0.055) / 1.055) ** 2.4)


def _from_linear(light: Tensor) -> Tensor:
    light = light.clamp(0, 1)
    return torch.where(light <= 0.0031308, 12.92 * light, 1.055 * light.clamp_min(1e-8) ** (1 / 2.4) - 0.055)
