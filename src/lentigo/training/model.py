"""The network: a backbone's feature map, a head on its average, and additive evidence from answers.

Averaging and a linear layer commute, so a linear head applied to every place of the feature map gives a map of evidence
whose sum is exactly the photo's share of each logit (class activation maps, Zhou et al. 2016, made exact by having
nothing but the average and one linear layer after the map). Answers add linear evidence of their own. Neither part
has a bias: what is not there adds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import timm
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from lentigo.card import AnswerSpec
from lentigo.errors import ConfigError
from lentigo.training.cnn import SmallCnn
from lentigo.training.config import TrainConfig
from lentigo.training.heads import DenseEvidence, LinearEvidence
from lentigo.training.norm import STATISTICS, with_group_norm, without_statistics
from lentigo.training.views import averaged, seen

SMALL_CNN = "lentigo_cnn"
_SIZE_PX_FOR_PROBING = 96
_TINY = 1e-12
"""Under a root whose slope at zero is infinite."""


@dataclass(frozen=True)
class Evidence:
    """Where the logits come from.

    Attributes:
        map: (N, C, h, w) photo evidence at each place; summed over h and w it is the photo's share of the logits.
        answers: (N, Q, C) evidence of each answer.
        textures: (N, T) mean and spread of each channel of the backbone's last stage but one: textures and colours,
            before the network has made up its mind what they mean.
        views: (N, V, C) logits by each view of the photo alone; their mean is :attr:`logits`.
    """

    map: Tensor
    answers: Tensor
    textures: Tensor
    views: Tensor

    @property
    def logits(self) -> Tensor:
        """(N, C): the sum of all parts."""
        return self.map.sum((2, 3)) + self.answers.sum(1)


class EvidenceModel(nn.Module):
    """Photo and answers in, logits out.

    Args:
        backbone: A name that timm knows, or ``lentigo_cnn``.
        classes: Number of diagnoses C.
        answers: The answers the model takes, in the order of its ``answers`` input; A columns in all.
        feature_dropout: Share of averaged features dropped while training.
        input_size_px: For backbones that are built for one size (vision transformers).
        dense_units: Hidden units of a dense head; None for a linear one.
        views: Ways in which :meth:`explain` looks at each photo, see :mod:`lentigo.training.views`.
    """

    mean: Tensor
    std: Tensor

    def __init__(
        self,
        backbone: str,
        classes: int,
        answers: Sequence[AnswerSpec],
        feature_dropout: float = 0.0,
        input_size_px: int | None = None,
        dense_units: int | None = None,
        views: int = 1,
    ) -> None:
        super().__init__()
        self.views = views
        self.backbone = create_backbone(backbone, input_size_px)
        mean, std = _normalisation(self.backbone)
        self.register_buffer("mean", torch.tensor(mean).view(1, 3, 1, 1) * 255, persistent=False)
        self.register_buffer("std", torch.tensor(std).view(1, 3, 1, 1) * 255, persistent=False)
        self.answer_columns = tuple(spec.columns for spec in answers)
        self.dropout = nn.Dropout(feature_dropout)
        features = self._probe(input_size_px or _SIZE_PX_FOR_PROBING)[0]
        self.head: LinearEvidence | DenseEvidence = (
            LinearEvidence(features, classes)
            if dense_units is None
            else DenseEvidence(features, classes, dense_units, feature_dropout)
        )
        self.answers = LinearEvidence(sum(self.answer_columns), classes)

    def grid(self, size_px: int) -> tuple[int, int]:
        """Rows and columns of the evidence map for photos of this size."""
        return self._probe(size_px)[1:]

    def _probe(self, size_px: int) -> tuple[int, int, int]:
        """(F, h, w) of the feature map."""
        training = self.training
        self.eval()
        with torch.no_grad():
            shape = self.feature_map(torch.zeros(1, 3, size_px, size_px, device=self.mean.device)).shape
        self.train(training)
        return shape[1], shape[2], shape[3]

    def feature_map(self, pixels: Tensor) -> Tensor:
        """(N, 3, S, S) in 0..255 -> (N, F, h, w)."""
        features = self.backbone.forward_features((pixels - self.mean) / self.std)
        return _as_nchw(self.backbone, features)

    def forward(self, pixels: Tensor, answers: Tensor) -> Tensor:
        """Logits (N, C) from pixels (N, 3, S, S) in 0..255 and encoded answers (N, A)."""
        features = self.feature_map(pixels).mean((2, 3))
        logits: Tensor = self.head(self.dropout(features)) + self.answers(answers)
        return logits

    def explain(self, pixels: Tensor, answers: Tensor) -> Evidence:
        """Logits as their parts, over all views; with one view, those of :meth:`forward`."""
        textures, features = self._stages(seen(pixels, self.views))
        shares = [
            block @ self.answers.weight[:, start : start + width].T
            for block, start, width in self._answer_blocks(answers)
        ]
        none = features.new_zeros(len(pixels), 0, len(self.answers.weight))
        share = torch.stack(shares, 1) if shares else none
        places = self.head.places(features)
        views = torch.stack(places.sum((2, 3)).chunk(self.views), 1)
        return Evidence(
            map=averaged(places, self.views),
            answers=share,
            textures=self._over_views(torch.cat([textures.mean((2, 3)), _spread(textures)], 1)),
            views=views + share.sum(1)[:, None],
        )

    def _stages(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """(N, T/2, h', w') of the last stage but one, and what :meth:`feature_map` gives, in one pass."""
        normalised = (pixels - self.mean) / self.std
        features, stages = self.backbone.forward_intermediates(normalised, indices=2)
        return stages[0], _as_nchw(self.backbone, features)

    def _over_views(self, values: Tensor) -> Tensor:
        """(V * N, F) -> (N, F): the mean over views."""
        return torch.stack(values.chunk(self.views)).mean(0)

    def _answer_blocks(self, answers: Tensor) -> list[tuple[Tensor, int, int]]:
        starts = [sum(self.answer_columns[:place]) for place in range(len(self.answer_columns))]
        return [
            (answers[:, start : start + width], start, width)
            for start, width in zip(starts, self.answer_columns, strict=True)
        ]


def create_backbone(name: str, input_size_px: int | None = None) -> Any:
    """A backbone without weights.

    Raises:
        ConfigError: timm knows no such model.
    """
    if name == SMALL_CNN:
        return SmallCnn()
    if not timm.is_model(name):
        similar = timm.list_models(f"*{name.split('_')[0]}*")[:5]
        raise ConfigError(
            f"timm knows no model '{name}'.",
            f"Similar: {', '.join(similar)}." if similar else "See timm.list_models().",
        )
    fixed_size = {} if input_size_px is None or _takes_any_size(name) else {"img_size": input_size_px}
    return _only_features(timm.create_model(name, pretrained=False, num_classes=0, **fixed_size))


def _only_features(backbone: Any) -> Any:
    """Take out the dense layers that VGG keeps before its classifier: 120 million weights that nothing here uses."""
    if hasattr(backbone, "pre_logits"):
        backbone.pre_logits = nn.Identity()
    return backbone


def create_model(config: TrainConfig, classes: int, answers: Sequence[AnswerSpec]) -> EvidenceModel:
    """The network that a configuration describes, without weights.

    Raises:
        ConfigError: timm knows no such backbone.
    """
    model = EvidenceModel(
        config.backbone,
        classes,
        answers,
        config.feature_dropout,
        config.evaluation_size_px,
        config.head_units if config.head == "dense" else None,
        config.eval_views,
    )
    if config.norm == "group":
        with_group_norm(model.backbone)
    return model


def load_pretrained(model: EvidenceModel, name: str, weights: Path | None) -> None:
    """Load pretrained weights into the backbone: a safetensors file, else timm's hub.

    Raises:
        ConfigError: The file is not there or does not fit; or no file was given and the hub cannot be reached.
    """
    if weights is None:
        _load_from_hub(model, name)
        return
    if not weights.is_file():
        raise ConfigError(f"There is no weights file {weights}.", "Give the path of a safetensors file by --weights.")
    try:
        _fill(model.backbone, load_file(weights))
    except Exception as error:  # safetensors and torch each raise their own kinds for a file that does not fit
        first = str(error).strip().splitlines()[0]
        raise ConfigError(f"{weights} does not fit the backbone {name}: {first}") from error


def _load_from_hub(model: EvidenceModel, name: str) -> None:
    try:
        pretrained = _only_features(timm.create_model(name, pretrained=True, num_classes=0))
    except Exception as error:  # a closed network shows as any of a dozen kinds from three libraries
        raise ConfigError(
            f"The pretrained weights of {name} could not be fetched from timm's hub.",
            "Give a file by --weights, or train from scratch with --set pretrained=false.",
        ) from error
    _fill(model.backbone, pretrained.state_dict())


def _fill(backbone: nn.Module, state: dict[str, Tensor]) -> None:
    """Load weights; a backbone with group norm in place of batch norm has no use for batch norm's statistics."""
    keeps_statistics = any(name.endswith(STATISTICS) for name in backbone.state_dict())
    backbone.load_state_dict(state if keeps_statistics else without_statistics(state))


