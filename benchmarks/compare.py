"""Presets and ways with imbalance, on the same photos, for the same number of epochs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from benchmarks.studies import Result, cell, derive, study
from lentigo.datasets import Dataset

IMBALANCE = ("none", "sampling", "augmenting", "class_weights", "focal", "balanced_softmax")
PRESETS = ("efficientnet", "mobilenet", "resnet50", "vgg16", "cnn")
SMALL = (
    "input_size_px=96",
    "start_size_px=none",
    "eval_size_px=96",
    "eval_views=1",
    "batch_size=32",
    "frozen_epochs=0",
    "patience=99",
    "trackers=[]",
)
PHOTOS = {"train": 1500, "validation": 300}
"""How many are drawn of each split; the test split is taken whole."""


def measure(prepared: Path, work: Path, weights: Path, epochs: int = 6) -> str:
    """Train each on a part of a prepared dataset; returns two tables.

    Only EfficientNet-Lite0 has pretrained weights here; the other backbones start from nothing, and the table says so.
    """
    part = derive(prepared, work / "part", _part(Dataset.open(prepared).manifest))
    settings = [*SMALL, f"epochs={epochs}"]
    pretrained = [*settings, f"weights={weights}", "learning_rate=3e-4"]
    scratch = [*settings, "pretrained=false", "learning_rate=1e-3"]

    def run(name: str, preset: str, chosen: Sequence[str]) -> Result:
        return study(part, work / name, preset, chosen, ("mel",))

    imbalance = {
        name: run(f"imbalance-{name}", "efficientnet", [*pretrained, f"imbalance={name}"]) for name in IMBALANCE
    }
    presets = {
        "efficientnet, pretrained": imbalance["sampling"],
        "efficientnet, pretrained, dense head": run("head-dense", "efficientnet", [*pretrained, "head=dense"]),
        **{f"{name}, from scratch": run(f"preset-{name}", name, scratch) for name in PRESETS},
    }
    return f"{_table('preset', presets)}\n{_table('imbalance', imbalance)}"


def _part(manifest: pl.DataFrame) -> pl.DataFrame:
    """Of each split whole groups, drawn at random, until there are enough photos."""
    sizes = manifest.group_by("split", "group", maintain_order=True).len().sample(fraction=1, shuffle=True, seed=0)
    enough = pl.col("split").replace_strict(PHOTOS, default=manifest.height)
    kept = sizes.filter(pl.col("len").cum_sum().over("split") <= enough)
    return manifest.join(kept, on=["split", "group"], how="semi", maintain_order="left")


def _table(first: str, rows: Mapping[str, Result]) -> str:
    head = f"| {first} | balanced accuracy | accuracy | AUROC of melanoma | minutes |\n|---|---|---|---|---|\n"
    return head + "".join(
        f"| {name} | {cell(one.balanced_accuracy)} | {cell(one.accuracy)} | {cell(one.auroc)} | {one.minutes:.1f} |\n"
        for name, one in rows.items()
    )
