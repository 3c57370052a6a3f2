"""From averaged features to evidence: heads whose output is exactly a sum over the places of the feature map."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class LinearEvidence(nn.Module):
    """(N, I) -> (N, C), linear and without a bias: what is not there adds nothing.

    It starts at zero, so that the first steps cannot push noise of a random head into pretrained weights.
    """

    def __init__(self, inputs: int, classes: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(classes, inputs))

    def forward(self, inputs: Tensor) -> Tensor:
        """The evidence of each row."""
        return inputs @ self.weight.T

    def places(self, feature_map: Tensor) -> Tensor:
        """(N, I, h, w) -> (N, C, h, w): what each place adds; the sum is the evidence of the averaged map."""
        rows, columns = feature_map.shape[2:]
        return nn.functional.conv2d(feature_map, self.weight[:, :, None, None] / (rows * columns))


class DenseEvidence(nn.Module):
    """Dense layer, batch norm, ReLU, dropout, linear: the head of many course projects after global average pooling.

    For one photo a hidden unit is either open or shut, and an open one is linear, so what each place of the feature
    map adds can still be told exactly; the offset of an open unit is shared out evenly over the places.
    """

    def __init__(self, inputs: int, classes: int, units: int, dropout: float) -> None:
        super().__init__()
        self.hidden = nn.Linear(inputs, units, bias=False)
        self.norm = nn.BatchNorm1d(units)
        self.dropout = nn.Dropout(dropout)
        self.evidence = LinearEvidence(units, classes)

    def forward(self, inputs: Tensor) -> Tensor:
        """(N, I) -> (N, C)."""
        hidden: Tensor = self.norm(self.hidden(inputs)).relu()
        evidence: Tensor = self.evidence(self.dropout(hidden))
        return evidence

    def places(self, feature_map: Tensor) -> Tensor:
        """(N, I, h, w) -> (N, C, h, w) of a trained head: what each place adds."""
        assert self.norm.running_mean is not None  # noqa: S101  # narrows torch's type; it always tracks
        assert self.norm.running_var is not None  # noqa: S101  # narrows torch's type; it always tracks
        scale = self.norm.weight / (self.norm.running_var + self.norm.eps).sqrt()
        offset = self.norm.bias - self.norm.running_mean * scale
        weight = self.hidden.weight * scale[:, None]
        here = nn.functional.conv2d(feature_map, weight[:, :, None, None]) + offset[:, None, None]
        opened = (here.mean((2, 3), keepdim=True) > 0).to(here.dtype)
        return self.evidence.places(here * opened)
