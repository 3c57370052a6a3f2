"""Plans and datasets that the tests of federated training share."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from lentigo.datasets import Dataset
from lentigo.federated.plan import Plan
from lentigo.training.config import load_config
from lentigo.training.trainer import describe_run

QUICK = (
    *("input_size_px=32", "batch_size=8", "loader_workers=0", "warmup_steps=2", "precision=fp32", "trackers=[]"),
    *("norm=group", "patience=100"),
)


def plan_for(dataset: Dataset, rounds: int = 2, *settings: str) -> Plan:
    """A plan for a small network."""
    config = load_config("cnn", None, (*QUICK, f"epochs={rounds}", *settings))
    record = describe_run(dataset, config)
    return Plan(config=config, diagnoses=record.diagnoses, answers=record.answers)


def lentigo(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own: Ray leaves threads and files open in the one that it ran in."""
    return subprocess.run(
        [sys.executable, "-m", "lentigo", *map(str, arguments)], capture_output=True, text=True, check=False
    )


def command(*words: str | Path) -> list[str]:
    """Arguments of a quick command."""
    quick = [part for setting in QUICK[:-2] for part in ("--set", setting)]
    return [*map(str, words), "--preset", "cnn", "--quiet", *quick, "--set", "patience=100"]
