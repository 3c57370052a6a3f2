"""A federation on one machine, in Flower's simulation engine: each client is trained by a Ray process."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ray
import torch
from flwr.app import Context
from flwr.serverapp import Grid, ServerApp
from flwr.simulation import run_simulation

from lentigo.datasets import Dataset
from lentigo.errors import ConfigError, FederationError
from lentigo.federated.client import create_client_app
from lentigo.federated.exchange import Stopped
from lentigo.federated.partition import deal_out
from lentigo.federated.plan import FederationOptions, Plan
from lentigo.federated.preflight import Preflight, check_data
from lentigo.federated.record import FederatedRecord, check_same_federation
from lentigo.federated.server import Federation, first_model
from lentigo.training.calibration import finish
from lentigo.training.interrupt import Interrupt
from lentigo.training.model import EvidenceModel
from lentigo.training.run import Run
from lentigo.training.trainer import check_learnable, check_same_run, describe_run

_ATTEMPTS = 3
"""Ray gives its processes 30 seconds to come up, which on a busy machine they do not always make."""
_FOR_EVER_S = 1e9
"""Clients that wait for their turn on one machine are not slow."""


@dataclass(frozen=True)
class SimulationOptions:
    """How one machine plays several hospitals."""

    by: str
    clients: int | None = None
    seed: int = 1
    parallel: int | None = None
    """Clients trained at the same time; None takes one for each core."""


@dataclass(frozen=True)
class DealtData:
    """A client's part of a dataset, found by its number."""

    path: Path
    by: str
    clients: int | None
    seed: int
    ledgers: Path

    def name(self, context: Context) -> str:
        """The name of the part."""
        return self._names()[self._number(context)]

    def open(self, context: Context) -> Dataset:
        """The part."""
        return deal_out(Dataset.open(self.path), self.by, self.clients, self.seed)[self._number(context)].dataset

    def ledger(self, context: Context) -> Path:
        """In the run's folder: nothing is given away by a simulation, so each counts from nothing."""
        return self.ledgers / f"{self.name(context)}.jsonl"

    def _names(self) -> list[str]:
        return [share.name for share in deal_out(Dataset.open(self.path), self.by, self.clients, self.seed)]

    @staticmethod
    def _number(context: Context) -> int:
        return int(str(context.node_config["partition-id"]))


def simulate(
    dataset: Dataset,
    plan: Plan,
    options: FederationOptions,
    simulation: SimulationOptions,
    out: Path,
    show_progress: bool = True,
) -> Run:
    """Train a federation of the parts of one dataset; goes on where an earlier call stopped.

    Temperature, thresholds and scores are fitted on all validation photos together, as ``lentigo train`` does.

    Raises:
        UsageError: The dataset cannot be dealt out like that.
        FederationError: Clients are refused or keep failing.
        RunError: ``out`` holds a run of something else.
        KeyboardInterrupt: Stopped by a signal; the run goes on after the last finished round when called again.
    """
    check_learnable(dataset)
    shares = deal_out(dataset, simulation.by, simulation.clients, simulation.seed)
    if options.min_clients > len(shares):
        raise ConfigError(f"There are {len(shares)} clients; min_clients is {options.min_clients}.")
    record = describe_run(dataset, plan.config)
    run = Run(out)
    check_same_run(run, plan.config, record)
    clients = [check_data(share.name, share.dataset, plan) for share in shares]
    _check_enough(clients, options)
    said = FederatedRecord.of(plan, options, clients, simulation.by, simulation.seed)
    check_same_federation(run, said)
    run.start(plan.config, record)
    said.write(run)
    with Interrupt() as interrupt:
        federation = _run_in_flower(dataset, plan, options, simulation, run, len(shares), show_progress, interrupt)
    finish(run, federation, dataset, torch.device("cuda" if torch.cuda.is_available() else "cpu"))
    return run


def _check_enough(clients: Sequence[Preflight], options: FederationOptions) -> None:
    """Here nobody comes later: clients that are missing need not be waited for."""
    refused = [f"{one.name} cannot take part: {' '.join(one.problems)}" for one in clients if one.problems]
    left = len(clients) - len(refused)
    if left < options.min_clients:
        raise FederationError(
            f"{left} of {len(clients)} clients can take part, {options.min_clients} make a round. {' '.join(refused)}",
            "Deal the photos out to fewer clients, or set a lower --min-clients.",
        )


def _run_in_flower(
    dataset: Dataset,
    plan: Plan,
    options: FederationOptions,
    simulation: SimulationOptions,
    run: Run,
    clients: int,
    show_progress: bool,
    interrupt: Interrupt,
) -> EvidenceModel:
    model = first_model(plan.config, len(plan.codes), plan.answers)
    server = ServerApp()
    failed: list[Exception] = []
    over = threading.Event()
    """Set when the engine has ended, for whatever reason: the server must not wait for its clients then."""

    def stop_wanted() -> bool:
        return interrupt.wanted or over.is_set()

    @server.main()
    def main(grid: Grid, context: Context) -> None:
        del context
        patient = options.model_copy(update={"slow_floor_s": _FOR_EVER_S, "round_deadline_s": _FOR_EVER_S})
        federation = Federation(grid, plan, patient, run, model, show_progress, stop_wanted)
        try:
            federation.fit()
        except Exception as error:  # told by whoever called, not as a traceback of Flower's thread
            failed.append(error)

    resources = start_ray(clients, simulation.parallel)
    ledgers = run.path.resolve() / "privacy"
    data = DealtData(dataset.path.resolve(), simulation.by, simulation.clients, simulation.seed, ledgers)
    logging.getLogger("flwr").setLevel(logging.ERROR)
    try:
        run_simulation(server, create_client_app(data), clients, backend_config=resources)
    finally:
        over.set()
    if failed and isinstance(failed[0], Stopped):
        raise KeyboardInterrupt
    if failed:
        raise failed[0]
    return model


def start_ray(clients: int, parallel: int | None) -> dict[str, Any]:
    """Start Ray with room for so many clients at a time; returns what Flower has to know of it.

    Raises:
        FederationError: It does not start.
    """
    parallel = min(clients, parallel or os.cpu_count() or 1)
    gpus = torch.cuda.device_count()
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            ray.init(
                num_cpus=parallel,
                num_gpus=gpus,
                include_dashboard=False,
                log_to_driver=False,
                logging_level=logging.ERROR,
                runtime_env={"env_vars": {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}},
            )
            break
        except Exception as error:  # Ray raises plain ones when its processes are slow to come up
            ray.shutdown()
            if attempt == _ATTEMPTS:
                raise FederationError(
                    f"Ray, which runs the clients, does not start: {error}", "Try again when the machine is less busy."
                ) from error
    return {"client_resources": {"num_cpus": 1, "num_gpus": gpus / parallel}}
