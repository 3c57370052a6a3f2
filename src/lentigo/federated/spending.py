"""What differential privacy has cost after each round: for the terminal, ``metrics.jsonl`` and the model's card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flwr.app import Message

from lentigo.card import PrivacyTechniques
from lentigo.federated import wire
from lentigo.federated.budget import OVERSPENT, Budget, Ledger, Spent
from lentigo.federated.plan import FederationOptions, Plan
from lentigo.training.run import Run


def spend_centrally(run: Run, plan: Plan, options: FederationOptions) -> Spent | None:
    """Write down what the server is about to release: a round that is repeated after a stop is released twice.

    Raises:
        FederationError: It would exceed the budget.
    """
    if options.central is None:
        return None
    return _ledger(run).spend(options.central.release(plan.rounds), options.central)


def spent_by(
    replies: Sequence[Message], central: Spent | None, run: Run, plan: Plan, options: FederationOptions
) -> dict[str, Any]:
    """What a round's line says of the budget: the greatest of the clients', as each client has its own photos.

    A client that is left out of this round has spent on the earlier ones, whose weights these go on from.
    """
    if central is not None and options.central is not None:
        return _line(central.epsilon, central.epsilon_next, options.central, "client")
    if plan.privacy is None:
        return {}
    figures = [reply.content.metric_records[wire.FIGURES] for reply in replies]
    after, following = (max(float(str(one[name])) for one in figures) for name in ("epsilon", "epsilon_next"))
    return _line(max([after, *(line["epsilon"] for line in run.epochs())]), following, plan.privacy, "photo")


def _line(epsilon: float, following: float, privacy: Budget, protects: str) -> dict[str, Any]:
    return {
        "epsilon": round(epsilon, 4),
        "epsilon_next": round(following, 4),
        "epsilon_budget": privacy.epsilon_budget,
        "delta": privacy.delta,
        "protects": protects,
    }


def exhausted(run: Run, plan: Plan, options: FederationOptions) -> str | None:
    """Why another round would spend too much; None when it may be done."""
    if options.central is not None:
        return _ledger(run).trouble_with(options.central.release(plan.rounds), options.central)
    lines = run.epochs()
    if not lines or (budget := lines[-1].get("epsilon_budget")) is None or lines[-1]["epsilon_next"] <= budget:
        return None
    return f"{OVERSPENT} {lines[-1]['epsilon_next']:.2f}; the budget is {budget:g}."


def _ledger(run: Run) -> Ledger:
    """Of the server's own releases."""
    return Ledger(run.path / "central.jsonl")


def in_words(line: dict[str, Any]) -> str:
    """For the end of a round's line in the terminal; empty without differential privacy."""
    if "epsilon" not in line:
        return ""
    each = [f"{name} {one['epsilon']:.2f}" for name, one in line["clients"].items() if one.get("epsilon") is not None]
    budget = "" if line["epsilon_budget"] is None else f" of {line['epsilon_budget']:g}"
    by_client = f" ({', '.join(each)})" if each else ""
    return f"; epsilon {line['epsilon']:.2f}{budget} per {line['protects']}{by_client}, delta {line['delta']:g}"


def techniques(lines: Sequence[dict[str, Any]], plan: Plan) -> PrivacyTechniques:
    """For the model's card, after these rounds: every client counts that added to one of them."""
    line = lines[-1]
    return PrivacyTechniques(
        federated=True,
        clients=len({name for one in lines for name, said in one["clients"].items() if "photos" in said}),
        secure_aggregation=plan.secure_aggregation,
        epsilon=line.get("epsilon"),
        delta=line.get("delta"),
    )
