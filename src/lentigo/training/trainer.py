"""The training loop, in one place and in plain sight."""

from __future__ import annotations

import datetime
import hashlib
import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import timm
import torch
from accelerate import Accelerator
from sklearn.metrics import accuracy_score, balanced_accuracy_score
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from tqdm import tqdm

import lentigo
from lentigo.answers import default_answers
from lentigo.card import AnswerSpec, CardDiagnosis, TrainingSource
from lentigo.datasets import Dataset
from lentigo.errors import ConfigError, RunError, TrainingError
from lentigo.taxonomy import load_taxonomy
from lentigo.training.augmentation import relight
from lentigo.training.calibration import VALIDATION, finish
from lentigo.training.checkpoint import Progress, load_progress, save_progress, save_weights
from lentigo.training.config import TrainConfig
from lentigo.training.curves import draw_curves
from lentigo.training.interrupt import Interrupt
from lentigo.training.loading import (
    Batch,
    EpochBatches,
    Examples,
    PhotoDataset,
    ordered_loader,
    sampling_weights,
    training_loader,
)
from lentigo.training.model import EvidenceModel, load_pretrained
from lentigo.training.prediction import predict_batches
from lentigo.training.run import Run, RunRecord

_SAVE_EVERY_S = 300.0


def train(dataset: Dataset, config: TrainConfig, out: Path, *, show_progress: bool = True) -> Run:
    """Train on a dataset's train split, choosing by its validation split; goes on where an earlier call stopped.

    Raises:
        TrainingError: The dataset cannot be learned from, or the loss is no longer a number.
        RunError: ``out`` holds a run of something else.
        KeyboardInterrupt: Stopped by a signal; the run goes on from there when called again.
    """
    _check_learnable(dataset)
    run = Run(out)
    run_record = _record(dataset, config)
    _check_same_run(run, config, run_record)
    trainer = Trainer(dataset, config, run, run_record, show_progress)
    trainer.fit()
    finish(run, trainer.averaged_model(), dataset, trainer.device)
    return run


