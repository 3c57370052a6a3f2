"""A federation over the network: the server's whole work, from waiting for clients to a finished run."""

from __future__ import annotations

import datetime
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import timm
import torch
from flwr.app import ConfigRecord, Message, RecordDict
from tqdm import tqdm

import lentigo
from lentigo.answers import default_answers
from lentigo.card import AnswerSpec, CardDiagnosis
from lentigo.federated import wire
from lentigo.federated.calibrating import calibrate_at_clients
from lentigo.federated.client import BYE
from lentigo.federated.exchange import Stopped
from lentigo.federated.keys import ServerKeys
from lentigo.federated.plan import FederationOptions, Plan
from lentigo.federated.preflight import Preflight
from lentigo.federated.record import FederatedRecord, check_same_federation
from lentigo.federated.server import Federation, first_model
from lentigo.federated.superlink import superlink
from lentigo.taxonomy import load_taxonomy
from lentigo.training.config import TrainConfig
from lentigo.training.interrupt import Interrupt
from lentigo.training.run import Run, RunRecord
from lentigo.training.trainer import check_same_run

_PARTING_S = 30.0
DATABASE = "flower.sqlite"


@dataclass(frozen=True)
class Place:
    """Where a server listens, and whom it lets in."""

    keys: ServerKeys
    host: str
    port: int


def plan_of(config: TrainConfig, diagnoses: Sequence[str], local_epochs: int) -> Plan:
    """The plan of a federation that learns these diagnoses; without any, all of the taxonomy's."""
    taxonomy = load_taxonomy()
    known = taxonomy.diagnoses
    codes = list(diagnoses) or list(known)
    described = tuple(
        CardDiagnosis(code=code, malignancy=known[code].malignancy, tier=known[code].tier)
        if code in known
        else CardDiagnosis(code=code, malignancy=None, tier=None)
        for code in codes
    )
    answers: tuple[AnswerSpec, ...] = tuple(default_answers(taxonomy)) if config.use_answers else ()
    return Plan(config=config, diagnoses=described, answers=answers, local_epochs=local_epochs)


def serve_federation(plan: Plan, options: FederationOptions, place: Place, out: Path, show_progress: bool) -> Run:
    """Train with the clients that connect; goes on from the last finished round of an earlier call.

    Raises:
        FederationError: Clients are missing, refused or keep failing.
        ServerError: It cannot listen there.
        RunError: ``out`` holds a run of something else.
        KeyboardInterrupt: Stopped by a signal.
    """
    run, record = Run(out), _record(plan)
    check_same_run(run, plan.config, record)
    said = FederatedRecord.of(plan, options)
    check_same_federation(run, said)
    run.start(plan.config, record)
    said.write(run)
    # Flower tells of every request; what matters is told by the federation itself.
    logging.getLogger("flwr").setLevel(logging.CRITICAL)
    model = first_model(plan.config, len(plan.codes), plan.answers)
    database = out / DATABASE
    with Interrupt() as interrupt, superlink(place.keys, place.host, place.port, database, tqdm.write) as grid:
        database.chmod(0o600)
        tqdm.write(f"Listening on {place.host}:{place.port} for {', '.join(place.keys.clients())}.")
        federation = Federation(grid, plan, options, run, model, show_progress, lambda: interrupt.wanted)
        try:
            federation.fit()
            calibrate_at_clients(federation)
            _thank(federation)
        except Stopped:
            raise KeyboardInterrupt from None
    took_part = [one for one in federation.clients.known.values() if not one.problems]
    run.start(plan.config, record.model_copy(update=_learned_from(took_part)))
    said.model_copy(update={"clients": tuple(took_part)}).write(run)
    for file in out.glob(f"{DATABASE}*"):
        file.unlink()
    return run


def _record(plan: Plan) -> RunRecord:
    described = plan.model_dump_json(include={"diagnoses", "answers", "local_epochs"})
    return RunRecord(
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        lentigo_version=lentigo.__version__,
        torch_version=str(torch.__version__),
        timm_version=str(timm.__version__),
        dataset="federation",
        dataset_sha256=hashlib.sha256(described.encode()).hexdigest(),
        diagnoses=plan.diagnoses,
        answers=plan.answers,
        sources=(),
        skin_types={str(skin_type): 0 for skin_type in range(1, 7)},
    )


def _learned_from(clients: Sequence[Preflight]) -> dict[str, object]:
    """What the model's card says of the photos: each client's sources under the client's name."""
    return {
        "sources": tuple(
            source.model_copy(update={"name": f"{client.name}: {source.name}"})
            for client in clients
            for source in client.sources
        ),
        "skin_types": {
            str(skin_type): sum(client.skin_types.get(str(skin_type), 0) for client in clients)
            for skin_type in range(1, 7)
        },
    }


def _thank(federation: Federation) -> None:
    """Tell the clients that it is over."""
    words = f"The federation is done after {federation.state.round} rounds. The model is at the server."
    content = RecordDict({wire.SAID: ConfigRecord({"words": words})})
    messages = [Message(content, message_type=BYE, dst_node_id=node) for node in federation.grid.get_node_ids()]
    federation.clients.ask(messages, lambda _: None, deadline_s=_PARTING_S)
