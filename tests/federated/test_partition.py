"""Dealing a dataset out to clients."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lentigo.datasets import Dataset
from lentigo.errors import UsageError
from lentigo.federated.partition import UNKNOWN, Share, deal_out


def images(shares: list[Share]) -> list[str]:
    return sorted(image for share in shares for image in share.dataset.manifest["image"])


def torn(shares: list[Share]) -> list[str]:
    """Groups that stand at two clients."""
    owners: dict[str, set[str]] = {}
    for share in shares:
        for source, group in share.dataset.manifest.select("source", "group").iter_rows():
            owners.setdefault(f"{source}/{group}", set()).add(share.name)
    return [group for group, names in owners.items() if len(names) > 1]


def test_by_source_each_source_is_a_client_and_splits_stay(dataset_path: Path) -> None:
    dataset = Dataset.open(dataset_path)
    shares = deal_out(dataset, "source", None, 0)
    assert [share.name for share in shares] == ["ham10000", "pad-ufes-20"]
    assert images(shares) == sorted(dataset.manifest["image"])
    joined = pl.concat([share.dataset.manifest for share in shares]).sort("image")
    assert joined.equals(dataset.manifest.sort("image"))


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(alpha=st.floats(0.05, 50), clients=st.integers(2, 6), seed=st.integers(0, 1000))
def test_dirichlet_loses_no_photo_and_tears_no_group(dataset_path: Path, alpha: float, clients: int, seed: int) -> None:
    dataset = Dataset.open(dataset_path)
    try:
        shares = deal_out(dataset, f"dirichlet:{alpha}", clients, seed)
    except UsageError:
        return  # so unequal that one client has everything
    assert images(shares) == sorted(dataset.manifest["image"])
    assert not torn(shares)
    again = deal_out(dataset, f"dirichlet:{alpha}", clients, seed)
    assert [images([share]) for share in again] == [images([share]) for share in shares]


def test_a_smaller_alpha_makes_clients_differ_more(dataset_path: Path) -> None:
    dataset = Dataset.open(dataset_path)

    def spread(alpha: float) -> float:
        shares = deal_out(dataset, f"dirichlet:{alpha}", 3, 1)
        most = [
            share.dataset.manifest["diagnosis"].value_counts(normalize=True)["proportion"].max() for share in shares
        ]
        return float(sum(float(str(one)) for one in most) / len(most))

    assert spread(0.1) > spread(100) + 0.2


def test_a_group_with_two_values_goes_to_one_client_whole(dataset_path: Path) -> None:
    dataset = Dataset.open(dataset_path)
    manifest = dataset.manifest.with_columns(
        site=pl.when(pl.col("image") == "images/mel_0.jpg").then(pl.lit("face")).otherwise(pl.lit("back")),
        source=pl.lit("one"),
    )
    manifest = manifest.with_columns(site=pl.when(pl.col("diagnosis") == "nv").then(None).otherwise(pl.col("site")))
    shares = deal_out(replace(dataset, manifest=manifest), "site", None, 0)
    assert [share.name for share in shares] == ["back", UNKNOWN]
    assert not torn(shares)


@pytest.mark.parametrize(
    ("by", "clients", "says"),
    [
        ("age", None, "cannot be dealt out by 'age'"),
        ("dirichlet:0", None, "no Dirichlet parameter"),
        ("dirichlet:x", None, "no Dirichlet parameter"),
        ("dirichlet:1", 1, "no federation"),
        ("source", 3, "--clients goes with"),
        ("confirmed_by", None, "one client"),
    ],
)
def test_what_cannot_be_dealt_out_is_said(dataset_path: Path, by: str, clients: int | None, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        deal_out(Dataset.open(dataset_path), by, clients, 0)