class Trainer:
    """One run in the making: model, optimiser, schedule and data, and how far they are."""

    def __init__(
        self, dataset: Dataset, config: TrainConfig, run: Run, record: RunRecord, show_progress: bool = True
    ) -> None:
        self.config, self.run, self.show_progress = config, run, show_progress
        self.accelerator = Accelerator(mixed_precision="bf16" if config.precision == "bf16" else "no")
        self.device: torch.device = self.accelerator.device
        torch.manual_seed(config.seed)
        codes = [diagnosis.code for diagnosis in record.diagnoses]
        columns = [spec.columns for spec in record.answers]

        def photos(split: str) -> PhotoDataset:
            rows = dataset.manifest.filter(pl.col("split") == split)
            return PhotoDataset(Examples.from_rows(dataset.path, rows, codes, record.answers), config, columns)

        self.training, self.validation = photos("train"), photos(VALIDATION)
        weights = sampling_weights(self.training.examples.strata, config.balance)
        self.batches = EpochBatches(weights, config)
        self.steps_per_epoch = len(self.batches)

        model = EvidenceModel(
            config.backbone, len(codes), record.answers, config.feature_dropout, config.evaluation_size_px
        )
        if config.pretrained:
            load_pretrained(model, config.backbone, Path(config.weights) if config.weights else None)
        model = model.to(memory_format=torch.channels_last)
        self.model, self.optimizer = self.accelerator.prepare(model, self._optimizer(model))
        moving_average = get_ema_multi_avg_fn(config.ema_decay)  # type: ignore[no-untyped-call]  # torch lacks types
        self.average = AveragedModel(self._plain_model(), multi_avg_fn=moving_average, use_buffers=True)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer.optimizer, self._learning_rate_factor)
        self.progress = Progress()
        run.start(config, record)

    def fit(self) -> None:
        """Train until the last epoch, or until validation has not improved for ``patience`` epochs."""
        self.progress = load_progress(self.run, self._resumable) or self.progress
        self.batches.epoch, self.batches.first_batch = self.progress.epoch, self.progress.step
        loader = training_loader(self.training, self.batches)
        judging = ordered_loader(self.validation, self.config.evaluation_size_px)
        with Interrupt() as interrupt:
            while self.progress.epoch < self.config.epochs and not self._out_of_patience():
                self._train_epoch(loader, interrupt)
                self._judge(judging)

    def averaged_model(self) -> EvidenceModel:
        """The averaged weights as a model of its own; without averaging, the weights as they are."""
        module = self.average.module if self.config.ema_decay else self._plain_model()
        assert isinstance(module, EvidenceModel)  # noqa: S101  # narrows torch's Module for mypy; checks no input
        return module

    @property
    def _resumable(self) -> dict[str, Any]:
        return {
            "model": self._plain_model(),
            "average": self.average,
            "optimizer": self.optimizer,
            "schedule": self.schedule,
        }

    def _plain_model(self) -> EvidenceModel:
        model: EvidenceModel = self.accelerator.unwrap_model(self.model)
        return model

    def _optimizer(self, model: EvidenceModel) -> torch.optim.Optimizer:
        config = self.config
        backbone = [parameter for parameter in model.backbone.parameters() if parameter.requires_grad]
        new = [*model.head.parameters(), *model.answers.parameters()]
        groups = [
            # Scales and offsets of batch norm, and biases, are not pulled towards zero.
            {"params": [p for p in backbone if p.ndim > 1], "lr": config.learning_rate},
            {"params": [p for p in backbone if p.ndim <= 1], "lr": config.learning_rate, "weight_decay": 0.0},
            {"params": new, "lr": config.head_learning_rate},
        ]
        return torch.optim.AdamW(groups, weight_decay=config.weight_decay)

    def _learning_rate_factor(self, step: int) -> float:
        """Linear warm-up, then half a cosine to zero."""
        warmup, total = self.config.warmup_steps, self.config.epochs * self.steps_per_epoch
        if step < warmup:
            return (step + 1) / warmup
        return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - warmup) / max(1, total - warmup))))

    def _set_frozen(self, frozen: bool) -> None:
        model = self._plain_model()
        model.train()
        model.backbone.train(not frozen)
        for parameter in model.backbone.parameters():
            parameter.requires_grad_(not frozen)

    def _train_epoch(self, loader: torch.utils.data.DataLoader[Batch], interrupt: Interrupt) -> None:
        progress, config = self.progress, self.config
        self._set_frozen(progress.epoch < config.frozen_epochs)
        self.batches.epoch, self.batches.first_batch = progress.epoch, progress.step
        criterion = nn.CrossEntropyLoss(label_smoothing=config.label_smoothing)
        started = saved = time.monotonic()
        bar = tqdm(
            total=self.steps_per_epoch,
            initial=progress.step,
            desc=f"Epoch {progress.epoch + 1}/{config.epochs}",
            unit="batch",
            disable=not self.show_progress,
        )
        with bar:
            for batch in loader:
                progress.loss_sum += self._step(batch, criterion)
                progress.step += 1
                bar.update()
                bar.set_postfix(loss=f"{progress.loss_sum / progress.step:.3f}", refresh=False)
                if interrupt.wanted or time.monotonic() - saved > _SAVE_EVERY_S:
                    saved = time.monotonic()
                    save_progress(self.run, self._resumable, progress)
                interrupt.check()
        progress.seconds = time.monotonic() - started

    def _step(self, batch: Batch, criterion: nn.Module) -> float:
        pixels = batch.pixels.to(self.device, non_blocking=True).float()
        pixels = relight(pixels, batch.light.to(self.device, non_blocking=True))
        pixels = pixels.contiguous(memory_format=torch.channels_last)
        with self.accelerator.autocast():
            logits = self.model(pixels, batch.answers.to(self.device))
        loss = criterion(logits.float(), batch.y_true.to(self.device))
        value = float(loss.detach())
        if not math.isfinite(value):
            raise TrainingError(
                f"The loss is {value} in epoch {self.progress.epoch + 1}.",
                "Lower learning_rate, or set precision=fp32; the last checkpoint is still good.",
            )
        self.accelerator.backward(loss)
        self.accelerator.clip_grad_norm_(self.model.parameters(), self.config.gradient_clip)
        self.optimizer.step()
        self.schedule.step()
        self.optimizer.zero_grad(set_to_none=True)
        if self.config.ema_decay:
            self.average.update_parameters(self._plain_model())
        return value

    def _judge(self, loader: torch.utils.data.DataLoader[Batch]) -> None:
        """Measure the epoch on validation, keep the weights if they are the best so far, and save where to go on."""
        progress = self.progress
        model = self.averaged_model()
        raw = predict_batches(model, loader, self.device, "Validating" if self.show_progress else None)
        y_true = self.validation.examples.y_true
        predicted = raw.logits.argmax(1)
        epoch = {
            "epoch": progress.epoch + 1,
            "train_loss": progress.loss_sum / max(1, progress.step),
            "validation_loss": _cross_entropy(raw.logits, y_true),
            "balanced_accuracy": float(balanced_accuracy_score(y_true, predicted)),
            "accuracy": float(accuracy_score(y_true, predicted)),
            "size_px": self.config.size_at(progress.epoch),
            "seconds": round(progress.seconds, 1),
        }
        if epoch["balanced_accuracy"] > progress.best_score:
            progress.best_score, progress.best_epoch = float(epoch["balanced_accuracy"]), progress.epoch
            save_weights(self.run.best_weights, model)
        progress.epoch, progress.step, progress.loss_sum = progress.epoch + 1, 0, 0.0
        epochs = [*(line for line in self.run.epochs() if line["epoch"] < epoch["epoch"]), epoch]
        self.run.write_epochs(epochs)
        save_progress(self.run, self._resumable, progress)
        draw_curves(self.run.path / "curves.png", epochs)
        if self.show_progress:
            tqdm.write(
                f"  epoch {epoch['epoch']}: validation balanced accuracy {epoch['balanced_accuracy']:.3f}, "
                f"loss {epoch['validation_loss']:.3f}"
            )

    def _out_of_patience(self) -> bool:
        return self.progress.epoch - 1 - self.progress.best_epoch >= self.config.patience


