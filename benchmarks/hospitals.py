"""Hospitals that improve one model together, on the real sources of the photos as clients.

Each of HAM10000, ISIC 2017 and PAD-UFES-20 is a client. The same network learns from the photos of all in one place
(pooled), in a federation, and from each client's photos alone; all are judged on the same test photos. Then the same
with differential privacy at the clients, and an attack on the models. Malicious clients: ``benchmarks.federated``.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.studies import RESAMPLES, cell, derive
from lentigo.card import Interval
from lentigo.datasets import Dataset
from lentigo.datasets.predictions import PredictionTable
from lentigo.evaluation.membership import attack
from lentigo.federated.budget import LocalPrivacy
from lentigo.federated.plan import FederationOptions, Plan
from lentigo.federated.simulation import SimulationOptions, simulate
from lentigo.metrics.discrimination import balanced_accuracy
from lentigo.metrics.membership import Membership
from lentigo.metrics.resampling import Floats, group_weights, to_interval
from lentigo.plot_style import ACCENT, WARM, sheet, styled
from lentigo.training import load_config, predict_run, train
from lentigo.training.run import Run
from lentigo.training.trainer import describe_run

SEEDS = (1, 2, 3)
ROUNDS, LONG = 10, 30
"""Of one epoch at each client; in the longer training a client takes as many steps as pooled training does in ROUNDS
epochs. A client alone learns as long as it does in the longer training."""
PHOTOS = {"train": 640, "validation": 160, "test": 10_000}
"""Of each client at most."""
SETTINGS = (
    "input_size_px=64",
    "start_size_px=none",
    "eval_size_px=64",
    "eval_views=1",
    "frozen_epochs=0",
    "batch_size=32",
    "warmup_steps=10",
    "ema_decay=0.9",
    "norm=frozen",
    "precision=fp32",
    "patience=99",
    "loader_workers=0",
    "trackers=[]",
    f"epochs={ROUNDS}",
)
HEAD = ("unfreeze=never", "head_learning_rate=0.01")
"""The backbone stays as ImageNet left it."""
EPSILONS = (1.0, 4.0, 16.0)
NONE = "none"
"""Without differential privacy."""
SOURCES = ("ham10000", "isic2017", "pad-ufes-20")


@dataclass(frozen=True)
class Study:
    """Where the study's datasets and runs lie.

    Args:
        data: The merged dataset of all sources.
        work: Folder that is written to.
        weights: Of the backbone.
    """

    data: Path
    work: Path
    weights: Path

    def settings(self, seed: int, *more: str) -> list[str]:
        """Of a run."""
        return [*SETTINGS, f"seed={seed}", f"weights={self.weights}", *more]

    def train(self, name: str, data: Path, seed: int, epochs: int = ROUNDS) -> Run:
        """Train in one place; a finished run is taken as it is."""
        run = Run(self.work / f"{name}-{seed}")
        if not (run.path / "minutes.json").is_file():
            started = time.monotonic()
            train(
                Dataset.open(data), load_config("efficientnet", None, self.settings(seed, f"epochs={epochs}")), run.path
            )
            _note_minutes(run, started)
        return run

    def federate(
        self,
        name: str,
        data: Path,
        by: str,
        seed: int,
        options: FederationOptions,
        settings: Sequence[str] = (),
        privacy: LocalPrivacy | None = None,
        compress: bool = False,
    ) -> Run:
        """Train a federation; a finished run is taken as it is."""
        run = Run(self.work / f"{name}-{seed}")
        if not (run.path / "minutes.json").is_file():
            started = time.monotonic()
            dataset = Dataset.open(data)
            config = load_config("efficientnet", None, self.settings(seed, *settings))
            record = describe_run(dataset, config)
            plan = Plan(
                config=config,
                diagnoses=record.diagnoses,
                answers=record.answers,
                privacy=privacy,
                compress=compress,
            )
            simulate(dataset, plan, options, SimulationOptions(by), run.path, show_progress=False)
            _note_minutes(run, started)
        return run


def measure(data: Path, work: Path, weights: Path, plot: Path) -> str:
    """Train all that are not there yet; draws the curve of accuracy over epsilon, and returns the tables."""
    study = Study(data, work, weights)
    manifest = chosen(Dataset.open(data).manifest)
    pooled = derive(data, work / "data-pooled", manifest)
    alone = {source: derive(data, work / f"data-{source}", _only(manifest, source)) for source in SOURCES}
    together = FederationOptions(min_clients=3)
    short = study.federate("federated", pooled, "source", SEEDS[0], together)
    packed = study.federate("packed", pooled, "source", SEEDS[0], together, compress=True)
    table = {
        "all photos in one place": [study.train("pooled", pooled, seed) for seed in SEEDS],
        f"federated, {LONG} rounds": [
            study.federate("longer", pooled, "source", seed, together, [f"epochs={LONG}"]) for seed in SEEDS
        ],
        f"federated, {ROUNDS} rounds, one seed": [short],
        f"federated, {ROUNDS} rounds, changes in 8 bits, one seed": [packed],
        **{f"{source} alone": [study.train(source, alone[source], seed, LONG) for seed in SEEDS] for source in SOURCES},
    }
    pieces = (accuracies(table), traffic(short, packed), private(study, pooled, short, plot))
    return "\n".join(pieces)


def chosen(manifest: pl.DataFrame) -> pl.DataFrame:
    """Whole groups of each source and split, drawn at random, until there are enough photos."""
    parts = []
    for source in SOURCES:
        for split, most in PHOTOS.items():
            rows = manifest.filter((pl.col("source") == source) & (pl.col("split") == split))
            groups = rows["group"].unique(maintain_order=True).shuffle(seed=0)
            sizes = pl.DataFrame({"group": groups}).join(
                rows.group_by("group").len(), on="group", maintain_order="left"
            )
            kept = sizes.filter(pl.col("len").cum_sum() <= most)["group"]
            parts.append(rows.filter(pl.col("group").is_in(kept.implode())))
    return pl.concat(parts)


def _only(manifest: pl.DataFrame, source: str) -> pl.DataFrame:
    """One client's photos to learn from, and everybody's to be judged on."""
    return manifest.filter((pl.col("source") == source) | (pl.col("split") == "test"))


def scores(runs: Sequence[Run], source: str | None = None) -> Interval:
    """Balanced accuracy on the test photos, the mean over the runs, with an interval that resamples their groups."""
    return to_interval(np.mean([_resampled(run, source) for run in runs], axis=0))


def _resampled(run: Run, source: str | None) -> Floats:
    among = pl.col("split") == "test"
    table = PredictionTable.read(run.predictions_file).filter(
        among if source is None else among & (pl.col("source") == source)
    )
    weights = group_weights(table.frame["group"].to_numpy(), RESAMPLES, seed=0)
    return balanced_accuracy(weights, table.y_true, table.logits.argmax(1), len(table.codes))


def accuracies(table: Mapping[str, Sequence[Run]]) -> str:
    """Each way of training, on all test photos and on each client's."""
    head = f"| learned from | all clients | {' | '.join(SOURCES)} | minutes |\n|---|---|{'---|' * len(SOURCES)}---|\n"
    return head + "".join(
        f"| {name} | {cell(scores(runs))} | {' | '.join(cell(scores(runs, source)) for source in SOURCES)} "
        f"| {np.mean([_minutes(run) for run in runs]):.1f} |\n"
        for name, runs in table.items()
    )