def _spread(maps: Tensor) -> Tensor:
    """(N, F, h, w) -> (N, F): standard deviation over the places."""
    centred = maps - maps.mean((2, 3), keepdim=True)
    return centred.square().mean((2, 3)).add(_TINY).sqrt()


def _takes_any_size(name: str) -> bool:
    return not any(kind in name for kind in ("vit", "swin", "beit", "deit", "eva", "maxvit", "coat", "mixer"))


def _normalisation(backbone: Any) -> tuple[tuple[float, ...], tuple[float, ...]]:
    settings = getattr(backbone, "pretrained_cfg", {})
    return tuple(settings.get("mean", (0.5, 0.5, 0.5))), tuple(settings.get("std", (0.5, 0.5, 0.5)))


def _as_nchw(backbone: Any, features: Tensor) -> Tensor:
    """Bring any of timm's feature layouts to (N, F, h, w); tokens without a grid become one row."""
    if features.ndim == 3:
        patches = features[:, getattr(backbone, "num_prefix_tokens", 0) :].transpose(1, 2)
        side = int(patches.shape[2] ** 0.5)
        grid = (side, side) if side * side == patches.shape[2] else (1, patches.shape[2])
        return patches.reshape(*patches.shape[:2], *grid)
    if getattr(backbone, "output_fmt", "NCHW") == "NHWC":
        return features.permute(0, 3, 1, 2)
    return features
