"""How well novelty tells what the model was never shown: each diagnosis left out of training in turn.

For each diagnosis a small network is trained without it, and its novelty score is asked to tell the test photos of that
diagnosis from those of the others (AUROC). The shipped model cannot be asked this: it knows all eight.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import torch

from benchmarks.studies import derive
from lentigo.datasets import Dataset
from lentigo.training import load_config, train
from lentigo.training.novelty import energy
from lentigo.training.prediction import load_model, predict_rows
from lentigo.training.run import Run

SETTINGS = (
    "input_size_px=96",
    "start_size_px=none",
    "eval_size_px=96",
    "eval_views=2",
    "frozen_epochs=0",
    "epochs=3",
    "trackers=[]",
)
NAEVI = 500
"""Training photos of naevi that are kept: of the 5,500 there are, most teach nothing more, and cost hours."""


@dataclass(frozen=True)
class Scored:
    """Scores of N photos, which of them are those to be told apart, and whose lesion or patient each is."""

    scores: npt.NDArray[np.float32]
    positive: npt.NDArray[np.bool_]
    groups: npt.NDArray[np.str_]


def train_without(code: str, prepared: Path, work: Path, weights: Path) -> Path:
    """The run of a network that never saw ``code``; a finished run is taken as it is."""
    out = work / f"run-{code}"
    if not (out / "predictions.parquet").is_file():
        manifest = _fewer_naevi(Dataset.open(prepared).manifest).filter(pl.col("diagnosis") != code)
        dataset = Dataset.open(derive(prepared, work / f"without-{code}", manifest))
        train(dataset, load_config("efficientnet", None, [*SETTINGS, f"weights={weights}"]), out)
    return out


def _fewer_naevi(manifest: pl.DataFrame) -> pl.DataFrame:
    """Drop whole groups of the training split's naevi until few enough are left."""
    naevi = manifest.filter((pl.col("split") == "train") & (pl.col("diagnosis") == "nv"))
    groups = naevi["group"].unique(maintain_order=True).shuffle(seed=0)
    dropped = groups.tail(max(0, len(groups) - NAEVI))
    mixed = manifest.filter(pl.col("diagnosis") != "nv")["group"].unique()
    return manifest.filter(
        (pl.col("split") != "train")
        | (pl.col("diagnosis") != "nv")
        | ~pl.col("group").is_in(dropped.implode())
        | pl.col("group").is_in(mixed.implode())
    )


def score_left_out(code: str, prepared: Path, run_path: Path) -> dict[str, Scored]:
    """Scores of the test photos of ``code``, which the run never saw, and of those that it knows."""
    run, dataset = Run(run_path), Dataset.open(prepared)
    model, device = load_model(run), torch.device("cpu")
    test = dataset.manifest.filter(pl.col("split") == "test")
    # The left-out photos' own diagnosis is none that the network knows; which one stands there does not matter.
    known = test.filter(pl.col("diagnosis") != code)
    unknown = test.filter(pl.col("diagnosis") == code).with_columns(diagnosis=pl.lit(known["diagnosis"][0]))
    rows = pl.concat([known, unknown])
    found = predict_rows(run, model, prepared, rows, device, f"Without {code}")
    left_out, groups = np.arange(rows.height) >= known.height, rows["group"].to_numpy()
    logits = torch.from_numpy(found.photo_logits / run.calibration.temperature)
    scores = {"novelty": energy(logits), "largest probability": -logits.softmax(1).amax(1)}
    return {name: Scored(score.numpy(), left_out, groups) for name, score in scores.items()}