def traffic(plain: Run, packed: Run) -> str:
    """What went over the wire."""
    before, after = (np.mean([line["megabytes"] for line in run.epochs()]) for run in (plain, packed))
    return (
        f"A round moves {before:.0f} MB between the server and its three clients, {after:.0f} MB with `--compress`.\n"
    )


def private(study: Study, pooled: Path, plain: Run, plot: Path) -> str:
    """Accuracy, and what an attacker learns of who was in the training set, for several epsilons."""

    def run(name: str, settings: Sequence[str], epsilon: float | None) -> Run:
        privacy = None if epsilon is None else LocalPrivacy(epsilon_budget=epsilon)
        options = FederationOptions(min_clients=3)
        return study.federate(name, pooled, "source", SEEDS[0], options, settings, privacy)

    rows = {
        ("whole network", NONE): plain,
        ("whole network", "8"): run("dp-8", (), 8.0),
        ("new layers only", NONE): run("head", HEAD, None),
        **{("new layers only", f"{epsilon:g}"): run(f"head-dp-{epsilon:g}", HEAD, epsilon) for epsilon in EPSILONS},
    }
    head = (
        f"With differential privacy at the clients (delta 0.00001, one seed, {ROUNDS} rounds), and how well the attack "
        "tells training photos from test photos:\n\n"
        "| learns | epsilon | balanced accuracy, all test photos | AUROC of the attack | found at 1 % false alarms |\n"
        "|---|---|---|---|---|\n"
    )
    lines = []
    found = {who: scores([one]) for who, one in rows.items()}
    for (what, epsilon), one in rows.items():
        attacker = attacked(one, pooled)
        accuracy = cell(found[what, epsilon])
        lines.append(f"| {what} | {epsilon} | {accuracy} | {cell(attacker.auroc)} | {cell(attacker.found)} |\n")
    draw(found, plot)
    return head + "".join(lines)


def draw(found: Mapping[tuple[str, str], Interval], path: Path) -> None:
    """Balanced accuracy over epsilon, with intervals; the line without privacy dashed."""
    with styled(path.stem):
        figure = sheet(460, 280)
        axes = figure.subplots()
        for what, colour, shift in (("new layers only", ACCENT, 1.0), ("whole network", WARM, 1.06)):
            private = {float(epsilon): one for (who, epsilon), one in found.items() if who == what and epsilon != NONE}
            places = [epsilon * shift for epsilon in private]
            # As numbers: an interval's ends are None where there is no figure, which a drawn line shows as a gap.
            values, low, high = np.array([(one.value, one.low, one.high) for one in private.values()], np.float64).T
            axes.plot(places, values, color=colour, marker="o")
            axes.vlines(places, low, high, colour)
            axes.axhline(float(found[what, NONE].value or 0), color=colour, linestyle="--", linewidth=1)
            axes.annotate(what, (places[-1], values[-1]), textcoords="offset points", xytext=(8, 4), color=colour)
        axes.set_xscale("log")
        axes.set_xticks([1, 2, 4, 8, 16], ["1", "2", "4", "8", "16"])
        axes.minorticks_off()
        axes.set_xlim(0.8, 60)
        axes.set_xlabel("epsilon (dashed: without differential privacy)")
        axes.set_ylabel("balanced accuracy")
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date": None})


def attacked(run: Run, data: Path) -> Membership:
    """Membership inference on a finished run: its training photos against its test photos."""
    learned, others = (predict_run(run.path, Dataset.open(data), split) for split in ("train", "test"))
    return attack(learned, others, RESAMPLES, seed=0)


def _note_minutes(run: Run, started: float) -> None:
    (run.path / "minutes.json").write_text(json.dumps((time.monotonic() - started) / 60), encoding="utf-8")


def _minutes(run: Run) -> float:
    return float(json.loads((run.path / "minutes.json").read_text(encoding="utf-8")))
