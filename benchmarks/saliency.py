"""Maps of a photo compared: enlarged, put in order, and how alike two are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from captum.attr import LayerGradCam
from scipy.stats import spearmanr

from lentigo.imaging import Pixels
from lentigo.training.model import EvidenceModel
from lentigo.training.views import averaged, seen

Floats = npt.NDArray[np.float64]


def enlarged(grid: npt.NDArray[np.floating], side_px: int) -> Floats:
    """(h, w) -> (S, S), bilinear between the places' centres."""
    tensor = torch.from_numpy(np.asarray(grid, dtype=np.float64))[None, None]
    large = torch.nn.functional.interpolate(tensor, (side_px, side_px), mode="bilinear", align_corners=False)
    return large[0, 0].numpy()


def gradcam(model: EvidenceModel, pixels: torch.Tensor, place: int) -> Floats:
    """Grad-CAM by captum of one photo (1, 3, S, S) on the last feature map, before its ReLU: (h, w).

    Over the same views of the photo as the model's own answer.
    """
    nothing = torch.zeros(1, sum(model.answer_columns))
    cam = LayerGradCam(lambda shown: model(shown, nothing.expand(len(shown), -1)), model.backbone.bn2)
    maps = cam.attribute(seen(pixels, model.views), target=place)
    return averaged(maps.detach(), model.views)[0, 0].double().numpy()


def order_of(saliency: Floats, generator: np.random.Generator) -> npt.NDArray[np.int64]:
    """Pixels from most to least salient; chance decides between equals, of which Grad-CAM's ReLU makes many."""
    return np.lexsort((generator.random(saliency.size), -saliency.ravel()))


def partly(first: Pixels, last: Pixels, order: npt.NDArray[np.int64], share: float) -> Pixels:
    """``first`` with that share of its pixels, in this order, taken from ``last``."""
    changed = order[: round(share * len(order))]
    mixed = first.reshape(-1, 3).copy()
    mixed[changed] = last.reshape(-1, 3)[changed]
    return mixed.reshape(first.shape)


def likeness(one: Floats, other: Floats) -> tuple[float, float, float]:
    """Rank correlation of two maps, that of their magnitudes, and their structural similarity."""
    ranks = spearmanr(one.ravel(), other.ravel()).statistic
    magnitudes = spearmanr(np.abs(one).ravel(), np.abs(other).ravel()).statistic
    return float(ranks), float(magnitudes), structural_similarity(one, other)


def structural_similarity(one: Floats, other: Floats) -> float:
    """Wang et al. (2004), one window over both maps, each scaled to a largest magnitude of 1: a range of 2."""
    x, y = one / np.abs(one).max(), other / np.abs(other).max()
    light, contrast = (0.01 * 2) ** 2, (0.03 * 2) ** 2
    covariance = ((x - x.mean()) * (y - y.mean())).mean()
    means = (2 * x.mean() * y.mean() + light) / (x.mean() ** 2 + y.mean() ** 2 + light)
    return float(means * (2 * covariance + contrast) / (x.var() + y.var() + contrast))
