"""What a run learns after its weights: temperature, thresholds, novelty and confidence, all on the validation split."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl
import torch
from torch import Tensor

from lentigo.card import Calibration, CardDiagnosis, Confidence, Novelty, OperatingPoint, Thresholds
from lentigo.datasets import Dataset
from lentigo.datasets.predictions import NO_SKIN, NOVELTY, PredictionTable
from lentigo.metrics.calibration import fit_temperature, softmax
from lentigo.metrics.discrimination import share
from lentigo.metrics.resampling import group_weights, to_interval
from lentigo.metrics.thresholds import RESAMPLES, choose_operating_point
from lentigo.metrics.tiers import tier_probability
from lentigo.taxonomy import TierName
from lentigo.training.checkpoint import load_weights, save_weights
from lentigo.training.config import TrainConfig
from lentigo.training.model import EvidenceModel
from lentigo.training.no_skin import SkinDistance, fit_skin_distance
from lentigo.training.prediction import Change, Floats, predict_rows, to_table
from lentigo.training.rounding import round_weights
from lentigo.training.run import Run
from lentigo.training.tones import TONES, with_tones
from lentigo.writing import write_whole

VALIDATION = "validation"
_SKIN_ROWS = 4000
"""Training photos that what skin looks like is learned from at most; more do not move the covariance."""


def finish(run: Run, model: EvidenceModel, dataset: Dataset, device: torch.device) -> Calibration:
    """Round the best weights to 8 bits, calibrate them, and write their predictions on validation and test."""
    load_weights(run.best_weights, model)
    round_weights(model.backbone)
    save_weights(run.final_weights, model)
    splits = {name: dataset.manifest.filter(pl.col("split") == name) for name in ("train", VALIDATION, "test")}

    no_skin = _fit_no_skin(run, model, dataset, splits["train"], device)
    no_skin.save(run.no_skin_file)
    held_out = pl.concat([splits[VALIDATION], splits["test"]])
    raw = predict_rows(run, model, dataset.path, held_out, device, "Predicting validation and test")
    return conclude(run, held_out, raw.logits, raw.photo_logits, no_skin.of(raw.textures))


def conclude(run: Run, held_out: pl.DataFrame, logits: Floats, photo_logits: Floats, no_skin: Floats) -> Calibration:
    """Calibrate what the final weights say of held-out photos, and write both.

    Args:
        run: With its final weights.
        held_out: N rows of a manifest, those of the validation split among them.
        logits: (N, C) with the answers, before temperature.
        photo_logits: (N, C) of the photo alone, before temperature.
        no_skin: (N,).
    """
    config, record = run.config, run.record
    codes = [diagnosis.code for diagnosis in record.diagnoses]
    on_validation = (held_out["split"] == VALIDATION).to_numpy()
    y_true = np.array([codes.index(code) for code in held_out["diagnosis"]], dtype=np.int64)
    temperature = fit_temperature(logits[on_validation], y_true[on_validation])
    table = to_table(held_out, codes, logits / temperature, photo_logits / temperature, no_skin)
    calibration = _calibrate(config, record.diagnoses, table, temperature)
    table.write(run.predictions_file)
    write_whole(run.calibration_file, calibration.model_dump_json(indent=2) + "\n")
    return calibration


def _fit_no_skin(
    run: Run, model: EvidenceModel, dataset: Dataset, rows: pl.DataFrame, device: torch.device
) -> SkinDistance:
    """Learn what photos like these are made of; when they are of skin, of skin of any tone."""
    rows = rows.sample(min(_SKIN_ROWS, rows.height), seed=run.config.seed)
    changes = (None, any_tone(run.config.seed)) if of_skin(run.record.diagnoses) else (None,)
    title = "Learning what skin looks like"
    parts = [predict_rows(run, model, dataset.path, rows, device, title, change).textures for change in changes]
    return fit_skin_distance(np.concatenate(parts))


def any_tone(seed: int) -> Change:
    """Gives each photo's skin a tone at random."""
    generator = torch.Generator().manual_seed(seed)

    def change(pixels: Tensor) -> Tensor:
        return with_tones(pixels, torch.randint(len(TONES), (len(pixels),), generator=generator).to(pixels.device))

    return change


def of_skin(diagnoses: Sequence[CardDiagnosis]) -> bool:
    """Whether a model is about skin: it knows a diagnosis with a risk tier. Cats and dogs have none."""
    return any(diagnosis.tier for diagnosis in diagnoses)


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

    return Calibration(
        diagnoses=tuple(diagnoses),
        temperature=temperature,
        thresholds=Thresholds(
            high=operating_point({"high"}, config.target_recall_high),
            malignant=operating_point({"high", "moderate"}, config.target_recall_malignant),
        ),
        novelty=_limit(table, NOVELTY, validation, config.novelty_quantile, on),
        no_skin=_limit(table, NO_SKIN, validation, config.no_skin_quantile, on) if of_skin(diagnoses) else None,
        confidence=_confidence(probabilities, y_true, groups, config.answered, on),
    )


def _limit(table: PredictionTable, score: str, validation: npt.NDArray[np.bool_], quantile: float, on: str) -> Novelty:
    scores = table.frame[score].to_numpy()[validation]
    return Novelty(threshold=float(np.quantile(scores, quantile)), quantile=quantile, chosen_on=on)


def _confidence(
    probabilities: npt.NDArray[np.float64],
    y_true: npt.NDArray[np.int64],
    groups: npt.NDArray[np.str_],
    answered: float,
    on: str,
) -> Confidence:
    sureness, wrong = probabilities.max(1), probabilities.argmax(1) != y_true
    threshold = float(np.quantile(sureness, 1 - answered))
    weights = group_weights(groups, RESAMPLES, seed=0)
    return Confidence(
        threshold=threshold,
        answered=answered,
        error=to_interval(share(weights, wrong, sureness >= threshold)),
        error_of_all=to_interval(share(weights, wrong, np.ones(len(wrong), np.bool_))),
        chosen_on=on,
    )
