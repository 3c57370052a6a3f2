"""Every choice of a training run, its default, and the presets.

A run's ``config.toml`` holds all of them, so that a run can be repeated from its own folder.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import tomli_w
from pydantic import Field, ValidationError, model_validator

from lentigo.card import Frozen
from lentigo.errors import ConfigError

Imbalance = Literal["none", "sampling", "augmenting", "class_weights", "focal", "balanced_softmax"]


_NONE = "none"


class AugmentationConfig(Frozen):
    """How far a training photo may be changed. A fraction of 0 turns a change off.

    Skin has no up or down, so photos are flipped and turned by right angles freely.
    """

    crop_min_area: float = Field(0.6, gt=0, le=1, description="Smallest part of the photo's centre square that is kept")
    crop_max_stretch: float = Field(1.15, ge=1, description="Largest ratio by which a crop's sides may differ")
    flip: bool = True
    turn: bool = True
    brightness: float = Field(0.25, ge=0, lt=1, description="Largest relative change of brightness")
    contrast: float = Field(0.25, ge=0, lt=1, description="Largest relative change of contrast")
    saturation: float = Field(0.25, ge=0, lt=1, description="Largest relative change of saturation")
    colour_cast: float = Field(
        0.08, ge=0, lt=1, description="Largest relative change of one colour channel: light and camera"
    )
    blur_probability: float = Field(0.1, ge=0, le=1, description="Share of photos that are made softer")
    jpeg_probability: float = Field(0.0, ge=0, le=1, description="Share of photos saved anew as a poor JPEG")
    hair_probability: float = Field(0.0, ge=0, le=1, description="Share of photos over which hairs are drawn")


class TrainConfig(Frozen):
    """One training run."""

    backbone: str = Field("tf_efficientnet_lite0", description="Any model name that timm knows, or 'lentigo_cnn'")
    pretrained: bool = Field(True, description="Start from ImageNet weights: those of `weights`, else timm's hub")
    weights: str | None = Field(None, description="Path of a safetensors file with the backbone's weights")
    input_size_px: int = Field(192, ge=32, le=1024, description="Side of the square that the network learns on")
    start_size_px: int | None = Field(
        None, ge=32, description="Side in the first epochs; grows to input_size_px over the first two thirds"
    )
    eval_size_px: int | None = Field(
        None, ge=32, description="Side in validation and after export; None takes input_size_px"
    )
    eval_views: Literal[1, 2, 4] = Field(
        1, description="Ways in which a photo is looked at in validation and after export: as it is, mirrored, turned"
    )
    norm: Literal["batch", "frozen", "group"] = Field(
        "batch",
        description="What normalises features: batch statistics, the pretrained ones held still, or each photo's",
    )
    use_answers: bool = True
    answer_drop: float = Field(0.3, ge=0, le=1, description="Share of answers hidden at random, each by itself")
    photo_only: float = Field(0.3, ge=0, le=1, description="Share of examples whose answers are all hidden")
    head: Literal["linear", "dense"] = Field("linear", description="Of the averaged features; dense adds a layer")
    head_units: int = Field(256, ge=1, description="Hidden units of a dense head")
    feature_dropout: float = Field(0.2, ge=0, lt=1, description="Share of averaged (dense: hidden) features dropped")
    epochs: int = Field(12, ge=1)
    frozen_epochs: int = Field(1, ge=0, description="First epochs in which only the new layers learn")
    unfreeze: Literal["all", "gradual", "never"] = Field(
        "all", description="After the frozen epochs: all at once, from the top down, or never"
    )
    layer_decay: float = Field(
        1.0, gt=0, le=1, description="Factor by which each layer of the backbone learns slower than the one above"
    )
    batch_size: int = Field(64, ge=2)
    learning_rate: float = Field(6e-4, gt=0, description="Of the backbone")
    head_learning_rate: float = Field(2e-3, gt=0, description="Of the new layers")
    warmup_steps: int = Field(
        100, ge=0, description="Steps in which the learning rate rises; at most a fifth of all steps"
    )
    weight_decay: float = Field(0.02, ge=0)
    label_smoothing: float = Field(0.05, ge=0, lt=1)
    ema_decay: float = Field(
        0.995, ge=0, lt=1, description="Of the averaged weights that are kept at each later step; 0 turns averaging off"
    )
    gradient_clip: float = Field(2.0, gt=0)
    imbalance: Imbalance = Field("sampling", description="What is done for rare diagnoses")
    balance: float = Field(
        0.5,
        ge=0,
        le=1,
        description="How far sampling, augmenting and class_weights go: 0 nothing, 1 all diagnoses count equally",
    )
    focal_gamma: float = Field(2.0, ge=0, description="Of the focal loss: how little an easy photo counts")
    augmentation: AugmentationConfig = AugmentationConfig()
    precision: Literal["bf16", "fp32"] = "bf16"
    patience: int = Field(5, ge=1, description="Epochs without a better validation score after which training stops")
    target_recall_high: float = Field(
        0.9, gt=0, lt=1, description="Of melanoma and squamous-cell carcinoma, on validation"
    )
    target_recall_malignant: float = Field(0.95, gt=0, lt=1, description="Of all dangerous diagnoses, on validation")
    novelty_quantile: float = Field(0.99, gt=0, lt=1, description="Share of validation photos that count as familiar")
    no_skin_quantile: float = Field(0.998, gt=0, lt=1, description="Share of validation photos that count as skin")
    answered: float = Field(0.9, gt=0, lt=1, description="Share of validation photos, the surest, that get an answer")
    trackers: tuple[str, ...] = Field(
        ("tensorboard",), description="Where figures go while training; any name that accelerate knows"
    )
    loader_workers: int | None = Field(None, ge=0, description="Processes that read photos; None chooses by cores")
    seed: int = Field(1, ge=0)

    @model_validator(mode="before")
    @classmethod
    def _none_is_written_out(cls, values: Any) -> Any:
        """TOML has no null: ``none`` stands for it where a setting may be left open."""
        if not isinstance(values, dict):
            return values
        open_settings = {name for name, one in cls.model_fields.items() if one.default is None}
        return {name: None if name in open_settings and one == _NONE else one for name, one in values.items()}

    @model_validator(mode="after")
    def _sizes_grow(self) -> TrainConfig:
        if self.start_size_px is not None and self.start_size_px > self.input_size_px:
            raise ValueError(
                f"start_size_px ({self.start_size_px}) must not be larger than input_size_px ({self.input_size_px}); "
                "set both, or start_size_px=none"
            )
        return self

    @model_validator(mode="after")
    def _statistics_to_hold(self) -> TrainConfig:
        if self.norm == "frozen" and not self.pretrained:
            raise ValueError("norm=frozen holds the statistics of pretrained weights; from scratch, set norm=group")
        return self

    @property
    def evaluation_size_px(self) -> int:
        """Side in validation and after export."""
        return self.eval_size_px or self.input_size_px

    def size_at(self, epoch: int) -> int:
        """Side on which an epoch (from 0) learns: growing, in steps of 32 px, as in EfficientNetV2 (Tan & Le 2021)."""
        if self.start_size_px is None:
            return self.input_size_px
        progress = min(1.0, epoch / max(1.0, self.epochs * 2 / 3))
        steps = int(progress * ((self.input_size_px - self.start_size_px) // 32 + 1))
        return min(self.input_size_px, self.start_size_px + 32 * steps)

    def to_toml(self) -> str:
        """The text of a run's ``config.toml``: every setting, so that no preset changes it when it is read again."""
        return tomli_w.dumps(_with_none_as_text(self.model_dump(mode="json")))


