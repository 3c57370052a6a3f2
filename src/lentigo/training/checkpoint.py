"""Where to go on: everything that the next step of a run depends on.

Weights are safetensors; the optimiser's state is read with ``weights_only``: neither can run code.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from lentigo.errors import RunError
from lentigo.training.run import Run
from lentigo.writing import replacing


@dataclass
class Progress:
    """How far a run is. ``step`` counts batches within ``epoch``."""

    epoch: int = 0
    step: int = 0
    best_score: float = float("-inf")
    best_loss: float = float("inf")
    best_epoch: int = -1
    loss_sum: float = 0.0
    seconds: float = 0.0

    def keep_if_best(self, score: float, loss: float) -> bool:
        """Whether this epoch is the best so far: by its score, among equals by its lower loss."""
        if (score, -loss) <= (self.best_score, -self.best_loss):
            return False
        self.best_score, self.best_loss, self.best_epoch = score, loss, self.epoch
        return True


def save_weights(path: Path, module: nn.Module) -> None:
    """Write a module's weights, whole or not at all."""
    with replacing(path) as part:
        save_file({name: tensor.contiguous() for name, tensor in _state(module).items()}, part)


def load_weights(path: Path, module: nn.Module) -> None:
    """Read weights into a module.

    Raises:
        RunError: Not there, or not this module's.
    """
    try:
        module.load_state_dict(load_file(path))
    except FileNotFoundError:
        raise RunError(f"There is no checkpoint {path}.", "Train again.") from None
    except Exception as error:  # safetensors and torch each raise their own kinds for a file that does not fit
        raise RunError(f"{path} does not hold this model's weights: {error}") from error


def save_progress(run: Run, parts: dict[str, Any], progress: Progress) -> None:
    """Write ``last.state``: the state of each part (model, average, optimiser, schedule) and the random generator."""
    state = {name: part.state_dict() for name, part in parts.items()}
    state["progress"] = asdict(progress)
    state["random"] = torch.get_rng_state()
    with replacing(run.checkpoints / "last.state") as part:
        torch.save(state, part)


def load_progress(run: Run, parts: dict[str, Any]) -> Progress | None:
    """Bring every part to where the run was; None when it has not begun.

    Raises:
        RunError: The file is damaged or of another model.
    """
    path = run.checkpoints / "last.state"
    if not path.is_file():
        return None
    try:
        state = torch.load(path, weights_only=True, map_location="cpu")
        for name, part in parts.items():
            part.load_state_dict(state[name])
    except Exception as error:  # torch raises many kinds for a file that does not fit
        raise RunError(
            f"{path} cannot be read: {error}",
            f"To start again, remove {run.checkpoints} and run the same command, or choose another --out.",
        ) from error
    torch.set_rng_state(state["random"])
    return Progress(**state["progress"])


def _state(module: nn.Module) -> dict[str, Tensor]:
    state: dict[str, Tensor] = module.state_dict()
    return state
