"""What normalisation and averaging are worth in federated training.

Usage:
    python -m benchmarks.federated norms  DATASET --weights FILE --out FOLDER    each source a client
    python -m benchmarks.federated poison DATASET --weights FILE --out FOLDER    two of six clients swap their diagnoses

Each prints a table and writes it to FOLDER/results.json. Balanced accuracy is that on the test split, as it is.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from lentigo.datasets import Dataset
from lentigo.datasets.manifest import write_manifest
from lentigo.federated.partition import deal_out
from lentigo.federated.plan import FederationOptions, Plan
from lentigo.federated.simulation import SimulationOptions, simulate
from lentigo.training.config import load_config
from lentigo.training.prediction import predict_run
from lentigo.training.trainer import describe_run

CLIENTS, POISONED = 6, 2
NORMS = ("frozen", "group", "batch")


def main() -> None:
    """Run one comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["norms", "poison"])
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--preset", default="efficientnet")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--photos", type=int, help="Training photos of each source at most")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--set", dest="settings", action="append", default=[])
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    run = compare_norms if arguments.what == "norms" else compare_under_attack
    rows = []
    for row in run(arguments):
        rows.append(row)
        print("  ".join(f"{name} {value}" for name, value in row.items()), flush=True)
        (arguments.out / "results.json").write_text(json.dumps(rows, indent=2) + "\n")


def compare_norms(arguments: argparse.Namespace) -> Iterable[dict[str, Any]]:
    """The same federation with each way to normalise."""
    dataset = smaller(Dataset.open(arguments.dataset), arguments.photos, arguments.out / "data")
    for seed in arguments.seeds:
        for norm in NORMS:
            score, rounds = train(dataset, "source", FederationOptions(), arguments, seed, f"{norm}-{seed}", norm)
            yield {"norm": norm, "seed": seed, "balanced_accuracy": score, "by_round": rounds}


def compare_under_attack(arguments: argparse.Namespace) -> Iterable[dict[str, Any]]:
    """Each way to average, with two of six clients that learn from swapped diagnoses, and none of them without."""
    clean = smaller(Dataset.open(arguments.dataset), arguments.photos, arguments.out / "data")
    for seed in arguments.seeds:
        for flipped in (0, POISONED):
            folder = arguments.out / f"data-{flipped}-{seed}"
            dataset = poisoned(clean, flipped, seed, folder)
            for strategy in ("fedavg", "trimmed-mean", "krum"):
                options = FederationOptions(strategy=strategy, malicious=POISONED, min_clients=CLIENTS)
                name = f"{strategy}-{flipped}-{seed}"
                score, rounds = train(dataset, "confirmed_by", options, arguments, seed, name, None)
                yield {
                    "strategy": strategy,
                    "swapping": flipped,
                    "seed": seed,
                    "balanced_accuracy": score,
                    "by_round": rounds,
                }


def train(
    dataset: Dataset,
    by: str,
    options: FederationOptions,
    arguments: argparse.Namespace,
    seed: int,
    name: str,
    norm: str | None,
) -> tuple[float, list[float]]:
    """Balanced accuracy on test, and of each round on validation."""
    settings = [*arguments.settings, f"epochs={arguments.rounds}", f"seed={seed}", "patience=1000"]
    if arguments.weights is not None:
        settings.append(f"weights={arguments.weights}")
    settings.append(f"norm={norm or ('frozen' if arguments.weights else 'group')}")
    config = load_config(arguments.preset, None, settings)
    record = describe_run(dataset, config)
    plan = Plan(config=config, diagnoses=record.diagnoses, answers=record.answers)
    run = simulate(dataset, plan, options, SimulationOptions(by, seed=seed), arguments.out / name, show_progress=False)
    table = predict_run(run.path, dataset, "test")
    recalls = [
        float((table.logits[table.y_true == place].argmax(1) == place).mean()) for place in sorted(set(table.y_true))
    ]
    return round(float(np.mean(recalls)), 3), [round(line["balanced_accuracy"], 3) for line in run.epochs()]


def smaller(dataset: Dataset, photos: int | None, folder: Path) -> Dataset:
    """At most so many training photos of each source, the first in order of their groups' hash; all test photos."""
    if photos is None:
        return dataset
    manifest = dataset.manifest.with_columns(order=pl.struct("source", "group").hash(seed=1)).sort("order")
    number = pl.col("image").cum_count().over("source", "split")
    share = pl.col("split").replace_strict(
        {"train": photos, "validation": photos // 3}, default=dataset.manifest.height
    )
    kept = manifest.with_columns(number=number, share=share).filter(pl.col("number") <= pl.col("share"))
    return written(dataset, kept.select(dataset.manifest.columns), folder)


def poisoned(dataset: Dataset, clients: int, seed: int, folder: Path) -> Dataset:
    """Six alike clients, named in the column ``confirmed_by``; some learn from diagnoses that are moved on by one."""
    codes = sorted(set(dataset.manifest["diagnosis"]))
    moved = {code: codes[(place + 1) % len(codes)] for place, code in enumerate(codes)}
    parts = []
    for number, share in enumerate(deal_out(dataset, "dirichlet:1000", CLIENTS, seed)):
        rows = share.dataset.manifest.with_columns(confirmed_by=pl.lit(share.name))
        if number < clients:
            swapped = pl.col("diagnosis").replace(moved)
            seen = pl.col("split") != "test"
            rows = rows.with_columns(diagnosis=pl.when(seen).then(swapped).otherwise(pl.col("diagnosis")))
        parts.append(rows)
    return written(dataset, pl.concat(parts), folder)


def written(dataset: Dataset, manifest: pl.DataFrame, folder: Path) -> Dataset:
    """A dataset of other rows that shares the images."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "images").symlink_to((dataset.path / "images").resolve())
    shutil.copy(dataset.path / "dataset.json", folder)
    write_manifest(manifest, folder)
    return Dataset.open(folder)


if __name__ == "__main__":
    main()
