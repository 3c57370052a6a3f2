"""One run by two processes, as `accelerate launch` starts them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from safetensors.torch import load_file

from lentigo.training import Run
from tests.training.test_training import SMALL

TOLERANCE = 1e-4
"""Largest difference of any weight. Sums over a batch are taken in another order, and nothing else differs while no
batch norm sees a part of a batch where the other run's saw the whole."""


@pytest.mark.slow
def test_two_processes_train_to_the_result_of_one(dataset_path: Path, tmp_path: Path) -> None:
    settings = [*SMALL, "epochs=2", "unfreeze=never", "frozen_epochs=2", "feature_dropout=0"]
    arguments = ["--preset", "cnn", "--quiet", *(part for setting in settings for part in ("--set", setting))]
    alone = [sys.executable, "-m", "lentigo", "train", str(dataset_path), "--out", str(tmp_path / "one"), *arguments]
    launch = [sys.executable, "-m", "accelerate.commands.launch", "--cpu", "--num_processes", "2"]
    together = [*launch, "-m", "lentigo", "train", str(dataset_path), "--out", str(tmp_path / "two"), *arguments]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "ACCELERATE_LOG_LEVEL": "error"}
    for call in (alone, together):
        finished = subprocess.run(call, env=environment, capture_output=True, text=True, check=False)
        assert finished.returncode == 0, finished.stderr[-2000:]
    assert finished.stdout.count("Next: lentigo evaluate") == 1
    one, two = Run(tmp_path / "one"), Run(tmp_path / "two")
    assert one.config == two.config
    expected = load_file(one.best_weights)
    for name, weights in load_file(two.best_weights).items():
        assert weights.float().numpy() == pytest.approx(expected[name].float().numpy(), abs=TOLERANCE), name
    losses = [[epoch["train_loss"] for epoch in run.epochs()] for run in (one, two)]
    assert losses[0][0] > 0
