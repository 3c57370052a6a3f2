"""Photos of a dataset as batches, read by worker processes ahead of the model.

Every random choice of an example follows from (seed, epoch, place in the epoch) alone. So the batches of a resumed run
are those of an uninterrupted one, however many workers read them.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler

from lentigo import imaging
from lentigo.answers import encode
from lentigo.card import AnswerSpec
from lentigo.errors import ConfigError, ImageError, TrainingError
from lentigo.training.augmentation import Changes, draw, reshape
from lentigo.training.config import TrainConfig
from lentigo.training.preprocessing import centre_square

AS_IS = Changes()


class Batch(NamedTuple):
    """Photos, answers, changes of light and diagnoses of N examples.

    Attributes:
        pixels: (N, 3, S, S) in 0..255; uint8 in training, float else.
        answers: float (N, A).
        light: float (N, 7), see :func:`~lentigo.training.augmentation.relight`.
        y_true: int64 (N,).
    """

    pixels: Tensor
    answers: Tensor
    light: Tensor
    y_true: Tensor


class Place(NamedTuple):
    """Which example to read, how large, and the seed of its random changes (None: none).

    ``as_is``: the photo is not changed, only its answers may be hidden.
    """

    row: int
    size_px: int
    seed: tuple[int, int, int] | None
    as_is: bool = False


@dataclass(frozen=True)
class Examples:
    """Rows of a manifest as plain arrays, cheap to hand to worker processes.

    Attributes:
        paths: File of each photo.
        answers: float32 (N, A), encoded.
        y_true: int64 (N,), place of the diagnosis in the model's list.
        strata: int64 (N,), number of the (source, diagnosis) pair, for weighted drawing.
    """

    paths: tuple[Path, ...]
    answers: npt.NDArray[np.float32]
    y_true: npt.NDArray[np.int64]
    strata: npt.NDArray[np.int64]

    @classmethod
    def from_rows(
        cls, folder: Path, rows: pl.DataFrame, codes: Sequence[str], answers: Sequence[AnswerSpec]
    ) -> Examples:
        """Take the rows of a manifest whose images lie in ``folder``."""
        names = [spec.name for spec in answers]
        encoded = [encode(answers, row) for row in rows.select(names).iter_rows(named=True)] if names else []
        pairs = rows.select(pl.struct("source", "diagnosis").rank("dense").cast(pl.Int64) - 1).to_series().to_numpy()
        return cls(
            paths=tuple(folder / name for name in rows["image"]),
            answers=np.stack(encoded) if encoded else np.zeros((rows.height, 0), np.float32),
            y_true=np.array([codes.index(code) for code in rows["diagnosis"]], dtype=np.int64),
            strata=pairs,
        )

    def __len__(self) -> int:
        return len(self.paths)


class PhotoDataset(Dataset[Batch]):
    """Reads one example at a :class:`Place`.

    A photo that cannot be read stops the run and is named: leaving it out, or another in its place, would change the
    data in silence.
    """

    def __init__(self, examples: Examples, config: TrainConfig, answer_columns: Sequence[int]) -> None:
        self.examples = examples
        self.config = config
        self.answer_columns = tuple(answer_columns)

    def __len__(self) -> int:
        return len(self.examples)

    def __getitem__(self, place: Place) -> Batch:
        """One example as a batch without its first dimension."""
        path = self.examples.paths[place.row]
        try:
            photo = imaging.read(path).pixels
        except (ImageError, OSError) as error:
            raise TrainingError(f"{path}: {error}", "Run `lentigo prepare` again.") from error
        answers = torch.from_numpy(self.examples.answers[place.row].copy())
        y_true = torch.tensor(self.examples.y_true[place.row])
        if place.seed is None:
            return Batch(centre_square(photo, place.size_px), answers, torch.tensor(AS_IS.light), y_true)
        generator = np.random.default_rng(place.seed)
        changes = AS_IS if place.as_is else draw(self.config.augmentation, generator)
        pixels = torch.from_numpy(reshape(photo, changes, place.size_px)).permute(2, 0, 1)
        return Batch(pixels, answers * self._kept(generator), torch.tensor(changes.light), y_true)

    def _kept(self, generator: np.random.Generator) -> Tensor:
        """(A,) ones and zeros: which answers the model gets to see, so that later any subset works."""
        if generator.random() < self.config.photo_only:
            return torch.zeros(sum(self.answer_columns))
        kept = generator.random(len(self.answer_columns)) >= self.config.answer_drop
        return torch.from_numpy(np.repeat(kept, self.answer_columns).astype(np.float32))


def sampling_weights(strata: npt.NDArray[np.int64], balance: float) -> npt.NDArray[np.float64]:
    """How often to draw each row, (N,), summing to 1.

    A stratum of n rows is drawn n^(1 - balance) times as often as a stratum of one: 0 leaves the data as they are, 1
    draws all strata equally often.
    """
    counts = np.bincount(strata)[strata].astype(np.float64)
    weights = counts**-balance
    return np.asarray(weights / weights.sum())


class EpochBatches(Sampler[list[Place]]):
    """The batches of one epoch, drawn with weights; can begin in the middle.

    Args:
        weights: How often to draw each row, (N,); None takes each once.
        count: How many rows there are.
        config: Of the run.
        process: Which of ``processes`` this is: each takes its equal part of every batch.
        processes: How many train together.

    Raises:
        ConfigError: A batch cannot be shared out equally.
    """

    def __init__(
        self,
        weights: npt.NDArray[np.float64] | None,
        count: int,
        config: TrainConfig,
        process: int = 0,
        processes: int = 1,
    ) -> None:
        if config.batch_size % processes:
            raise ConfigError(
                f"{processes} processes cannot share a batch of {config.batch_size} equally.",
                f"Set batch_size to a multiple of {processes}.",
            )
        self.weights, self.count, self.config = weights, count, config
        self.process, self.processes = process, processes
        self.epoch = 0
        self.first_batch = 0

    def __len__(self) -> int:
        """Batches left in this epoch; a last, smaller batch is left out, as batch norm needs full ones."""
        return max(1, self.count // self.config.batch_size) - self.first_batch

    def __iter__(self) -> Iterator[list[Place]]:
        generator = np.random.default_rng((self.config.seed, self.epoch))
        rows = (
            generator.permutation(self.count)
            if self.weights is None
            else generator.choice(self.count, size=self.count, p=self.weights)
        )
        as_is = first_occurrences(rows) if self.config.imbalance == "augmenting" else np.zeros(self.count, np.bool_)
        size_px = self.config.size_at(self.epoch)
        for batch in range(self.first_batch, self.first_batch + len(self)):
            first = batch * self.config.batch_size
            last = min(first + self.config.batch_size, self.count)
            yield [
                Place(int(rows[place]), size_px, (self.config.seed, self.epoch, place), bool(as_is[place]))
                for place in range(first + self.process, last, self.processes)
            ]


def first_occurrences(rows: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Where each row stands for the first time, (N,)."""
    found = np.zeros(len(rows), np.bool_)
    found[np.unique(rows, return_index=True)[1]] = True
    return found


