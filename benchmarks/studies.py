"""What the studies in docs/explanation have in common: runs on datasets, judged on a test split, as table cells."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from lentigo.card import Interval
from lentigo.datasets import Dataset
from lentigo.datasets.manifest import write_manifest
from lentigo.datasets.predictions import PredictionTable
from lentigo.metrics.calibration import softmax
from lentigo.metrics.curves import auroc
from lentigo.metrics.discrimination import balanced_accuracy, share
from lentigo.metrics.resampling import group_weights, to_interval
from lentigo.training import load_config, train

RESAMPLES = 1000


@dataclass(frozen=True)
class Result:
    """A run's figures on the test split, with 95 % intervals that resample groups, and how long it took."""

    images: int
    accuracy: Interval
    balanced_accuracy: Interval
    auroc: Interval
    majority: float
    minutes: float


def study(data: Path, out: Path, preset: str, settings: Sequence[str], positive: Sequence[str]) -> Result:
    """Train once (a finished run is taken as it is) and judge on the test split; AUROC is of the ``positive`` codes."""
    dataset = Dataset.open(data)
    done = out / "minutes.json"
    if not done.is_file():
        started = time.monotonic()
        train(dataset, load_config(preset, None, settings), out)
        done.write_text(json.dumps((time.monotonic() - started) / 60), encoding="utf-8")
    return judge(out, positive)


def judge(run: Path, positive: Sequence[str], among: pl.Expr | None = None) -> Result:
    """Judge a run that :func:`study` made on its test split, or on those of its photos that ``among`` keeps."""
    kept = pl.col("split") == "test" if among is None else (pl.col("split") == "test") & among
    table = PredictionTable.read(run / "predictions.parquet").filter(kept)
    minutes = float(json.loads((run / "minutes.json").read_text(encoding="utf-8")))
    y_true, y_predicted = table.y_true, table.logits.argmax(1)
    weights = group_weights(table.frame["group"].to_numpy(), RESAMPLES, seed=0)
    everything = np.ones(len(y_true), np.bool_)
    places = [table.codes.index(code) for code in positive]
    scores = softmax(table.logits)[:, places].sum(1)
    return Result(
        images=len(y_true),
        accuracy=to_interval(share(weights, y_true == y_predicted, everything)),
        balanced_accuracy=to_interval(balanced_accuracy(weights, y_true, y_predicted, len(table.codes))),
        auroc=to_interval(auroc(weights, scores, np.isin(y_true, places))),
        majority=float(np.bincount(y_true).max() / len(y_true)),
        minutes=minutes,
    )


def cell(interval: Interval) -> str:
    """A figure with its interval, for a table."""
    if interval.value is None:
        return "–"
    return f"{interval.value:.3f} ({interval.low:.3f}–{interval.high:.3f})"


def derive(source: Path, out: Path, manifest: pl.DataFrame) -> Path:
    """Write a dataset that shares another's images but has a manifest of its own."""
    if (out / "manifest.parquet").is_file():
        return out
    out.mkdir(parents=True, exist_ok=True)
    images = out / "images"
    if not images.exists():
        images.symlink_to((source / "images").resolve(), target_is_directory=True)
    record = json.loads((source / "dataset.json").read_text(encoding="utf-8"))
    present = set(manifest["diagnosis"])
    known = {one["code"]: one for one in record["diagnoses"]}
    record["diagnoses"] = [
        known.get(code, {"code": code, "malignancy": None, "tier": None}) for code in sorted(present)
    ]
    (out / "dataset.json").write_text(json.dumps(record), encoding="utf-8")
    write_manifest(manifest, out)
    return out
