"""``federated.json``: how a federated run was made, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Self

from pydantic import ValidationError

from lentigo.card import Frozen
from lentigo.errors import ConfigError, RunError
from lentigo.federated.budget import LocalPrivacy
from lentigo.federated.plan import FederationOptions, Plan
from lentigo.federated.preflight import Preflight
from lentigo.training.run import Run
from lentigo.writing import write_whole

FILE = "federated.json"
_MAY_CHANGE = ("min_clients", "wait_s", "round_deadline_s", "slow_factor", "slow_floor_s")
"""Options that only say how long somebody is waited for."""
_MUST_STAY = ("local_epochs", "privacy", "secure_aggregation", "compress", "by", "seed")


class FederatedRecord(Frozen):
    """How a federated run was made."""

    schema_version: Literal[1] = 1
    options: FederationOptions
    local_epochs: int
    privacy: LocalPrivacy | None = None
    secure_aggregation: bool = False
    compress: bool = False
    by: str | None
    """What one dataset was dealt out by; None where the clients brought data of their own."""
    seed: int | None
    clients: tuple[Preflight, ...]

    @classmethod
    def of(
        cls,
        plan: Plan,
        options: FederationOptions,
        clients: Sequence[Preflight] = (),
        by: str | None = None,
        seed: int | None = None,
    ) -> Self:
        """Of a federation that is about to begin."""
        return cls(
            options=options,
            local_epochs=plan.local_epochs,
            privacy=plan.privacy,
            secure_aggregation=plan.secure_aggregation,
            compress=plan.compress,
            by=by,
            seed=seed,
            clients=tuple(clients),
        )

    def write(self, run: Run) -> None:
        """Write it into a run's folder."""
        write_whole(run.path / FILE, self.model_dump_json(indent=2) + "\n")


def read_record(run: Run) -> FederatedRecord | None:
    """How a run was federated; None when it was not.

    Raises:
        RunError: The file is damaged.
    """
    path = run.path / FILE
    if not path.is_file():
        return None
    try:
        return FederatedRecord.model_validate_json(path.read_text(encoding="utf-8"))
    except ValidationError as error:
        raise RunError(f"{path} was not written by this version of Lentigo.", "Train again.") from error


def check_same_federation(run: Run, record: FederatedRecord) -> None:
    """Going on needs the same clients and the same choices.

    Raises:
        RunError: The folder holds a run that was not federated.
        ConfigError: It was begun otherwise.
    """
    if not (run.path / "run.json").is_file():
        return
    earlier = read_record(run)
    if earlier is None:
        raise RunError(f"{run.path} is a run of `lentigo train`.", "Choose another --out.")
    changed = [name for name in _MUST_STAY if getattr(earlier, name) != getattr(record, name)]
    changed += [
        name
        for name in FederationOptions.model_fields
        if name not in _MAY_CHANGE and getattr(earlier.options, name) != getattr(record.options, name)
    ]
    if changed:
        raise ConfigError(
            f"{run.path} was begun with another {', '.join(changed)}.", "Choose another --out, or the same settings."
        )