def training_loader(dataset: PhotoDataset, batches: Sampler[list[Place]] | list[list[Place]]) -> DataLoader[Batch]:
    """Batches for training; of :class:`EpochBatches`, set ``epoch`` before each pass."""
    return _loader(dataset, batches)


def ordered_loader(dataset: PhotoDataset, size_px: int) -> DataLoader[Batch]:
    """Every example once, in order, unchanged."""
    step = dataset.config.batch_size
    batches = [
        [Place(row, size_px, None) for row in range(first, min(first + step, len(dataset)))]
        for first in range(0, len(dataset), step)
    ]
    return _loader(dataset, batches)


def _loader(dataset: PhotoDataset, batches: Sampler[list[Place]] | list[list[Place]]) -> DataLoader[Batch]:
    workers = dataset.config.loader_workers
    if workers is None:
        workers = min(16, max(1, (os.cpu_count() or 2) - 1))
    return DataLoader(
        dataset,
        batch_sampler=batches,
        num_workers=workers,
        persistent_workers=workers > 0,
        prefetch_factor=4 if workers else None,
        pin_memory=torch.cuda.is_available(),
        # Each pass draws a seed for its workers. Drawn from the global generator, one more pass after a resume would
        # shift the model's dropout; our own changes to photos do not use it.
        generator=torch.Generator().manual_seed(dataset.config.seed),
        # A fork would copy the threads' locks of torch and polars in whatever state they are.
        multiprocessing_context="forkserver" if workers else None,
        worker_init_fn=_leave_interrupts_to_the_parent if workers else None,
    )


def _leave_interrupts_to_the_parent(worker: int) -> None:
    """Ctrl-C reaches every process of the terminal; the parent finishes its step and ends the workers itself."""
    del worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
