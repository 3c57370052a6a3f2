"""Where a federated run goes on after a stop: one file, written whole after each round."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn

from lentigo.errors import RunError
from lentigo.federated.strategy import Arrays
from lentigo.training.run import Run
from lentigo.writing import replacing

_MODEL, _STRATEGY = "model/", "strategy/"


@dataclass
class State:
    """Rounds that are done, the best of them, and what the strategy remembers."""

    round: int = 0
    best_round: int = 0
    best_score: float = float("-inf")
    remembered: Arrays = field(default_factory=dict)


def save_state(run: Run, model: nn.Module, state: State) -> None:
    """Write ``checkpoints/last.safetensors``: the common weights and the rest of the state."""
    tensors = {f"{_MODEL}{name}": tensor.cpu().contiguous() for name, tensor in model.state_dict().items()}
    tensors |= {f"{_STRATEGY}{name}": torch.from_numpy(values.copy()) for name, values in state.remembered.items()}
    said = json.dumps({"round": state.round, "best_round": state.best_round, "best_score": state.best_score})
    with replacing(run.checkpoints / "last.safetensors") as part:
        save_file(tensors, part, metadata={"state": said})


def load_state(run: Run, model: nn.Module) -> State | None:
    """Bring the model to where the run was; None when no round is done.

    Raises:
        RunError: The file is damaged or of another model.
    """
    path = run.checkpoints / "last.safetensors"
    if not path.is_file():
        return None
    try:
        with safe_open(path, "pt") as file:
            said = json.loads(file.metadata()["state"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  # no mapping
        model.load_state_dict(_under(tensors, _MODEL))
    except Exception as error:  # safetensors and torch each raise their own kinds for a file that does not fit
        raise RunError(f"{path} cannot be read: {error}", "Choose another --out, or remove this run.") from error
    return State(**said, remembered={name: one.numpy() for name, one in _under(tensors, _STRATEGY).items()})


def _under(tensors: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {name.removeprefix(prefix): one for name, one in tensors.items() if name.startswith(prefix)}
