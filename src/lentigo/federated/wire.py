"""Weights and figures as Flower's records, and back.

What is learned travels both ways. What stays as it is (the statistics of a frozen batch norm) travels to the clients
only. Whole numbers, such as batch norm's count of batches, do not travel at all.
"""

from __future__ import annotations

import math
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
NEWS = "news"
"""What a message tells the client besides, for its screen."""
PHOTOS, ALIKE, MEGABYTES = "photos", "alike", "megabytes"
"""Figures: what clients are weighted by; what makes all count alike; what their weights weighed on their way."""

_LARGEST = 1e9
"""No training makes a weight as large; a few such would make the mean of all infinite."""


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
        if np.abs(values).max(initial=0.0) > _LARGEST:
            return f"its weights {name} are as large as {np.abs(values).max():.0e}"
    return None


def megabytes(record: ArrayRecord) -> float:
    """What weights weigh on their way."""
    return record.count_bytes() / 1e6


def figures_of_learning(learned: Learned, spent: Spent | None) -> MetricRecord:
    """For the server. With differential privacy the loss is not told: no noise hides whose it is."""
    figures: dict[str, int | float] = {"seconds": learned.seconds}
    if spent is None:
        figures["loss"] = learned.loss
    else:
        figures |= spent.model_dump()
    return MetricRecord(dict(figures))


def figures_of_judging(judged: Judged) -> MetricRecord:
    """For the server."""
    return MetricRecord({"confusion": judged.confusion.ravel().tolist(), "loss_sum": judged.loss_sum})


def checked_figures(record: MetricRecord, plan: Plan) -> dict[str, float]:
    """What :func:`figures_of_learning` wrote.

    Raises:
        FederationError: Something is missing, or no number.
    """
    names = ("seconds", "loss") if plan.privacy is None else ("seconds", *Spent.model_fields)
    figures = {name: float(str(record[name])) for name in names}
    if not all(math.isfinite(value) for value in figures.values()):
        raise FederationError("its figures are no numbers")
    return figures


def read_judged(record: MetricRecord, classes: int) -> Judged:
    """What :func:`figures_of_judging` wrote.

    Raises:
        FederationError: It was not that.
    """
    confusion = np.array(record["confusion"])
    loss_sum = float(str(record["loss_sum"]))
    if confusion.size != classes**2 or not np.isfinite(confusion).all() or (confusion < 0).any() or not loss_sum >= 0:
        raise FederationError("its figures are no numbers of photos")
    return Judged(confusion.astype(np.int64).reshape(classes, classes), loss_sum)


def pack_arrays(arrays: Mapping[str, npt.NDArray[Any]]) -> ArrayRecord:
    """Named arrays as they are."""
    return ArrayRecord({name: Array(np.asarray(values)) for name, values in arrays.items()})


def unpack_arrays(record: ArrayRecord) -> dict[str, npt.NDArray[Any]]:
    """What :func:`pack_arrays` packed."""
    return {name: array.numpy() for name, array in record.items()}


def pack_moments(moments: Moments) -> ArrayRecord:
    """Sums of a client's textures."""
    return pack_arrays({"count": moments.count, "total": moments.total, "products": moments.products})


def unpack_moments(reply: Message) -> Moments:
    """What :func:`pack_moments` packed.

    Raises:
        FederationError: It was not that.
    """
    moments = Moments(**unpack_arrays(reply.content.array_records[NO_SKIN]))
    size = moments.total.size
    shapes = [moments.count.shape, moments.total.shape, moments.products.shape]
    numbers = all(np.isfinite(part).all() for part in (moments.count, moments.total, moments.products))
    if shapes != [(), (size,), (size, size)] or not numbers or moments.count < 1:
        raise FederationError("its sums of textures are none")
    return moments


def unpack_predictions(reply: Message, classes: int) -> dict[str, npt.NDArray[Any]]:
    """What :func:`~lentigo.federated.local.predict_held_out` said of N photos.

    Raises:
        FederationError: It was not that.
    """
    said = unpack_arrays(reply.content.array_records[PREDICTIONS])
    photos = said["y_true"].size
    table, column = (photos, classes), (photos,)
    wanted = {"logits": table, "photo_logits": table, "no_skin": column, "y_true": column, "groups": column}
    if {name: values.shape for name, values in said.items()} != wanted:
        raise FederationError("its predictions have other shapes than were asked for")
    if (
        not all(np.isfinite(values).all() for values in said.values())
        or not np.isin(said["y_true"], range(classes)).all()
    ):
        raise FederationError("its predictions are no numbers, or of unknown diagnoses")
    return said


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
