"""What is evaluated: a run or a bundle, and its predictions on a dataset."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import click
import numpy as np
import polars as pl
from tqdm import tqdm

from lentigo import imaging
from lentigo.card import Calibration
from lentigo.datasets import Dataset
from lentigo.datasets.predictions import PredictionTable
from lentigo.errors import BundleNotFound, DatasetError
from lentigo.inference import Predictor
from lentigo.inference.bundle import find_bundle
from lentigo.training import Run, predict_run

INDEPENDENCE = {
    "test": "No patient, lesion or picture among them is one that the model learned from or was tuned on.",
    "validation": "The model was tuned on these photos: the figures flatter it.",
    "train": "The model learned from these photos: the figures say nothing about others.",
    "all": "The model learned from most of these photos: the figures say nothing about others.",
}
ELSEWHERE = "They flatter the model as far as photos like these, of the same people, were among those it learned from."


@dataclass(frozen=True)
class Target:
    """A run or bundle with its predictions.

    ``own``: a run, on the dataset that it learned from. ``independence`` says what it knew of the photos.
    """

    model: str
    is_run: bool
    own: bool
    name: str
    table: PredictionTable
    calibration: Calibration
    independence: str

    @property
    def short_name(self) -> str:
        """The name without a bundle's version."""
        return self.name.split()[0]


def open_target(model: str, dataset: Dataset, split: str) -> Target:
    """Open a run's folder, or a bundle's name or folder, and predict what it has not predicted yet."""
    is_run = (Path(model) / "run.json").is_file()
    if not is_run:
        _find_bundle(model)
    table, calibration, name = (_of_run if is_run else _of_bundle)(model, dataset, split)
    own = is_run and _same_data(Path(model), dataset)
    return Target(model, is_run, own, name, table, calibration, INDEPENDENCE[split] if own else ELSEWHERE)


def _find_bundle(model: str) -> None:
    """Refuse what is neither a run nor a bundle, naming both: a misspelt run is no missing bundle.

    Raises:
        BundleNotFound: It is neither.
    """
    try:
        find_bundle(model)
    except BundleNotFound as error:
        raise BundleNotFound(
            f"There is no run and no bundle '{model}'.",
            f"Give the folder of a run, which holds run.json, or a bundle. {error.hint}",
        ) from error


def _of_run(model: str, dataset: Dataset, split: str) -> tuple[PredictionTable, Calibration, str]:
    """A run's predictions: those it wrote when it ended where they are of this dataset, else new ones."""
    run = Run(Path(model))
    calibration = run.calibration
    if _same_data(run.path, dataset) and split in ("test", "validation"):
        table = PredictionTable.read(run.predictions_file).filter(pl.col("split") == split)
    else:
        table = predict_run(run.path, _known_only(dataset, calibration), split)
    return table, calibration, run.path.resolve().name


def _same_data(run: Path, dataset: Dataset) -> bool:
    """Whether a run learned from this very dataset."""
    return dataset.sha256 == Run(run).record.dataset_sha256


def _of_bundle(model: str, dataset: Dataset, split: str) -> tuple[PredictionTable, Calibration, str]:
    """A bundle's predictions, as it would answer on a server."""
    predictor = Predictor.load(model, threads=2)
    card = predictor.card
    calibration = card.calibration
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
        np.array([one.no_skin for one in outputs], dtype=np.float32),
    )
    return table, calibration, f"{card.name} {card.version}"


def _known_only(dataset: Dataset, calibration: Calibration) -> Dataset:
    """The rows whose diagnosis the model tells apart; the others are counted and named."""
    codes = [diagnosis.code for diagnosis in calibration.diagnoses]
    unknown: pl.DataFrame = dataset.manifest.filter(~pl.col("diagnosis").is_in(codes))
    if unknown.height:
        names = ", ".join(sorted(set(unknown["diagnosis"])))
        click.echo(f"{unknown.height} photos of {names} are left out: the model does not tell them apart.", err=True)
    return replace(dataset, manifest=dataset.manifest.filter(pl.col("diagnosis").is_in(codes)))
