"""``lentigo federated``."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lentigo.cli.privacy import privacy_options, with_privacy

if TYPE_CHECKING:
    from lentigo.federated.plan import FederationOptions
    from lentigo.training.config import TrainConfig

_INSTALL = "In a clone of Lentigo: pip install '.[federated]'"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def federated() -> None:
    """Train one model on the photos of several places, which none of them has to show another.

    Flower's and Ray's telemetry are off; FLWR_TELEMETRY_ENABLED=1 turns Flower's on.
    """


def training_options(command: Any) -> Any:
    """The options that say what is trained, and how."""
    options = [
        click.option("--preset", default="efficientnet", show_default=True, help="As in `lentigo train`."),
        click.option(
            "--config", "config_file", type=click.Path(path_type=Path), help="A TOML file that changes the preset."
        ),
        click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one setting of training."),
        click.option(
            "--weights", type=click.Path(path_type=Path), help="Pretrained weights of the backbone (safetensors)."
        ),
        click.option("--rounds", type=click.IntRange(1), help="Most rounds; unless given, the setting `epochs`."),
        click.option(
            "--local-epochs", type=click.IntRange(1), default=1, show_default=True, help="Of each client in a round."
        ),
        click.option(
            "--norm",
            type=click.Choice(["frozen", "group", "batch"]),
            help="What normalises features; frozen with pretrained weights, else group. batch shares statistics.",
        ),
        click.option(
            "--strategy",
            type=click.Choice(["fedavg", "fedprox", "fedadam", "trimmed-mean", "krum"]),
            default="fedavg",
            show_default=True,
            help="How the clients' weights become one.",
        ),
        click.option("--proximal-mu", type=float, help="Of fedprox."),
        click.option("--server-learning-rate", type=float, help="Of fedadam."),
        click.option("--malicious", type=int, help="How many malicious clients trimmed-mean and krum stand up to."),
        click.option("--compress", is_flag=True, help="Clients send changes in 8 bits: a fourth of the bytes."),
        click.option("--min-clients", type=int, help="Fewest clients that make a round."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@federated.command()
@click.argument("dataset", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder of the run.")
@click.option(
    "--by",
    required=True,
    help="What the photos are dealt out by: source or another column of the manifest, or dirichlet:0.3.",
)
@click.option("--clients", type=int, help="With dirichlet: how many.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the dealing out.")
@click.option("--parallel", type=click.IntRange(1), help="Clients trained at the same time; unless given, one a core.")
@training_options
@privacy_options
@click.option("--quiet", is_flag=True, help="No progress bar.")
def simulate(
    dataset: Path,
    out: Path,
    by: str,
    clients: int | None,
    seed: int,
    parallel: int | None,
    quiet: bool,
    **choices: Any,
) -> None:
    """Train a federation of the parts of one DATASET, on this machine.

    It shows what a federation of such places would reach, and writes an ordinary run. Stop it with Ctrl-C and run the
    same command again: it goes on after the last finished round.

    \b
    Examples:
      lentigo federated simulate data/lesions --by source --out runs/fed --weights efficientnet_lite0.safetensors
      lentigo federated simulate data/lesions --by dirichlet:0.3 --clients 6 --out runs/fed --preset cnn
      lentigo federated simulate data/lesions --by site --out runs/fed --strategy fedprox --rounds 20
    """
    _need_flower()
    from lentigo.datasets import Dataset
    from lentigo.federated.plan import Plan
    from lentigo.federated.simulation import SimulationOptions
    from lentigo.federated.simulation import simulate as run_simulation
    from lentigo.training.trainer import describe_run

    opened = Dataset.open(dataset)
    config, options = read_choices(choices)
    record = describe_run(opened, config)
    plan = Plan(config=config, diagnoses=record.diagnoses, answers=record.answers, local_epochs=choices["local_epochs"])
    plan, options = with_privacy(plan, options, choices)
    try:
        run = run_simulation(
            opened, plan, options, SimulationOptions(by, clients, seed, parallel), out, show_progress=not quiet
        )
    except KeyboardInterrupt:
        click.echo(f"Stopped. Run the same command again to go on: {out} holds every finished round.", err=True)
        raise
    best = max(run.epochs(), key=lambda epoch: float(epoch["balanced_accuracy"]))
    click.echo(f"\nKept round {best['epoch']}: validation balanced accuracy {best['balanced_accuracy']:.3f}.")
    click.echo(f"Wrote {run.path}: weights, learning curves (curves.png), calibration, predictions.")
    click.echo(f"Next: lentigo evaluate {run.path} --data {dataset}")


@federated.command()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder of the run.")
@click.option("--keys", type=click.Path(path_type=Path), required=True, help="Folder with the server's keys.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@click.option("--port", type=click.IntRange(1, 65535), default=9092, show_default=True)
@click.option(
    "--diagnoses", help="What is learned, with commas between; unless given, all diagnoses that Lentigo knows."
)
@click.option("--wait", "wait_s", type=float, help="Seconds that missing clients are waited for (600).")
@click.option("--round-deadline", "round_deadline_s", type=float, help="Most seconds that a round takes (7200).")
@click.option("--slow-factor", type=float, help="How much slower than the middle one a client may be (3).")
@click.option("--slow-floor", "slow_floor_s", type=float, help="Seconds before which nobody counts as slow (60).")
@training_options
@privacy_options
@click.option("--quiet", is_flag=True, help="No progress bar.")
def server(out: Path, keys: Path, host: str, port: int, diagnoses: str | None, quiet: bool, **choices: Any) -> None:
    """Lead a federation: wait for clients, train in rounds, write a run.

    Clients prove who they are by their keys, over TLS. Stop it with Ctrl-C and run the same command again: it goes on
    after the last finished round, and the clients find it again.

    \b
    Examples:
      lentigo federated server --keys keys/server --out runs/fed --min-clients 3 --weights lite0.safetensors
      lentigo federated server --keys keys/server --out runs/fed --host 0.0.0.0 --diagnoses mel,nv,bcc --preset cnn
    """
    _need_flower()
    from lentigo.federated.deployment import Place, plan_of, serve_federation
    from lentigo.federated.keys import ServerKeys

    config, options = read_choices(choices)
    codes = [code.strip() for code in (diagnoses or "").split(",") if code.strip()]
    plan, options = with_privacy(plan_of(config, codes, choices["local_epochs"]), options, choices)
    try:
        run = serve_federation(plan, options, Place(ServerKeys(keys), host, port), out, show_progress=not quiet)
    except KeyboardInterrupt:
        click.echo(f"Stopped. Run the same command again to go on: {out} holds every finished round.", err=True)
        raise
    best = max(run.epochs(), key=lambda epoch: float(epoch["balanced_accuracy"]))
    click.echo(f"\nKept round {best['epoch']}: validation balanced accuracy {best['balanced_accuracy']:.3f}.")
    click.echo(f"Wrote {run.path}: weights, learning curves (curves.png), calibration.")
    click.echo(f"Next: lentigo evaluate {run.path} --data DATASET, at a client or wherever there are photos to test on")


@federated.command()
@click.option("--data", type=click.Path(path_type=Path), required=True, help="A dataset that `lentigo prepare` wrote.")
@click.option("--keys", type=click.Path(path_type=Path), required=True, help="Folder with this client's keys.")
@click.option("--server", "address", required=True, metavar="HOST:PORT", help="Where the server is.")
@click.option(
    "--require-epsilon", type=float, help="Take part only if a budget of differential privacy is at most this."
)
@click.option("--require-secure-aggregation", is_flag=True, help="Take part only if the server sees nothing but sums.")
def client(
    data: Path, keys: Path, address: str, require_epsilon: float | None, require_secure_aggregation: bool
) -> None:
    """Take part in a federation with the photos of a dataset on this machine.

    Photos, tables and file names stay here. What is sent: weights after each round; how many photos there are of each
    diagnosis; figures of how well the model does; in the end, sums of features and, for each validation photo, the
    model's answer and the diagnosis. No program is taken from the server.

    \b
    Examples:
      lentigo federated client --data data/own --keys keys/berlin --server lentigo.example.org:9092
      lentigo federated client --data data/own --keys keys/graz --server localhost:9092 --require-secure-aggregation
    """
    _need_flower()
    from lentigo.datasets import Dataset
    from lentigo.federated.client import create_client_app
    from lentigo.federated.demands import Demands
    from lentigo.federated.keys import ClientKeys
    from lentigo.federated.supernode import Address, FolderData, serve

    Dataset.open(data)
    demands = Demands(epsilon=require_epsilon, secure_aggregation=require_secure_aggregation)
    app = create_client_app(FolderData(data, keys.resolve().name), tell=click.echo, demands=demands)
    serve(app, Address.parse(address), ClientKeys(keys), click.echo)


@federated.command("keys")
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--host", "hosts", multiple=True, default=("localhost", "127.0.0.1"), help="What clients call the server by."
)
@click.option("--client", "clients", multiple=True, required=True, help="A client's name; repeat for each.")
def make(out: Path, hosts: tuple[str, ...], clients: tuple[str, ...]) -> None:
    """Make the certificates and keys of a trial in the folder OUT.

    \b
    Examples:
      lentigo federated keys keys --host lentigo.example.org --client berlin --client graz --client zurich
    """
    _need_flower()
    from lentigo.federated.keys import make_keys

    make_keys(out, list(hosts), list(clients))
    click.echo(f"Wrote {out}/server for the server, and for each client a folder that only it may have:")
    for name in clients:
        click.echo(f"  {out / name}")


def read_choices(choices: dict[str, Any]) -> tuple[TrainConfig, FederationOptions]:
    """Settings of training and of the federation from :func:`training_options`.

    Raises:
        ConfigError: One is unknown or out of range.
    """
    from pydantic import ValidationError

    from lentigo.errors import ConfigError
    from lentigo.federated.plan import FederationOptions
    from lentigo.training import load_config

    settings = list(choices["settings"])
    if choices["weights"] is not None:
        settings.append(f"weights={choices['weights']}")
    config = load_config(choices["preset"], choices["config_file"], settings)
    rounds = choices["rounds"] or config.epochs
    norm = choices["norm"] or ("frozen" if config.pretrained else "group")
    settings += [f"norm={norm}", f"epochs={rounds * choices['local_epochs']}"]
    config = load_config(choices["preset"], choices["config_file"], settings)
    given = {name: choices[name] for name in FederationOptions.model_fields if choices.get(name) is not None}
    try:
        return config, FederationOptions(**given)
    except ValidationError as error:
        first = error.errors()[0]
        where = f"--{str(first['loc'][0]).replace('_', '-')}: " if first["loc"] else ""
        raise ConfigError(f"{where}{first['msg'].removeprefix('Value error, ')}.") from error


def _need_flower() -> None:
    """Say what is missing before anything slow begins.

    Raises:
        UsageError: Flower is not installed.
    """
    from lentigo.errors import UsageError

    if any(importlib.util.find_spec(name) is None for name in ("flwr", "ray")):
        raise UsageError("This command needs Flower with its simulation engine.", _INSTALL)
