"""Calibrating a model whose validation photos lie at the clients.

Two questions are asked. The first brings sums of textures, from which the distance from skin is fitted; the second
brings, for each validation photo, the logits, that distance and the diagnosis, as ``predictions.parquet`` holds them,
with neither photo nor name. The rest is what ``lentigo train`` does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import reduce
from operator import add

import numpy as np
import polars as pl
from flwr.app import ArrayRecord, Message, RecordDict

from lentigo.datasets.manifest import MANIFEST_SCHEMA
from lentigo.federated import wire
from lentigo.federated.client import FAMILIAR, HELD_OUT
from lentigo.federated.exchange import Answers
from lentigo.federated.moments import fit_from_moments
from lentigo.federated.server import Federation
from lentigo.training.calibration import VALIDATION, conclude
from lentigo.training.checkpoint import load_weights, save_weights
from lentigo.training.rounding import round_weights


def calibrate_at_clients(federation: Federation) -> None:
    """Round the best weights, calibrate them with the clients' numbers, and write what ends a run.

    Raises:
        FederationError: Too few clients answered.
    """
    run, model = federation.run, federation.model
    load_weights(run.best_weights, model)
    round_weights(model.backbone)
    save_weights(run.final_weights, model)
    sums = _asked(federation, FAMILIAR, {}, wire.unpack_moments)
    moments = reduce(add, (wire.unpack_moments(reply) for reply in sums))
    no_skin = fit_from_moments(moments)
    no_skin.save(run.no_skin_file)
    codes = federation.plan.codes
    distance = {wire.NO_SKIN: wire.pack_distance(no_skin)}
    replies = _asked(federation, HELD_OUT, distance, lambda reply: wire.unpack_predictions(reply, len(codes)))
    said = {
        federation.clients.name(reply.metadata.src_node_id): wire.unpack_predictions(reply, len(codes))
        for reply in replies
    }
    rows = [_rows(name, one["y_true"], one["groups"], codes) for name, one in said.items()]
    joined = {name: np.concatenate([one[name] for one in said.values()]) for name in _ARRAYS}
    conclude(run, pl.concat(rows), *(joined[name] for name in _ARRAYS))


_ARRAYS = ("logits", "photo_logits", "no_skin")


def _asked(
    federation: Federation, question: str, records: dict[str, ArrayRecord], read: Callable[[Message], object]
) -> list[Message]:
    """The answers of all clients that are there, as far as they can be read; as many as make a round."""

    def check(reply: Message) -> None:
        read(reply)

    wanted = federation.options.min_clients
    content = RecordDict({**federation.model_records(), **records})

    def once() -> Answers | None:
        nodes = federation.clients.gather(wanted)
        messages = [Message(content, message_type=question, dst_node_id=node) for node in nodes]
        answers = federation.clients.ask(messages, check)
        federation.clients.blame(answers.failures, "the calibration")
        return answers if len(answers.good) >= wanted else None

    return federation.clients.insist(once, lambda: f"Fewer than {wanted} clients helped to calibrate the model.").good


def _rows(client: str, y_true: np.ndarray, groups: np.ndarray, codes: list[str]) -> pl.DataFrame:
    """Rows of a manifest for photos of which only the diagnosis is known."""
    names = [f"{client}/{number}" for number in range(len(y_true))]
    known = {
        "image": names,
        "source": [client] * len(names),
        "diagnosis": [codes[place] for place in y_true],
        "group": [f"{client}/{number}" for number in groups],
        "split": [VALIDATION] * len(names),
        "fold": [0] * len(names),
        "sha1": [hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest() for name in names],
    }
    unknown = {name: [None] * len(names) for name in MANIFEST_SCHEMA if name not in known}
    return pl.DataFrame({**known, **unknown}, schema_overrides=MANIFEST_SCHEMA).select(list(MANIFEST_SCHEMA))
