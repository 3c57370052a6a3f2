"""One dataset dealt out to clients, as if each were a hospital. Splits stay as they are, and no group is torn."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from lentigo.datasets import Dataset
from lentigo.errors import UsageError

UNKNOWN = "unknown"
DIRICHLET = "dirichlet"
COLUMNS = ("source", "image_type", "sex", "site", "fitzpatrick_skin_type", "confirmed_by", "fold", "patient_id")
"""Of the manifest, that photos can be dealt out by."""

_GROUP = ("source", "group")
_HINT = f"--by takes {', '.join(COLUMNS)}, or {DIRICHLET}:0.3 (the smaller the number, the more the clients differ)."


@dataclass(frozen=True)
class Share:
    """A client's name and its part of the data."""

    name: str
    dataset: Dataset


def deal_out(dataset: Dataset, by: str, clients: int | None, seed: int) -> list[Share]:
    """Deal a dataset out to clients.

    Args:
        dataset: With its splits.
        by: A column of :data:`COLUMNS`, one client for each value; or ``dirichlet:ALPHA``, which gives each client a
            share of each diagnosis drawn from a Dirichlet distribution (Hsu et al. 2019, "Measuring the effects of
            non-identical data distribution", section 3).
        clients: How many; only for ``dirichlet``, where it is 5 unless given.
        seed: Of the Dirichlet draw.

    Raises:
        UsageError: ``by`` is neither, or leaves fewer than two clients.
    """
    kind, _, number = by.partition(":")
    if kind == DIRICHLET:
        owners = _by_dirichlet(dataset.manifest, _alpha(number), 5 if clients is None else clients, seed)
    elif by in COLUMNS:
        if clients is not None:
            raise UsageError("--clients goes with --by dirichlet only.", f"The values of {by} say how many there are.")
        owners = _by_column(dataset.manifest, by)
    else:
        raise UsageError(f"Photos cannot be dealt out by '{by}'.", _HINT)
    named = dataset.manifest.join(owners, on=_GROUP, how="left", maintain_order="left")
    names = sorted(set(named["client"]))
    if len(names) < 2:
        raise UsageError(f"--by {by} gives one client ({names[0]}) only.", _HINT)
    return [
        Share(name, replace(dataset, manifest=named.filter(pl.col("client") == name).drop("client"))) for name in names
    ]


def _by_column(manifest: pl.DataFrame, column: str) -> pl.DataFrame:
    """The client of each group: the value that most of its photos have, the first in order among equals."""
    value = pl.col(column).cast(pl.String).fill_null(UNKNOWN).alias("client")
    counted = (
        manifest.group_by(*_GROUP, value).len().sort(*_GROUP, "len", "client", descending=[False, False, True, False])
    )
    return counted.group_by(*_GROUP, maintain_order=True).first().select(*_GROUP, "client")


def _by_dirichlet(manifest: pl.DataFrame, alpha: float, clients: int, seed: int) -> pl.DataFrame:
    """Shares of each diagnosis are drawn, then its groups of each split dealt out by them.

    The same shares hold in every split, so that a client is judged on what it learned from.
    """
    if clients < 2:
        raise UsageError(f"{clients} client is no federation.", "Give two or more by --clients.")
    generator = np.random.default_rng(seed)
    groups = manifest.group_by(*_GROUP).agg(pl.col("diagnosis").mode().sort().first(), pl.col("split").first())
    groups = groups.sort(*_GROUP)
    client = np.zeros(groups.height, np.int64)
    for diagnosis in sorted(set(groups["diagnosis"])):
        shares = generator.dirichlet(np.full(clients, alpha))
        for split in sorted(set(groups["split"])):
            places = np.flatnonzero(((groups["diagnosis"] == diagnosis) & (groups["split"] == split)).to_numpy())
            places = generator.permutation(places)
            ends = np.round(np.cumsum(shares) * len(places)).astype(np.int64)
            client[places] = np.searchsorted(ends, np.arange(len(places)), side="right").clip(max=clients - 1)
    width = len(str(clients))
    names = pl.Series("client", [f"client-{number + 1:0{width}d}" for number in client])
    return groups.select(*_GROUP).with_columns(names)


def _alpha(text: str) -> float:
    try:
        alpha = float(text)
    except ValueError:
        alpha = 0.0
    if not 0 < alpha < float("inf"):
        raise UsageError(f"'{text}' is no Dirichlet parameter: it is a number above 0.", _HINT)
    return alpha
