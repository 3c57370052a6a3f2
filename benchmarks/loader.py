"""Does reading photos keep the model waiting? Training steps with the loader against the same on tensors in memory."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn

from lentigo.training.augmentation import relight
from lentigo.training.config import load_config
from lentigo.training.loading import Batch, EpochBatches, Examples, PhotoDataset, training_loader
from lentigo.training.model import EvidenceModel

BATCHES, ROUNDS, PHOTOS = 6, 5, 640


def measure() -> str:
    """Photos per second both ways, by turns; returns a table."""
    config = load_config("efficientnet", None, ["pretrained=false", "start_size_px=192", "batch_size=32"])
    with tempfile.TemporaryDirectory() as folder:
        loader = training_loader(PhotoDataset(write_photos(Path(folder)), config, ()), epoch(config))
        model = EvidenceModel(config.backbone, 8, ()).to(memory_format=torch.channels_last).train()
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
        ready = [batch for _, batch in zip(range(BATCHES), loader, strict=False)]
        reading, memory = [], []
        for _ in range(ROUNDS):
            batches = iter(loader)
            next(batches)  # the workers' start is not what is measured
            reading.append(speed(model, optimizer, batches, config.batch_size))
            memory.append(speed(model, optimizer, iter(ready), config.batch_size))
    ratio = float(np.median([one / other for one, other in zip(reading, memory, strict=True)]))
    return (
        "## Loader\n\nEfficientNet-Lite0, 192 px, bfloat16, training steps; median of "
        f"{ROUNDS} rounds by turns.\n\n"
        "| from files, with augmentation | tensors in memory | ratio |\n|---|---|---|\n"
        f"| {np.median(reading):.1f} photos/s | {np.median(memory):.1f} photos/s | {ratio:.2f} |\n"
    )


def epoch(config: object) -> EpochBatches:
    """Batches over all photos, evenly."""
    return EpochBatches(None, PHOTOS, config)  # type: ignore[arg-type]  # a TrainConfig


def write_photos(folder: Path) -> Examples:
    """Photos of the size that a dataset holds."""
    generator = np.random.default_rng(0)
    paths = []
    for number in range(PHOTOS):
        coarse = Image.fromarray(generator.integers(0, 256, (32, 42, 3), dtype=np.uint8))
        path = folder / f"{number}.jpg"
        coarse.resize((341, 256), Image.Resampling.BICUBIC).save(path, quality=95, subsampling=0)
        paths.append(path)
    nothing = np.zeros((PHOTOS, 0), np.float32)
    return Examples(tuple(paths), nothing, np.arange(PHOTOS) % 8, np.zeros(PHOTOS, np.int64))


def speed(model: nn.Module, optimizer: torch.optim.Optimizer, batches: Iterator[Batch], size: int) -> float:
    """Photos per second over a few training steps."""
    started = time.perf_counter()
    for _, batch in zip(range(BATCHES), batches, strict=False):
        pixels = relight(batch.pixels.float(), batch.light).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(pixels, batch.answers)
        loss = nn.functional.cross_entropy(logits.float(), batch.y_true)
        loss.backward()  # type: ignore[no-untyped-call]  # torch lacks types here
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    return BATCHES * size / (time.perf_counter() - started)
