"""``lentigo evaluate``."""

from __future__ import annotations

import datetime
import hashlib
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import click

import lentigo

if TYPE_CHECKING:
    import polars as pl

    from lentigo.card import Calibration
    from lentigo.datasets import Dataset
    from lentigo.datasets.predictions import PredictionTable
    from lentigo.evaluation.report import Report

INDEPENDENCE = {
    "test": "No patient, lesion or picture among them is one that the model learned from or was tuned on.",
    "validation": "The model was tuned on these photos: the figures flatter it.",
    "train": "The model learned from these photos: the figures say nothing about others.",
    "all": "The model learned from most of these photos: the figures say nothing about others.",
}
ELSEWHERE = "They flatter the model as far as photos like these, of the same people, were among those it learned from."

LEADING = (
    "recall_dangerous",
    "specificity_dangerous",
    "recall_high",
    "balanced_accuracy",
    "accuracy",
    "auroc_melanoma",
    "auroc_malignant",
    "tier_accuracy",
    "ece",
)


@click.command()
@click.argument("model")
@click.option("--data", type=click.Path(path_type=Path), required=True, help="The dataset to measure on.")
@click.option("--split", type=click.Choice(["test", "validation", "train", "all"]), default="test", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the report; without it, the run's or bundle's.")
@click.option("--resamples", type=click.IntRange(100, 100_000), default=1000, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the resampling.")
def evaluate(model: str, data: Path, split: str, out: Path | None, resamples: int, seed: int) -> None:
    """Measure a MODEL (a run's folder, or a bundle's name or folder) and write a report.

    \b
    Examples:
      lentigo evaluate runs/first --data data/ham
      lentigo evaluate lesions --data data/pad --split all --out reports/pad
    """
    from lentigo.datasets import Dataset
    from lentigo.evaluation import About, write_report

    is_run = (Path(model) / "run.json").is_file()
    if not is_run:
        _find_bundle(model)
    dataset = Dataset.open(data)
    table, calibration, name = (_of_run if is_run else _of_bundle)(model, dataset, split)
    own = is_run and _same_data(Path(model), dataset)
    about = About(
        model=name,
        data=dataset.path.resolve().name,
        split=split,
        independence=INDEPENDENCE[split] if own else ELSEWHERE,
        seed=seed,
        resamples=resamples,
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        lentigo_version=lentigo.__version__,
        code_version=_code_version(),
    )
    folder = out or (Path(model) if is_run else Path("reports") / f"{name.split()[0]}-on-{about.data}")
    report = write_report(table, calibration, about, dataset.path, folder)
    _print(report)
    click.echo(f"\nWrote {folder / 'report.html'} and report.json.")
    click.echo(f"Next: lentigo export {model} --data {data} --out bundles/first" if is_run else "")


def _find_bundle(model: str) -> None:
    """Refuse what is neither a run nor a bundle, naming both: a misspelt run is no missing bundle.

    Raises:
        BundleNotFound: It is neither.
    """
    from lentigo.errors import BundleNotFound
    from lentigo.inference.bundle import find_bundle

    try:
        find_bundle(model)
    except BundleNotFound as error:
        raise BundleNotFound(
            f"There is no run and no bundle '{model}'.",
            f"Give the folder of a run, which holds run.json, or a bundle. {error.hint}",
        ) from error


def _of_run(model: str, dataset: Dataset, split: str) -> tuple[PredictionTable, Calibration, str]:
    """A run's predictions: those it wrote when it ended where they are of this dataset, else new ones."""
    import polars as pl

    from lentigo.datasets.predictions import PredictionTable
    from lentigo.training import Run, predict_run

    run = Run(Path(model))
    calibration = run.calibration
    if _same_data(run.path, dataset) and split in ("test", "validation"):
        table = PredictionTable.read(run.predictions_file).filter(pl.col("split") == split)
    else:
        table = predict_run(run.path, _known_only(dataset, calibration), split)
    return table, calibration, run.path.resolve().name


def _same_data(run: Path, dataset: Dataset) -> bool:
    """Whether a run learned from this very dataset."""
    from lentigo.training import Run

    return (
        hashlib.sha256((dataset.path / "manifest.parquet").read_bytes()).hexdigest() == Run(run).record.dataset_sha256
    )


def _of_bundle(model: str, dataset: Dataset, split: str) -> tuple[PredictionTable, Calibration, str]:
    """A bundle's predictions, as it would answer on a server."""
    import numpy as np
    import polars as pl
    from tqdm import tqdm

    from lentigo import imaging
    from lentigo.card import Calibration
    from lentigo.datasets.predictions import PredictionTable
    from lentigo.errors import DatasetError
    from lentigo.inference import Predictor

    predictor = Predictor.load(model, threads=2)
    card = predictor.card
    calibration = Calibration(
        diagnoses=card.diagnoses, temperature=card.temperature, thresholds=card.thresholds, novelty=card.novelty
    )
    known = _known_only(dataset, calibration)
    rows = known.manifest if split == "all" else known.manifest.filter(pl.col("split") == split)
    names = [spec.name for spec in card.answers]
    outputs = [
        predictor.raw(imaging.read(dataset.image_path(row)), {name: row[name] for name in names})
        for row in tqdm(rows.iter_rows(named=True), total=rows.height, desc="Assessing", unit="photo")
    ]
    if not outputs:
        raise DatasetError(f"The split '{split}' of {dataset.path} has no rows.", "Choose another split or dataset.")
    table = PredictionTable.from_arrays(
        rows,
        card.codes,
        np.stack([one.logits for one in outputs]),
        np.stack([one.photo_logits for one in outputs]),
        np.array([one.novelty for one in outputs], dtype=np.float32),
    )
    return table, calibration, f"{card.name} {card.version}"


def _known_only(dataset: Dataset, calibration: Calibration) -> Dataset:
    """The rows whose diagnosis the model tells apart; the others are counted and named."""
    import dataclasses

    import polars as pl

    codes = [diagnosis.code for diagnosis in calibration.diagnoses]
    unknown: pl.DataFrame = dataset.manifest.filter(~pl.col("diagnosis").is_in(codes))
    if unknown.height:
        names = ", ".join(sorted(set(unknown["diagnosis"])))
        click.echo(f"{unknown.height} photos of {names} are left out: the model does not tell them apart.", err=True)
    return dataclasses.replace(dataset, manifest=dataset.manifest.filter(pl.col("diagnosis").is_in(codes)))


def _code_version() -> str | None:
    """The git commit that ran, where it ran from a clone."""
    root = Path(__file__).parents[3]
    if not (root / ".git").exists():
        return None
    command = ["git", "-C", str(root), "describe", "--always", "--dirty"]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # a fixed command
    return finished.stdout.strip() or None


def _print(report: Report) -> None:
    click.echo()
    for name in LEADING:
        figure = report.figure(name)
        if figure is None or figure.value.value is None:
            continue
        value = figure.value
        click.echo(f"  {name:<24}{value.value:>7.3f}   ({value.low:.3f} to {value.high:.3f})   n = {figure.n:,}")
