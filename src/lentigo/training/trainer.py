"""The training loop, in one place and in plain sight."""

from __future__ import annotations

import datetime
import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import timm
import torch
from sklearn.metrics import accuracy_score, balanced_accuracy_score
from torch import nn
from torch.optim.swa_utils import AveragedModel
from tqdm import tqdm

import lentigo
from lentigo.answers import default_answers
from lentigo.card import AnswerSpec, CardDiagnosis, TrainingSource
from lentigo.datasets import Dataset
from lentigo.errors import ConfigError, RunError, TrainingError
from lentigo.taxonomy import load_taxonomy
from lentigo.training.averaging import moving_average
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
from lentigo.training.loss import create_loss
from lentigo.training.model import EvidenceModel, create_model, load_pretrained
from lentigo.training.norm import training_mode
from lentigo.training.prediction import predict_batches
from lentigo.training.processes import begin_tracking, start_accelerator
from lentigo.training.run import Run, RunRecord
from lentigo.training.stages import freeze_below, learning_depth
from lentigo.training.steps import batch_loss, create_optimizer, learning_rate_factor

_SAVE_EVERY_S = 300.0


def train(dataset: Dataset, config: TrainConfig, out: Path, *, show_progress: bool = True) -> Run:
    """Train on a dataset's train split, choosing by its validation split; goes on where an earlier call stopped.

    Raises:
        TrainingError: The dataset cannot be learned from, or the loss is no longer a number.
        RunError: ``out`` holds a run of something else.
        KeyboardInterrupt: Stopped by a signal; the run goes on from there when called again.
    """
    check_learnable(dataset)
    run = Run(out)
    run_record = describe_run(dataset, config)
    check_same_run(run, config, run_record)
    trainer = Trainer(dataset, config, run, run_record, show_progress)
    trainer.fit()
    trainer.accelerator.wait_for_everyone()
    if trainer.accelerator.is_main_process:
        finish(run, trainer.averaged_model(), dataset, trainer.device)
    trainer.accelerator.wait_for_everyone()
    return run


class Trainer:
    """One run in the making: model, optimiser, schedule and data, and how far they are."""

    def __init__(
        self, dataset: Dataset, config: TrainConfig, run: Run, record: RunRecord, show_progress: bool = True
    ) -> None:
        self.config, self.run = config, run
        self.accelerator = start_accelerator(config, run.path)
        self.device: torch.device = self.accelerator.device
        self.show_progress = show_progress and self.accelerator.is_main_process
        torch.manual_seed(config.seed)
        codes = [diagnosis.code for diagnosis in record.diagnoses]
        columns = [spec.columns for spec in record.answers]

        def photos(split: str) -> PhotoDataset:
            rows = dataset.manifest.filter(pl.col("split") == split)
            return PhotoDataset(Examples.from_rows(dataset.path, rows, codes, record.answers), config, columns)

        self.training, self.validation = photos("train"), photos(VALIDATION)
        examples = self.training.examples
        weights = (
            sampling_weights(examples.strata, config.balance)
            if config.imbalance in ("sampling", "augmenting")
            else None
        )
        accelerator = self.accelerator
        self.batches = EpochBatches(
            weights, len(examples), config, accelerator.process_index, accelerator.num_processes
        )
        self.steps_per_epoch = len(self.batches)
        counts = np.bincount(examples.y_true, minlength=len(codes))
        self.loss = create_loss(config, counts).to(self.device)

        model = create_model(config, len(codes), record.answers)
        if config.pretrained:
            load_pretrained(model, config.backbone, Path(config.weights) if config.weights else None)
        model = model.to(memory_format=torch.channels_last)
        self.model, self.optimizer = self.accelerator.prepare(model, create_optimizer(model, config))
        self.average = AveragedModel(
            self._plain_model(), multi_avg_fn=moving_average(config.ema_decay), use_buffers=True
        )
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer.optimizer, self._learning_rate_factor)
        self.progress = Progress()
        if self.accelerator.is_main_process:
            run.start(config, record)
        begin_tracking(self.accelerator, config)

    def fit(self, on_epoch: Callable[[dict[str, Any]], None] | None = None) -> None:
        """Train until the last epoch, or until validation has not improved for ``patience`` epochs.

        ``on_epoch`` is told the figures of each epoch, and may end the training by raising.
        """
        self.progress = load_progress(self.run, self._resumable) or self.progress
        self.batches.epoch, self.batches.first_batch = self.progress.epoch, self.progress.step
        loader = training_loader(self.training, self.batches)
        judging = ordered_loader(self.validation, self.config.evaluation_size_px)
        with Interrupt() as interrupt:
            while self.progress.epoch < self.config.epochs and not self._out_of_patience():
                self._train_epoch(loader, interrupt)
                figures = self._judge(judging)
                interrupt.check()
                if on_epoch is not None:
                    on_epoch(figures)
        self.accelerator.end_training()

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

    def _learning_rate_factor(self, step: int) -> float:
        return learning_rate_factor(step, self.config.warmup_steps, self.config.epochs * self.steps_per_epoch)

    def _train_epoch(self, loader: torch.utils.data.DataLoader[Batch], interrupt: Interrupt) -> None:
        progress, config = self.progress, self.config
        training_mode(self.model, config)
        freeze_below(self._plain_model().backbone, learning_depth(config, progress.epoch))
        self.batches.epoch, self.batches.first_batch = progress.epoch, progress.step
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
                progress.loss_sum += self._step(batch)
                progress.step += 1
                bar.update()
                bar.set_postfix(loss=f"{progress.loss_sum / progress.step:.3f}", refresh=False)
                if interrupt.wanted or time.monotonic() - saved > _SAVE_EVERY_S:
                    saved = time.monotonic()
                    self._save()
                interrupt.check()
        progress.seconds = time.monotonic() - started

    def _step(self, batch: Batch) -> float:
        loss = batch_loss(self.model, self.loss, batch, self.device, self.config)
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

    def _save(self) -> None:
        if self.accelerator.is_main_process:
            save_progress(self.run, self._resumable, self.progress)

    def _judge(self, loader: torch.utils.data.DataLoader[Batch]) -> dict[str, Any]:
        """Measure the epoch on validation, keep the weights if they are the best so far, and save where to go on.

        Every process measures, so that all decide alike; only the first one writes.
        """
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
        best = progress.keep_if_best(epoch["balanced_accuracy"], epoch["validation_loss"])
        if best and self.accelerator.is_main_process:
            save_weights(self.run.best_weights, model)
        progress.epoch, progress.step, progress.loss_sum = progress.epoch + 1, 0, 0.0
        self.accelerator.log({name: value for name, value in epoch.items() if name != "epoch"}, step=progress.epoch)
        if self.accelerator.is_main_process:
            epochs = [*(line for line in self.run.epochs() if line["epoch"] < epoch["epoch"]), epoch]
            self.run.write_epochs(epochs)
            draw_curves(self.run.path / "curves.png", epochs)
        self._save()
        if self.show_progress:
            tqdm.write(
                f"  epoch {epoch['epoch']}: validation balanced accuracy {epoch['balanced_accuracy']:.3f}, "
                f"loss {epoch['validation_loss']:.3f}"
            )
        return epoch

    def _out_of_patience(self) -> bool:
        return self.progress.epoch - 1 - self.progress.best_epoch >= self.config.patience


