"""The table that leads from an answer to the next step: its types, and how it is read from ``next_steps.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from lentigo.taxonomy.model import read_toml


@dataclass(frozen=True)
class Sign:
    """A question about the spot: the feature of the 7-point checklist that a yes stands for, and its points."""

    feature: str
    points: int


@dataclass(frozen=True)
class Citation:
    """A source, what it says, and where it can be read."""

    title: str
    says: str
    url: str


@dataclass(frozen=True)
class StepRow:
    """One row: what must hold (empty, 0, False: anything does), and what to do then."""

    step: str
    because: tuple[str, ...]
    sources: tuple[str, ...]
    weeks: int | None = None
    outcomes: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    points: int = 0
    uncertain: bool = False


@dataclass(frozen=True)
class StepTable:
    """The rows in the order they are tried, and what they speak of.

    Attributes:
        steps: Codes from most to least urgent.
        signs: By the name of the answer.
        uncertain_reasons: Reasons that say that the answer is uncertain.
        share_of_threshold: From this share of a more urgent tier's threshold an answer is uncertain.
        rows: The first that fits counts.
        sources: By the names that the rows use.
    """

    steps: tuple[str, ...]
    signs: Mapping[str, Sign]
    uncertain_reasons: tuple[str, ...]
    share_of_threshold: float
    rows: tuple[StepRow, ...]
    sources: Mapping[str, Citation]


@cache
def load_step_table() -> StepTable:
    """The table that ships with Lentigo."""
    table = read_toml("next_steps.toml")
    return StepTable(
        steps=tuple(table["steps"]),
        signs={name: Sign(**entry) for name, entry in table["signs"].items()},
        uncertain_reasons=tuple(table["uncertainty"]["reasons"]),
        share_of_threshold=table["uncertainty"]["share_of_threshold"],
        rows=tuple(StepRow(**{name: _frozen(value) for name, value in row.items()}) for row in table["rows"]),
        sources={name: Citation(**entry) for name, entry in table["sources"].items()},
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
