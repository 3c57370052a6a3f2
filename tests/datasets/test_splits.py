"""Splits never leak, and keep strata in proportion."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lentigo.datasets import Dataset
from lentigo.datasets.duplicates import Clusters, near_pairs
from lentigo.datasets.manifest import read_manifest, write_manifest
from lentigo.datasets.splits import deal
from lentigo.errors import DatasetError, SplitLeak


@settings(deadline=None, max_examples=60)
@given(
    images=st.lists(st.tuples(st.integers(0, 60), st.sampled_from("abc")), min_size=1, max_size=200),
    seed=st.integers(0, 5),
)
def test_every_group_has_one_part(images: list[tuple[int, str]], seed: int) -> None:
    groups, strata = [f"g{group}" for group, _ in images], [stratum for _, stratum in images]
    parts = deal(groups, strata, [0.75, 0.1, 0.15], seed)
    assert set(parts) == set(groups)
    assert deal(groups, strata, [0.75, 0.1, 0.15], seed) == parts, "the same seed deals the same"


@given(seed=st.integers(0, 20))
def test_shares_are_kept_in_every_stratum(seed: int) -> None:
    groups = [f"g{place // 2}" for place in range(400)]
    strata = ["rare" if place < 40 else "common" for place in range(400)]
    parts = deal(groups, strata, [0.75, 0.1, 0.15], seed)
    for stratum, total in (("rare", 40), ("common", 360)):
        counts = Counter(parts[group] for group, one in zip(groups, strata, strict=True) if one == stratum)
        assert counts[0] == pytest.approx(0.75 * total, abs=4)
        assert counts[2] == pytest.approx(0.15 * total, abs=4)


def test_fixed_groups_stay_where_they_are() -> None:
    groups = [f"g{place}" for place in range(100)]
    parts = deal(groups, ["x"] * 100, [0.5, 0.5], 0, {f"g{place}": 0 for place in range(30)})
    assert all(parts[f"g{place}"] == 0 for place in range(30))
    assert sum(part == 0 for part in parts.values()) == 50


@pytest.mark.parametrize("column", ["group", "patient_id", "lesion_id", "sha1"])
@pytest.mark.parametrize("side", ["split", "fold"])
def test_a_leaking_manifest_cannot_be_written(dataset_path: Path, tmp_path: Path, column: str, side: str) -> None:
    manifest = read_manifest(dataset_path)
    other = manifest.filter(pl.col("source") == manifest["source"][0]).filter(pl.col(side) != manifest[side][0])[0]
    torn = manifest.with_columns(
        pl.when(pl.col("image").is_in([manifest["image"][0], other["image"][0]]))
        .then(pl.lit("same"))
        .otherwise(pl.col(column))
        .alias(column)
    )
    with pytest.raises(SplitLeak, match="same"):
        write_manifest(torn, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.drop("age"),
        lambda manifest: manifest.with_columns(pl.lit("holdout").alias("split")),
        lambda manifest: manifest.with_columns(pl.lit(None, pl.String).alias("diagnosis")),
        lambda manifest: pl.concat([manifest, manifest]),
    ],
)
def test_a_manifest_against_the_contract_cannot_be_written(dataset_path: Path, tmp_path: Path, change: object) -> None:
    with pytest.raises(DatasetError):
        write_manifest(change(read_manifest(dataset_path)), tmp_path)  # type: ignore[operator]  # a lambda


def test_a_folder_that_is_no_dataset_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="is no dataset"):
        Dataset.open(tmp_path)
    (tmp_path / "manifest.parquet").write_bytes(b"nonsense")
    with pytest.raises(DatasetError, match="cannot be read"):
        Dataset.open(tmp_path)


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=30), st.integers(0, 130))
def test_near_pairs_are_those_of_a_plain_count(hashes: list[bytes], at_most: int) -> None:
    expected = [
        (i, j)
        for i in range(len(hashes))
        for j in range(i + 1, len(hashes))
        if sum((a ^ b).bit_count() for a, b in zip(hashes[i], hashes[j], strict=True)) <= at_most
    ]
    assert sorted(near_pairs(hashes, at_most)) == expected


def test_clusters_join_through_others() -> None:
    clusters = Clusters(5)
    clusters.join_equal(["a", None, "a", None, "b"])
    clusters.join(2, 4)
    assert [clusters.root(place) for place in range(5)] == [0, 1, 0, 3, 0]
