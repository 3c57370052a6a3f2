"""What differential privacy has cost after each round: for the terminal, ``metrics.jsonl`` and the model's card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flwr.app import Message

from lentigo.card import PrivacyTechniques
from lentigo.federated import wire
from lentigo.federated.plan import FederationOptions, Plan
from lentigo.training.run import Run


def spent_by(replies: Sequence[Message], number: int, plan: Plan, options: FederationOptions) -> dict[str, Any]:
    """What a round's line says of the budget: the greatest of the clients', as each client has its own photos."""
    if options.central is not None:
        after, following = (options.central.epsilon_after(rounds, plan.rounds) for rounds in (number, number + 1))
        return _line(after, following, options.central.delta, options.central.epsilon_budget, "client")
    if plan.privacy is None:
        return {}
    figures = [reply.content.metric_records[wire.FIGURES] for reply in replies]
    after, following = (max(float(str(one[name])) for one in figures) for name in ("epsilon", "epsilon_next"))
    return _line(after, following, plan.privacy.delta, plan.privacy.epsilon_budget, "photo")


def _line(epsilon: float, following: float, delta: float, budget: float | None, protects: str) -> dict[str, Any]:
    return {
        "epsilon": round(epsilon, 4),
        "epsilon_next": round(following, 4),
        "epsilon_budget": budget,
        "delta": delta,
        "protects": protects,
    }


def exhausted(run: Run) -> str | None:
    """Why another round would spend too much; None when it may be done."""
    lines = run.epochs()
    if not lines or (budget := lines[-1].get("epsilon_budget")) is None or lines[-1]["epsilon_next"] <= budget:
        return None
    return f"another round would bring epsilon to {lines[-1]['epsilon_next']:.2f}, the budget is {budget:g}."


def in_words(line: dict[str, Any]) -> str:
    """For the end of a round's line in the terminal; empty without differential privacy."""
    if "epsilon" not in line:
        return ""
    each = [f"{name} {one['epsilon']:.2f}" for name, one in line["clients"].items() if one.get("epsilon") is not None]
    budget = "" if line["epsilon_budget"] is None else f" of {line['epsilon_budget']:g}"
    by_client = f" ({', '.join(each)})" if each else ""
    return f"; epsilon {line['epsilon']:.2f}{budget} per {line['protects']}{by_client}, delta {line['delta']:g}"


def techniques(line: dict[str, Any], plan: Plan) -> PrivacyTechniques:
    """For the model's card, after a round."""
    return PrivacyTechniques(
        federated=True,
        clients=sum("photos" in one for one in line["clients"].values()),
        secure_aggregation=plan.secure_aggregation,
        epsilon=line.get("epsilon"),
        delta=line.get("delta"),
    )