def _cross_entropy(logits: np.ndarray[Any, Any], y_true: np.ndarray[Any, Any]) -> float:
    return float(nn.functional.cross_entropy(torch.from_numpy(logits), torch.from_numpy(y_true)))


def _check_learnable(dataset: Dataset) -> None:
    rows = dataset.manifest
    for split in ("train", VALIDATION):
        found = rows.filter(pl.col("split") == split)["diagnosis"].n_unique()
        if found < 2:
            raise TrainingError(
                f"The {split} split of {dataset.path} has {found} class{'' if found == 1 else 'es'}; a model needs two "
                "or more to tell apart.",
                "Add photos of another class and prepare again.",
            )


def _record(dataset: Dataset, config: TrainConfig) -> RunRecord:
    answers: Sequence[AnswerSpec] = default_answers(load_taxonomy()) if config.use_answers else ()
    return RunRecord(
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        lentigo_version=lentigo.__version__,
        torch_version=str(torch.__version__),
        timm_version=str(timm.__version__),
        dataset=dataset.path.name,
        dataset_sha256=hashlib.sha256((dataset.path / "manifest.parquet").read_bytes()).hexdigest(),
        diagnoses=tuple(
            CardDiagnosis(code=known.code, malignancy=known.malignancy, tier=known.tier) for known in dataset.diagnoses
        ),
        answers=tuple(answers),
        sources=_sources(dataset),
        skin_types=_skin_types(dataset),
    )


def _skin_types(dataset: Dataset) -> dict[str, int]:
    known = dataset.manifest.filter(pl.col("split") == "train")["fitzpatrick_skin_type"]
    return {str(skin_type): int((known == skin_type).sum()) for skin_type in range(1, 7)}


def _sources(dataset: Dataset) -> tuple[TrainingSource, ...]:
    learned = dataset.manifest.filter(pl.col("split") == "train")
    return tuple(
        TrainingSource(
            name=source.name,
            images=rows.height,
            groups=rows["group"].n_unique(),
            image_types=tuple(sorted(set(rows["image_type"].drop_nulls()))),
            licence=source.licence,
        )
        for source in dataset.sources
        if (rows := learned.filter(pl.col("source") == source.name)).height
    )


def _check_same_run(run: Run, config: TrainConfig, record: RunRecord) -> None:
    """Going on needs the same data and the same choices; anything else wants a folder of its own."""
    if not (run.path / "run.json").is_file():
        if run.path.exists() and any(run.path.iterdir()):
            raise RunError(f"{run.path} exists and is not a run.", "Choose another --out.")
        return
    earlier = run.record
    if earlier.dataset_sha256 != record.dataset_sha256:
        raise RunError(f"{run.path} is a run on other data ({earlier.dataset}).", "Choose another --out.")
    changed = [
        name
        for name in TrainConfig.model_fields
        if getattr(run.config, name) != getattr(config, name) and name != "loader_workers"
    ]
    if changed:
        raise ConfigError(
            f"{run.path} was begun with another {', '.join(changed)}.", "Choose another --out, or the same settings."
        )
