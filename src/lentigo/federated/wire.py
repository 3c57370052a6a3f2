"""Weights and figures as Flower's records, and back.

What is learned travels both ways. What stays as it is (the statistics of a frozen batch norm) travels to the clients
only. Whole numbers, such as batch norm's count of batches, do not travel at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from flwr.app import Array, ArrayRecord, ConfigRecord, Message, MetricRecord
from torch import Tensor, nn

from lentigo.errors import FederationError
from lentigo.federated.budget import Spent
from lentigo.federated.local import Judged, Learned
from lentigo.federated.moments import Moments
from lentigo.federated.plan import Plan
from lentigo.training.no_skin import SkinDistance
from lentigo.training.norm import STATISTICS

WEIGHTS, CONSTANTS, FIGURES, SAID = "weights", "constants", "figures", "config"
"""Names of the records in a message."""
NO_SKIN, PREDICTIONS = "no_skin", "predictions"
"""Names of the records with which a finished model is calibrated."""
PHOTOS, ALIKE, MEGABYTES = "photos", "alike", "megabytes"
"""Figures: what clients are weighted by; what makes all count alike; what their weights weighed on their way."""


def learned_names(model: nn.Module, plan: Plan) -> list[str]:
    """Names of what a client changes and sends back."""
    names = [name for name, _ in model.named_parameters()]
    if plan.config.norm == "batch":
        names += [name for name in _numbers(model) if name.endswith(STATISTICS)]
    return names


def pack(model: nn.Module, names: list[str]) -> ArrayRecord:
    """Some of a model's weights, float32."""
    state = model.state_dict()
    return ArrayRecord({name: Array(_array(state[name])) for name in names})


def constants(model: nn.Module, plan: Plan) -> ArrayRecord:
    """What a client needs besides the weights, and never changes."""
    learned = set(learned_names(model, plan))
    return pack(model, [name for name in _numbers(model) if name not in learned])


def unpack(model: nn.Module, *records: ArrayRecord) -> None:
    """Put weights into a model, in place.

    Raises:
        FederationError: They are of another network.
    """
    state = model.state_dict()
    for record in records:
        for name, array in record.items():
            value = array.numpy()
            if name not in state or tuple(value.shape) != tuple(state[name].shape):
                raise FederationError(f"The weights {name} {value.shape} are of another network.")
            state[name] = torch.from_numpy(np.asarray(value, np.float32).copy())
    model.load_state_dict(state)


def trouble_with(update: ArrayRecord, sent: ArrayRecord) -> str | None:
    """Why a client's weights cannot be used; None when they can."""
    if set(update) != set(sent):
        return "it sent the weights of another network"
    for name, array in update.items():
        values = array.numpy()
        if values.shape != tuple(sent[name].shape):
            return f"its weights {name} have the shape {values.shape}, not {tuple(sent[name].shape)}"
        if not np.isfinite(values).all():
            return f"its weights {name} hold {int((~np.isfinite(values)).sum())} values that are no numbers"
    return None


def megabytes(record: ArrayRecord) -> float:
    """What weights weigh on their way."""
    return record.count_bytes() / 1e6


def figures_of_learning(learned: Learned, spent: Spent | None) -> MetricRecord:
    """For the server. With differential privacy the loss is not told: no noise hides whose it is."""
    figures: dict[str, int | float] = {PHOTOS: learned.photos, ALIKE: 1, "seconds": learned.seconds}
    if spent is None:
        figures["loss"] = learned.loss
    else:
        figures |= spent.model_dump()
    return MetricRecord(dict(figures))


def figures_of_judging(judged: Judged) -> MetricRecord:
    """For the server."""
    return MetricRecord({"confusion": judged.confusion.ravel().tolist(), "loss_sum": judged.loss_sum})


def read_judged(record: MetricRecord, classes: int) -> Judged:
    """What :func:`figures_of_judging` wrote."""
    confusion = np.array(record["confusion"], np.int64).reshape(classes, classes)
    return Judged(confusion, float(record["loss_sum"]))  # type: ignore[arg-type]  # a single number, as written above


def pack_arrays(arrays: Mapping[str, npt.NDArray[Any]]) -> ArrayRecord:
    """Named arrays as they are."""
    return ArrayRecord({name: Array(np.asarray(values)) for name, values in arrays.items()})


def unpack_arrays(record: ArrayRecord) -> dict[str, npt.NDArray[Any]]:
    """What :func:`pack_arrays` packed."""
    return {name: array.numpy() for name, array in record.items()}


def pack_moments(moments: Moments) -> ArrayRecord:
    """Sums of a client's textures."""
    return pack_arrays({"count": moments.count, "total": moments.total, "products": moments.products})


def unpack_moments(record: ArrayRecord) -> Moments:
    """What :func:`pack_moments` packed."""
    return Moments(**unpack_arrays(record))


def pack_distance(distance: SkinDistance) -> ArrayRecord:
    """A fitted distance from skin."""
    return pack_arrays({name: tensor.numpy() for name, tensor in distance.state_dict().items()})


def unpack_distance(record: ArrayRecord) -> SkinDistance:
    """What :func:`pack_distance` packed."""
    return SkinDistance(**{name: torch.from_numpy(values.copy()) for name, values in unpack_arrays(record).items()})


def said(message: Message, name: str) -> str:
    """A text of a message; empty where there is none."""
    record = message.content.config_records.get(SAID, ConfigRecord())
    return str(record.get(name, ""))


def _numbers(model: nn.Module) -> list[str]:
    return [name for name, tensor in model.state_dict().items() if tensor.is_floating_point()]


def _array(tensor: Tensor) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return tensor.detach().float().cpu().contiguous().numpy()
