"""The processes that train one run together, and where its figures go: both through accelerate.

The same command runs on a CPU, on one GPU, on several (``accelerate launch -m lentigo train ...``) and on several
machines. Each process takes an equal part of every batch, so the batch size is that of all of them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from accelerate import Accelerator
from accelerate.tracking import LOGGER_TYPE_TO_CLASS, get_available_trackers
from accelerate.utils import DistributedDataParallelKwargs

from lentigo.errors import ConfigError
from lentigo.training.config import TrainConfig

TRACKERS_FOLDER = "trackers"


def start_accelerator(config: TrainConfig, folder: Path) -> Accelerator:
    """The accelerator of a run whose folder is ``folder``; it writes nothing before :func:`begin_tracking`.

    Raises:
        ConfigError: No tracker of that name, or it is not installed.
    """
    _check_trackers(config.trackers)
    return Accelerator(
        # The state of accelerate is the process's, and cannot be changed: a second run may have another precision.
        mixed_precision="no",
        log_with=list(config.trackers) or None,
        project_dir=folder / TRACKERS_FOLDER,
        # Frozen layers take no part in a step.
        kwargs_handlers=[DistributedDataParallelKwargs(find_unused_parameters=True)],
    )


def _check_trackers(names: Sequence[str]) -> None:
    installed = {str(name) for name in get_available_trackers()}
    for name in names:
        if name not in LOGGER_TYPE_TO_CLASS:
            known = ", ".join(str(one) for one in sorted(LOGGER_TYPE_TO_CLASS))
            raise ConfigError(f"There is no tracker '{name}'.", f"Trackers: {known}; none: --set 'trackers=[]'.")
        if name not in installed:
            raise ConfigError(f"The tracker '{name}' is not installed.", f"pip install {name}, or --set 'trackers=[]'.")


def begin_tracking(accelerator: Accelerator, config: TrainConfig) -> None:
    """Tell the trackers of a run its settings."""
    if config.trackers:
        accelerator.init_trackers("lentigo", config=_flat(config))


def _flat(config: TrainConfig) -> dict[str, Any]:
    """Settings as trackers take them: numbers, texts and truths only."""
    values = config.model_dump(exclude_none=True)
    inner = {f"augmentation.{name}": value for name, value in values.pop("augmentation").items()}
    return {
        name: value if isinstance(value, int | float) else str(value) for name, value in {**values, **inner}.items()
    }
