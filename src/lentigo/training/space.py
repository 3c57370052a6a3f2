"""Which settings `lentigo tune` tries, and between which bounds: declared in TOML."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any

import optuna
from pydantic import Field, TypeAdapter, ValidationError, model_validator

from lentigo.card import Frozen
from lentigo.errors import ConfigError

DEFAULT_SPACE = """\
[learning_rate]
low = 5e-5
high = 2e-3
log = true

[head_learning_rate]
low = 5e-4
high = 1e-2
log = true

[balance]
low = 0.0
high = 1.0

[label_smoothing]
low = 0.0
high = 0.2

[weight_decay]
low = 1e-4
high = 1e-1
log = true

[imbalance]
choices = ["sampling", "class_weights", "focal", "balanced_softmax"]
"""
"""What is tried where no file says otherwise."""


class Range(Frozen):
    """Numbers from ``low`` to ``high``; whole ones where both bounds are. ``log`` spreads them by ratio."""

    low: int | float
    high: int | float
    log: bool = False

    @model_validator(mode="after")
    def _is_a_range(self) -> Range:
        if self.low >= self.high:
            raise ValueError("low must be below high")
        if self.log and self.low <= 0:
            raise ValueError("a log range must begin above 0")
        return self

    def suggest(self, trial: optuna.Trial, name: str) -> Any:
        """A value for this trial."""
        if isinstance(self.low, int) and isinstance(self.high, int):
            return trial.suggest_int(name, self.low, self.high, log=self.log)
        return trial.suggest_float(name, self.low, self.high, log=self.log)


class Choices(Frozen):
    """One of a list of values."""

    choices: tuple[str | bool | int | float, ...] = Field(min_length=2)

    def suggest(self, trial: optuna.Trial, name: str) -> Any:
        """A value for this trial."""
        return trial.suggest_categorical(name, self.choices)


Space = dict[str, Range | Choices]
_SPACE: TypeAdapter[Space] = TypeAdapter(Annotated[Space, Field(min_length=1)])


def read_space(path: Path | None) -> Space:
    """The space in a file; without one, :data:`DEFAULT_SPACE`.

    Raises:
        ConfigError: Not readable as one.
    """
    try:
        text = DEFAULT_SPACE if path is None else path.read_text(encoding="utf-8")
        return _SPACE.validate_python(_flat(tomllib.loads(text)))
    except FileNotFoundError:
        raise ConfigError(f"There is no file {path}.") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not TOML: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        setting = str(first["loc"][0]) if first["loc"] else "the space"
        raise ConfigError(
            f"{path}: '{setting}' is no range and no list of choices ({first['msg']}).",
            "Write low and high (log = true spreads by ratio), or choices = [...].",
        ) from error


def _flat(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """``[augmentation.brightness]`` becomes the setting ``augmentation.brightness``."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        inner = isinstance(value, dict) and value and all(isinstance(one, dict) for one in value.values())
        flat.update(_flat(value, f"{prefix}{name}.") if inner else {f"{prefix}{name}": value})
    return flat