def _cross_entropy(logits: np.ndarray[Any, Any], y_true: np.ndarray[Any, Any]) -> float:
    return float(nn.functional.cross_entropy(torch.from_numpy(logits), torch.from_numpy(y_true)))


def check_learnable(dataset: Dataset) -> None:
    """Refuse a dataset with fewer than two classes to learn or to judge by.

    Raises:
        TrainingError: It has.
    """
    rows = dataset.manifest
    for split in ("train", VALIDATION):
        found = rows.filter(pl.col("split") == split)["diagnosis"].n_unique()
        if found < 2:
            raise TrainingError(
                f"The {split} split of {dataset.path} has {found} class{'' if found == 1 else 'es'}; a model needs two "
                "or more to tell apart.",
                "Add photos of another class and prepare again.",
            )


def describe_run(dataset: Dataset, config: TrainConfig) -> RunRecord:
    """What a run on this dataset with these settings is of."""
    answers: Sequence[AnswerSpec] = default_answers(load_taxonomy()) if config.use_answers else ()
    return RunRecord(
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        lentigo_version=lentigo.__version__,
        torch_version=str(torch.__version__),
        timm_version=str(timm.__version__),
        dataset=dataset.name,
        dataset_sha256=dataset.sha256,
        diagnoses=tuple(
            CardDiagnosis(code=known.code, malignancy=known.malignancy, tier=known.tier) for known in dataset.diagnoses
        ),
        answers=tuple(answers),
        sources=training_sources(dataset),
        skin_types=known_skin_types(dataset),
    )


def known_skin_types(dataset: Dataset) -> dict[str, int]:
    """Training photos of each Fitzpatrick skin type, "1" to "6"."""
    known = dataset.manifest.filter(pl.col("split") == "train")["fitzpatrick_skin_type"]
    return {str(skin_type): int((known == skin_type).sum()) for skin_type in range(1, 7)}


def training_sources(dataset: Dataset) -> tuple[TrainingSource, ...]:
    """Where the training photos come from, and how many of them."""
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


def check_same_run(run: Run, config: TrainConfig, record: RunRecord) -> None:
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
