"""What a client insists on: the server's plan says how its photos are protected, the client says how they must be."""

from __future__ import annotations

from lentigo.card import Frozen
from lentigo.errors import FederationError
from lentigo.federated.plan import Plan


class Demands(Frozen):
    """Least protection that a client takes part with.

    Attributes:
        epsilon: Largest budget of differential privacy at the client; None asks for none.
        secure_aggregation: Whether the server may see no weights of this client alone.
    """

    epsilon: float | None = None
    secure_aggregation: bool = False

    def check(self, plan: Plan) -> None:
        """Compare them with a plan.

        Raises:
            FederationError: It protects less.
        """
        if self.secure_aggregation and not plan.secure_aggregation:
            raise FederationError(
                "This client takes part with secure aggregation only, which the server does not use.",
                "Start the server with --secure-aggregation.",
            )
        budget = plan.privacy.epsilon_budget if plan.privacy else None
        if self.epsilon is not None and (budget is None or budget > self.epsilon):
            offered = "none" if budget is None else f"one of {budget:g}"
            raise FederationError(
                f"This client takes part with a privacy budget of at most {self.epsilon:g}; the server has {offered}.",
                f"Start the server with --dp client --dp-epsilon-budget {self.epsilon:g} or less.",
            )
