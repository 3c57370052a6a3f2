"""Plain measures of a photo, computed in the graph on the very pixels that the network sees.

So Python, the browser and Android measure alike, and none of them touches the photo twice. What a value means is not
decided here: see :mod:`lentigo.export.quality_rules`.
"""

from __future__ import annotations

from typing import get_args

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d

from lentigo.card import QualityMeasure
from lentigo.training.augmentation import GREY

MEASURES: tuple[QualityMeasure, ...] = get_args(QualityMeasure)
"""What :class:`QualityMeasures` gives, in this order."""

CELLS = 32
"""Light and the spot are looked at on so many by so many averaged cells."""
BRIGHTEST = 51
"""``light`` is that of the cell with this rank: 5 % are brighter."""
REBLUR_PX = 9
HAIR_CONTRAST = 0.16
MIDDLE, ALL_BUT_SURROUNDINGS = 0.16, 0.3
"""Standard deviations of the bells that tell the middle from the surroundings, in shares of the side."""
_SKIN_RING = 2
_NOISE, _FINE_NOISE = 1e-5, 1e-6
"""Energy of a gradient that is no detail: about the rounding to 8 bits."""


class QualityMeasures(nn.Module):
    """Measures of pixels that are 0..1 once divided by 255. "Lightness" is their grey value.

    - ``brightness``: mean lightness.
    - ``sharpness``: standard deviation of the lightness's Laplacian (LAP4 of Pertuz et al. 2013, "Analysis of focus
      measure operators").
    - ``blur``: how little of the variation along rows or columns, whichever loses less, is lost by blurring once more;
      1 is all blurred (Crete et al. 2007, "The blur effect: perception and estimation with a new no-reference
      perceptual blur metric").
    - ``steadiness``: log of the energy of gradients in the direction that has least, over that of all gradients at half
      the size. Movement takes away one direction. Directions are those of the structure tensor (Bigün & Granlund 1987).
    - ``centre_focus``: log of the energy of fine gradients in the middle over that of the surroundings.
    - ``light``: the highest channel of a cell that 5 % of the cells surpass. The highest channel is red on skin of any
      tone, and falls less with pigment than lightness does.
    - ``glare``: standard deviation over cells of how white they are: white patches on what is not white.
    - ``spot_size``, ``spot_offset``: spread of what differs from the border's median colour, and how far its centre is
      from the photo's, in shares of the side. Weights are squared differences of colour, inside the inscribed circle.
    - ``hair``: share of pixels darker than what lies across them but not than what lies along them, by a morphological
      closing in four directions (Lee et al. 1997, "DullRazor"). Sharp corners of a dark spot count a little too.
    - ``ink``: share of pixels that are bluer than red and green, and bluer than the border by more than that.
    """

    grey: Tensor
    cells: Tensor
    across: Tensor
    ring: Tensor
    circle: Tensor
    narrow: Tensor
    wide: Tensor

    def __init__(self, size_px: int) -> None:
        super().__init__()
        self.register_buffer("grey", torch.tensor(GREY).view(3, 1, 1))
        self.register_buffer("cells", _averaging(size_px, CELLS))
        across = (torch.arange(CELLS) + 0.5) / CELLS - 0.5
        self.register_buffer("across", across)
        self.register_buffer("ring", _ring().flatten().nonzero()[:, 0])
        self.register_buffer("circle", (_squared_distance(CELLS) < 0.25).float())
        # Gradients are taken of what is left when a box of 3 has gone over the photo, and lose a pixel on each side.
        inner = ((torch.arange(size_px) + 0.5) / size_px - 0.5)[2:-2]
        self.register_buffer("narrow", torch.exp(-inner.square() / (2 * MIDDLE**2)))
        self.register_buffer("wide", torch.exp(-inner.square() / (2 * ALL_BUT_SURROUNDINGS**2)))

    def forward(self, channels: Tensor) -> Tensor:
        """(3, S, S) in 0..255 -> (M,), as :data:`MEASURES` names them."""
        photo = channels / 255
        lightness = (photo * self.grey).sum(0)
        small = self._in_cells(photo)
        skin = small.flatten(1)[:, self.ring].sort(1).values[:, len(self.ring) // 2].view(3, 1, 1)
        size, offset = self._spot(small, skin)
        measures = (
            lightness.mean(),
            _sharpness(lightness),
            torch.maximum(_reblurred(lightness), _reblurred(lightness.T)),
            _steadiness(lightness),
            self._centre_focus(lightness),
            small.amax(0).flatten().topk(BRIGHTEST).values[-1],
            self._in_cells(((photo.amin(0) - 0.85) / 0.1).clamp(0, 1)).std(correction=0),
            size,
            offset,
            _hair(lightness),
            _ink(photo, skin),
        )
        return torch.stack(measures)

    def _in_cells(self, image: Tensor) -> Tensor:
        """(..., S, S) -> (..., CELLS, CELLS), averaged."""
        return self.cells @ image @ self.cells.T

    def _centre_focus(self, lightness: Tensor) -> Tensor:
        fine = lightness[1:-1, 1:-1] - avg_pool2d(lightness[None], 3, 1)[0]
        across, down = _gradients(fine)
        energy = across.square() + down.square()
        # Bells over the photo are products of one along its rows and one along its columns.
        middle = (self.narrow @ energy @ self.narrow) / self.narrow.sum().square()
        rest = energy.numel() - self.wide.sum().square()
        surroundings = (energy.sum() - self.wide @ energy @ self.wide) / rest
        return torch.log((middle + _FINE_NOISE) / (surroundings + _FINE_NOISE))

    def _spot(self, small: Tensor, skin: Tensor) -> tuple[Tensor, Tensor]:
        weights = (small - skin).square().sum(0) * self.circle
        # Of a photo without any contrast, all places count alike.
        weights = weights + 1e-6 * self.circle
        weights = weights / weights.sum()
        columns, rows = weights.sum(0), weights.sum(1)
        x, y = (columns * self.across).sum(), (rows * self.across).sum()
        spread = (columns * (self.across - x).square()).sum() + (rows * (self.across - y).square()).sum()
        return spread.sqrt(), (x.square() + y.square()).sqrt()


def _sharpness(lightness: Tensor) -> Tensor:
    around = lightness[:-2, 1:-1] + lightness[2:, 1:-1] + lightness[1:-1, :-2] + lightness[1:-1, 2:]
    laplacian = around - 4 * lightness[1:-1, 1:-1]
    return (laplacian - laplacian.mean()).square().mean().sqrt()


def _reblurred(lightness: Tensor) -> Tensor:
    """The share of the variation along rows that is still there after one more blur along rows."""
    half = REBLUR_PX // 2
    blurred = avg_pool2d(lightness[None], (1, REBLUR_PX), 1)[0]
    before = lightness[:, half:-half].diff(dim=1).abs()
    lost = (before - blurred.diff(dim=1).abs()).clamp(min=0)
    return 1 - lost.sum() / (before.sum() + 1e-6)


def _gradients(image: Tensor) -> tuple[Tensor, Tensor]:
    """Central differences across and down, each (H - 2, W - 2)."""
    return image[1:-1, 2:] - image[1:-1, :-2], image[2:, 1:-1] - image[:-2, 1:-1]


def _steadiness(lightness: Tensor) -> Tensor:
    weakest, _ = _energies(lightness)
    at_half = torch.stack(_energies(avg_pool2d(lightness[None], 2)[0])).sum()
    return torch.log((weakest + _NOISE) / (at_half + _NOISE))


def _energies(lightness: Tensor) -> tuple[Tensor, Tensor]:
    """Mean energy of gradients in the direction that has least, and in the one that has most."""
    across, down = _gradients(lightness)
    a, b, both = across.square().mean(), down.square().mean(), (across * down).mean()
    apart = (((a - b) / 2).square() + both.square()).sqrt()
    return (a + b) / 2 - apart, (a + b) / 2 + apart


def _hair(lightness: Tensor) -> Tensor:
    here = lightness[10:-10, 10:-10]
    darker = torch.stack([_closing(lightness, *way) - here for way in ((0, 1), (1, 0), (1, 1), (1, -1))])
    return (darker.amax(0) - darker.amin(0) > HAIR_CONTRAST).float().mean()


def _closing(lightness: Tensor, down: int, across: int) -> Tensor:
    """Highest, then lowest, of 11 pixels in a row in one direction: (H, W) -> (H - 20, W - 20)."""
    highest = _highest_of_11(lightness, down, across)
    return -_highest_of_11(-highest, down, across)


def _highest_of_11(image: Tensor, down: int, across: int) -> Tensor:
    """By windows of 2, 4, 8, then 11 pixels; cut alike in every direction, to (H - 10, W - 10)."""
    height, width = image.shape
    if across < 0:
        image = image.flip(1)
    step_across = abs(across)
    for step in (1, 2, 4, 3):
        rows, columns = image.shape[0] - step * down, image.shape[1] - step * step_across
        image = torch.maximum(image[:rows, :columns], image[step * down :, step * step_across :])
    top, left = (image.shape[0] - height + 10) // 2, (image.shape[1] - width + 10) // 2
    image = image[top : top + height - 10, left : left + width - 10]
    return image.flip(1) if across < 0 else image


def _ink(photo: Tensor, skin: Tensor) -> Tensor:
    red, green, blue = photo
    total, skin_total = photo.sum(0) + 0.1, skin.sum() + 0.1
    bluer = (blue - red) / total - (skin[2] - skin[0]) / skin_total > 0.05
    is_blue = (blue - torch.maximum(red, green)) / total > 0.03
    inked: Tensor = (bluer & is_blue).float().mean()
    return inked


def _averaging(size_px: int, cells: int) -> Tensor:
    """(cells, size_px): each row averages one cell; pixels that lie in two count in both by their share."""
    edges, pixels = torch.arange(cells + 1) * size_px / cells, torch.arange(size_px)
    ends, starts = edges[1:, None], edges[:-1, None]
    inside = (torch.minimum(ends, pixels + 1) - torch.maximum(starts, pixels)).clamp(min=0)
    return inside * cells / size_px


def _squared_distance(size: int) -> Tensor:
    """(size, size): from the middle, in shares of the side."""
    across = (torch.arange(size) + 0.5) / size - 0.5
    return across.square()[:, None] + across.square()


def _ring() -> Tensor:
    """Which cells lie at the border."""
    ring = torch.ones(CELLS, CELLS)
    ring[_SKIN_RING:-_SKIN_RING, _SKIN_RING:-_SKIN_RING] = 0
    return ring
