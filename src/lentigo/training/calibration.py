"""What a run learns after its weights: temperature, thresholds and novelty, all on the validation split."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
import torch

from lentigo.card import Calibration, CardDiagnosis, Novelty, OperatingPoint, Thresholds
from lentigo.datasets import Dataset
from lentigo.datasets.predictions import PredictionTable
from lentigo.metrics.calibration import fit_temperature, softmax
from lentigo.metrics.thresholds import choose_operating_point
from lentigo.metrics.tiers import tier_probability
from lentigo.taxonomy import TierName
from lentigo.training.checkpoint import load_weights, save_weights
from lentigo.training.config import TrainConfig
from lentigo.training.model import EvidenceModel
from lentigo.training.novelty import NoveltyScore, fit_novelty
from lentigo.training.prediction import RawPredictions, predict_rows, to_table
from lentigo.training.rounding import round_weights
from lentigo.training.run import Run
from lentigo.writing import write_whole

VALIDATION = "validation"
_NOVELTY_ROWS = 4000
"""Training photos that the novelty score is fitted on at most; more do not move the covariance."""


def finish(run: Run, model: EvidenceModel, dataset: Dataset, device: torch.device) -> Calibration:
    """Round the best weights to 8 bits, calibrate them, and write their predictions on validation and test."""
    load_weights(run.best_weights, model)
    round_weights(model.backbone)
    save_weights(run.final_weights, model)
    config, record = run.config, run.record
    codes = [diagnosis.code for diagnosis in record.diagnoses]
    splits = {name: dataset.manifest.filter(pl.col("split") == name) for name in ("train", VALIDATION, "test")}

    novelty = _fit_novelty(run, model, dataset, splits["train"], device)
    novelty.save(run.novelty_file)
    held_out = pl.concat([splits[VALIDATION], splits["test"]])
    raw = predict_rows(run, model, dataset.path, held_out, device, "Predicting validation and test")
    on_validation = (held_out["split"] == VALIDATION).to_numpy()
    y_true = np.array([codes.index(code) for code in held_out["diagnosis"]], dtype=np.int64)

    temperature = fit_temperature(raw.logits[on_validation], y_true[on_validation])
    table = to_table(held_out, codes, raw, temperature, novelty)
    calibration = _calibrate(config, record.diagnoses, table, temperature)
    table.write(run.predictions_file)
    write_whole(run.calibration_file, calibration.model_dump_json(indent=2) + "\n")
    return calibration


def _fit_novelty(
    run: Run, model: EvidenceModel, dataset: Dataset, rows: pl.DataFrame, device: torch.device
) -> NoveltyScore:
    rows = rows.sample(min(_NOVELTY_ROWS, rows.height), seed=run.config.seed)
    raw: RawPredictions = predict_rows(run, model, dataset.path, rows, device, "Learning what is familiar")
    codes = [diagnosis.code for diagnosis in run.record.diagnoses]
    y_true = np.array([codes.index(code) for code in rows["diagnosis"]], dtype=np.int64)
    return fit_novelty(raw.features, y_true, len(codes))


def _calibrate(
    config: TrainConfig, diagnoses: Sequence[CardDiagnosis], table: PredictionTable, temperature: float
) -> Calibration:
    frame = table.frame
    validation = (frame["split"] == VALIDATION).to_numpy()
    probabilities = softmax(table.logits[validation])
    y_true = table.y_true[validation]
    groups = frame["group"].to_numpy()[validation]
    on = f"validation split of {', '.join(sorted(set(frame['source'])))}"

    def operating_point(tiers: set[TierName], target: float) -> OperatingPoint | None:
        places = [place for place, diagnosis in enumerate(diagnoses) if diagnosis.tier in tiers]
        positive = np.isin(y_true, places)
        if not places or len(places) == len(diagnoses) or not positive.any() or positive.all():
            return None
        scores = tier_probability(probabilities, diagnoses, *tiers)
        return choose_operating_point(scores, positive, groups, target, on)

    novelty = frame["novelty"].to_numpy()[validation]
    return Calibration(
        diagnoses=tuple(diagnoses),
        temperature=temperature,
        thresholds=Thresholds(
            high=operating_point({"high"}, config.target_recall_high),
            malignant=operating_point({"high", "moderate"}, config.target_recall_malignant),
        ),
        novelty=Novelty(
            threshold=float(np.quantile(novelty, config.novelty_quantile)),
            quantile=config.novelty_quantile,
            chosen_on=on,
        ),
    )