PRESETS: dict[str, dict[str, Any]] = {
    "efficientnet": {
        "start_size_px": 160,
        "eval_size_px": 224,
        "eval_views": 2,
        "epochs": 10,
        "learning_rate": 3e-4,
        "warmup_steps": 80,
        "ema_decay": 0.99,
    },
    "vgg16": {"backbone": "vgg16", "input_size_px": 224, "learning_rate": 1e-4, "gradient_clip": 1.0},
    "mobilenet": {"backbone": "mobilenetv2_100", "input_size_px": 224},
    "resnet50": {"backbone": "resnet50", "input_size_px": 224, "learning_rate": 3e-4},
    "cnn": {
        "backbone": "lentigo_cnn",
        "pretrained": False,
        "input_size_px": 128,
        "frozen_epochs": 0,
        "epochs": 30,
        "learning_rate": 2e-3,
    },
}
"""What each preset sets apart from the defaults of :class:`TrainConfig`."""


def load_config(preset: str, file: Path | None = None, settings: Iterable[str] = ()) -> TrainConfig:
    """A preset, changed by a TOML file, changed by ``key=value`` settings.

    Raises:
        ConfigError: An unknown preset, key or value; the sentence names it.
    """
    if preset not in PRESETS:
        raise ConfigError(f"There is no preset '{preset}'.", f"Presets: {', '.join(PRESETS)}.")
    values: dict[str, Any] = dict(PRESETS[preset])
    if file is not None:
        values = _merged(values, _read_toml(file))
    for setting in settings:
        values = _merged(values, _parse_setting(setting))
    return _validated(values)


def read_config(path: Path) -> TrainConfig:
    """The configuration of a run.

    Raises:
        ConfigError: Not readable as one.
    """
    return _validated(_read_toml(path))


def _validated(values: dict[str, Any]) -> TrainConfig:
    try:
        return TrainConfig.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "configuration"
        if first["type"] == "extra_forbidden":
            raise ConfigError(f"There is no setting '{where}'.", f"Settings: {', '.join(_names())}.") from error
        was = f" (was {first['input']!r})" if first["loc"] else ""
        raise ConfigError(f"{where}: {first['msg'].removeprefix('Value error, ')}{was}.") from error


def _with_none_as_text(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _NONE if value is None else value for name, value in values.items()}


def _names() -> list[str]:
    inner = [f"augmentation.{name}" for name in AugmentationConfig.model_fields]
    return [name for name in TrainConfig.model_fields if name != "augmentation"] + inner


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"There is no file {path}.") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not TOML: {error}.") from error


def _parse_setting(setting: str) -> dict[str, Any]:
    """``a.b=1`` as ``{"a": {"b": 1}}``; the value is TOML, a bare word a string."""
    key, separator, text = setting.partition("=")
    if not separator or not key:
        raise ConfigError(f"'{setting}' is no setting.", "Write key=value, for example --set epochs=5.")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text
    nested: Any = value
    for part in reversed(key.split(".")):
        nested = {part: nested}
    return dict(nested)


def _merged(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in changes.items():
        inner = merged.get(key)
        both = isinstance(value, dict) and isinstance(inner, dict)
        merged[key] = _merged(inner, value) if both and inner is not None else value
    return merged
