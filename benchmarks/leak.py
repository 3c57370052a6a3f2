"""What a leaking split is worth: the same training on HAM10000, once with lesions on both sides, once without.

A course project reported an accuracy of 0.94 for three danger tiers with answers, on a split by image. A quarter of
HAM10000's photos show a lesion that is in the set already, so such a split asks about lesions that it was taught.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.studies import Result, cell, derive, judge, study
from lentigo.datasets import Dataset
from lentigo.taxonomy import load_taxonomy

SETTINGS = ("input_size_px=96", "start_size_px=none", "eval_size_px=96", "frozen_epochs=0", "trackers=[]")


def measure(prepared: Path, work: Path, weights: Path, epochs: int = 4) -> str:
    """Train twice on a prepared HAM10000; returns a table."""
    tiers = _tiers(Dataset.open(prepared).manifest)
    settings = [*SETTINGS, f"epochs={epochs}", f"weights={weights}"]
    whole = derive(prepared, work / "grouped", tiers)
    leaking = derive(prepared, work / "leaking", _split_by_image(tiers))
    honest = study(whole, work / "run-grouped", "efficientnet", settings, ("high_risk",))
    leaked = study(leaking, work / "run-leaking", "efficientnet", settings, ("high_risk",))
    seen = _seen(tiers, pl.read_parquet(leaking / "manifest.parquet"))
    again = len(seen) / leaked.images
    met, others = (
        judge(work / "run-leaking", ("high_risk",), pl.col("image").is_in(seen) == known) for known in (True, False)
    )
    return (
        "| split | test photos | accuracy | balanced accuracy | AUROC of melanoma | largest class |\n"
        "|---|---|---|---|---|---|\n"
        + _row(f"by image, as found: {again:.0%} of the test photos show a lesion that was trained on", leaked)
        + _row("– those photos alone", met)
        + _row("– the other photos of that split", others)
        + _row("by lesion: none does", honest)
    )


def _tiers(manifest: pl.DataFrame) -> pl.DataFrame:
    """The same photos with their danger tier for a diagnosis."""
    taxonomy = load_taxonomy()
    names = {code: f"{one.tier}_risk" for code, one in taxonomy.diagnoses.items()}
    return manifest.with_columns(diagnosis=pl.col("diagnosis").replace_strict(names))


def _split_by_image(manifest: pl.DataFrame) -> pl.DataFrame:
    """Deal images at random, in the same shares, as one does who does not know of lesions."""
    splits = manifest["split"].to_numpy().copy()
    np.random.default_rng(0).shuffle(splits)
    nobody = pl.lit(None, pl.String)
    return manifest.with_columns(split=pl.Series(splits), group=pl.col("image"), lesion_id=nobody, patient_id=nobody)


def _seen(manifest: pl.DataFrame, leaking: pl.DataFrame) -> list[str]:
    """The leaking split's test photos whose lesion is in its training split."""
    joined = leaking.select("image", "split").join(manifest.select("image", "group"), on="image")
    taught = joined.filter(pl.col("split") == "train")["group"].unique()
    return joined.filter((pl.col("split") == "test") & pl.col("group").is_in(taught.implode()))["image"].to_list()


def _row(name: str, result: Result) -> str:
    figures = (cell(one) for one in (result.accuracy, result.balanced_accuracy, result.auroc))
    return f"| {name} | {result.images:,} | {' | '.join(figures)} | {result.majority:.3f} |\n"
