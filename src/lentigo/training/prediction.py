"""A trained model's answers on rows of a dataset."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import torch
from torch import Tensor
from torch.utils.data import DataLoader
from tqdm import tqdm

from lentigo.datasets import Dataset
from lentigo.datasets.predictions import PredictionTable
from lentigo.errors import DatasetError
from lentigo.training.checkpoint import load_weights
from lentigo.training.loading import Batch, Examples, PhotoDataset, ordered_loader
from lentigo.training.model import EvidenceModel, create_model
from lentigo.training.no_skin import SkinDistance
from lentigo.training.novelty import energy
from lentigo.training.run import Run

Floats = npt.NDArray[np.float32]

Change = Callable[[Tensor], Tensor]
"""What is done to pixels (N, 3, S, S) in 0..255 before a model sees them."""


@dataclass(frozen=True)
class RawPredictions:
    """What the network says of N rows, before temperature.

    Attributes:
        logits: (N, C) with the answers.
        photo_logits: (N, C) of the photo alone.
        textures: (N, T), see :class:`~lentigo.training.model.Evidence`.
        views: (N, V, C) logits by each view of the photo.
    """

    logits: Floats
    photo_logits: Floats
    textures: Floats
    views: Floats


def load_model(run: Run) -> EvidenceModel:
    """The final weights of a run, ready to predict."""
    config, record = run.config, run.record
    model = create_model(config, len(record.diagnoses), record.answers)
    load_weights(run.final_weights, model)
    return model.eval()


@torch.inference_mode()
def predict_batches(
    model: EvidenceModel,
    loader: DataLoader[Batch],
    device: torch.device,
    title: str | None = None,
    change: Change | None = None,
) -> RawPredictions:
    """Run a model in float32 over batches in order; shows progress under ``title``.

    ``change``, where there is one, is what is done to the pixels of each batch first.
    """
    parts: list[tuple[Floats, ...]] = []
    model.eval()
    for batch in tqdm(loader, desc=title, unit="batch", disable=title is None, leave=False):
        pixels = batch.pixels.to(device).float()
        if change is not None:
            pixels = change(pixels)
        if device.type == "cpu":
            pixels = pixels.contiguous(memory_format=torch.channels_last)
        evidence = model.explain(pixels, batch.answers.to(device))
        photo_logits = evidence.map.sum((2, 3))
        kept = (evidence.logits, photo_logits, evidence.textures, evidence.views)
        parts.append(tuple(part.float().cpu().numpy() for part in kept))
    return RawPredictions(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def predict_rows(
    run: Run,
    model: EvidenceModel,
    folder: Path,
    rows: pl.DataFrame,
    device: torch.device,
    title: str | None = None,
    change: Change | None = None,
) -> RawPredictions:
    """Run a model over rows of a manifest whose images lie in ``folder``."""
    config, record = run.config, run.record
    codes = [diagnosis.code for diagnosis in record.diagnoses]
    examples = Examples.from_rows(folder, rows, codes, record.answers)
    photos = PhotoDataset(examples, config, [spec.columns for spec in record.answers])
    return predict_batches(model, ordered_loader(photos, config.evaluation_size_px), device, title, change)


def predict_run(run_path: Path, dataset: Dataset, split: str) -> PredictionTable:
    """A finished run's calibrated predictions on a split (or ``all``) of any dataset.

    Rows whose diagnosis the model does not tell apart must be taken out before.

    Raises:
        RunError: Not a finished run.
        DatasetError: No row in that split, or one with a diagnosis that the model does not know.
    """
    run = Run(run_path)
    calibration = run.calibration
    rows = dataset.manifest if split == "all" else dataset.manifest.filter(pl.col("split") == split)
    codes = [diagnosis.code for diagnosis in calibration.diagnoses]
    unknown = sorted(set(rows["diagnosis"]) - set(codes))
    if rows.is_empty():
        raise DatasetError(f"{dataset.path} has no rows in the split '{split}'.", "Choose another split.")
    if unknown:
        raise DatasetError(f"The model does not tell apart: {', '.join(unknown)}.", "Leave these rows out.")
    model = load_model(run)
    raw = predict_rows(run, model, dataset.path, rows, torch.device("cpu"), "Predicting")
    no_skin = SkinDistance.read(run.no_skin_file).of(raw.textures)
    temperature = calibration.temperature
    return to_table(rows, codes, raw.logits / temperature, raw.photo_logits / temperature, no_skin)


def to_table(
    rows: pl.DataFrame, codes: list[str], logits: Floats, photo_logits: Floats, no_skin: Floats
) -> PredictionTable:
    """Calibrated predictions, and the novelty that follows from them, beside the manifest's columns."""
    novelty = energy(torch.from_numpy(photo_logits)).numpy()
    return PredictionTable.from_arrays(rows, codes, logits, photo_logits, novelty, no_skin)
