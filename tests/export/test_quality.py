"""Measures of a photo are the same wherever they are taken."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lentigo.datasets.description.photos import measure
from lentigo.export.quality import QualityMeasures


def test_the_graph_measures_as_describe_does() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    graph = QualityMeasures()(torch.tensor(pixels.transpose(2, 0, 1)).float())
    assert measure(pixels) == pytest.approx(graph.tolist(), abs=1e-5)
