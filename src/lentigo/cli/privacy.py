"""The options by which a federation protects the people in its photos."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from lentigo.federated.plan import FederationOptions, Plan


def privacy_options(command: Any) -> Any:
    """Differential privacy and secure aggregation."""
    options = [
        click.option(
            "--dp",
            type=click.Choice(["client", "central"]),
            help="Differential privacy: of each photo, by the clients; or of each client, by the server.",
        ),
        click.option("--dp-epsilon-budget", type=float, help="Training stops before it spends more."),
        click.option("--dp-noise", type=float, help="Noise multiplier; unless given, the least that fits the budget."),
        click.option("--dp-clip", type=float, help="Longest gradient (client: 1) or change (central: adapts)."),
        click.option("--dp-delta", type=float, help="Chance that the promise does not hold (1e-5)."),
        click.option(
            "--secure-aggregation", is_flag=True, help="The server sees the sum of the clients' weights only."
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def with_privacy(plan: Plan, options: FederationOptions, choices: dict[str, Any]) -> tuple[Plan, FederationOptions]:
    """A plan and options with what :func:`privacy_options` asks for.

    Raises:
        ConfigError: The choices contradict each other.
    """
    from pydantic import ValidationError

    from lentigo.errors import ConfigError
    from lentigo.federated.budget import LocalPrivacy
    from lentigo.federated.central import CentralPrivacy

    names = {
        "epsilon_budget": "dp_epsilon_budget",
        "noise_multiplier": "dp_noise",
        "clip_norm": "dp_clip",
        "delta": "dp_delta",
    }
    given = {name: choices[option] for name, option in names.items() if choices[option] is not None}
    if given and choices["dp"] is None:
        raise ConfigError(f"--{names[next(iter(given))].replace('_', '-')} goes with --dp client or --dp central.")
    try:
        if choices["dp"] == "client":
            plan = plan.model_copy(update={"privacy": LocalPrivacy(**given)})
        if choices["dp"] == "central":
            options = options.model_copy(update={"central": CentralPrivacy(**given)})
    except ValidationError as error:
        first = error.errors()[0]
        where = f"--{names[str(first['loc'][0])].replace('_', '-')}: " if first["loc"] else ""
        raise ConfigError(
            f"{where}{first['msg'].removeprefix('Value error, ')}.", "Give --dp-epsilon-budget, --dp-noise or both."
        ) from error
    plan = plan.model_copy(
        update={"secure_aggregation": choices["secure_aggregation"], "compress": choices["compress"]}
    )
    check_together(plan, options)
    return plan, options


def check_together(plan: Plan, options: FederationOptions) -> None:
    """Refuse what cannot hold together.

    Raises:
        ConfigError: The sentence says why.
    """
    from lentigo.errors import ConfigError
    from lentigo.federated.secure_client import FEWEST

    robust = options.strategy in ("trimmed-mean", "krum")
    if plan.secure_aggregation and plan.compress:
        raise ConfigError("--compress rounds what --secure-aggregation must add up exactly.", "Choose one of the two.")
    if plan.secure_aggregation and robust:
        raise ConfigError(
            f"{options.strategy} compares the clients' weights, which --secure-aggregation hides from the server.",
            "Choose one of the two.",
        )
    if plan.secure_aggregation and options.min_clients < FEWEST:
        raise ConfigError(
            f"--secure-aggregation needs {FEWEST} clients or more: of two, each knows the other's part of the sum.",
            f"Set --min-clients {FEWEST} or more.",
        )
    if plan.secure_aggregation and options.central is not None and options.central.clip_norm is None:
        raise ConfigError(
            "The server cannot adapt to the lengths of changes that --secure-aggregation hides.", "Give --dp-clip."
        )
    if options.central is not None and options.strategy not in ("fedavg", "fedprox"):
        raise ConfigError(
            f"The noise of --dp central hides a client in a mean over all of them, which {options.strategy} is not.",
            "Choose --strategy fedavg or fedprox.",
        )
    if plan.privacy is not None and plan.config.norm == "batch":
        raise ConfigError("Batch norm lets photos see each other.", "With --dp client, set --norm frozen or group.")
