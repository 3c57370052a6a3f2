"""What a report is of, and where it is written."""

from __future__ import annotations

import datetime
import subprocess
from pathlib import Path

import lentigo
from lentigo.api.targets import Target
from lentigo.datasets import Dataset
from lentigo.evaluation import About


def about(model: str, independence: str, dataset: Dataset, split: str, resamples: int, seed: int) -> About:
    """What is measured on what, when, and by which code."""
    return About(
        model=model,
        data=dataset.name,
        data_sha256=dataset.sha256,
        split=split,
        independence=independence,
        seed=seed,
        resamples=resamples,
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        lentigo_version=lentigo.__version__,
        code_version=_code_version(),
    )


def own_place(target: Target, measured: About) -> Path:
    """A run holds the report on its own test split, which goes into its bundle's card; all others stand in reports/."""
    if target.own and measured.split == "test":
        return Path(target.model)
    split = "" if measured.split == "test" else f"-{measured.split}"
    return Path("reports") / f"{target.short_name}-on-{measured.data}{split}"


def _code_version() -> str | None:
    """The git commit that ran, where it ran from a clone."""
    root = Path(__file__).parents[3]
    if not (root / ".git").exists():
        return None
    command = ["git", "-C", str(root), "describe", "--always", "--dirty"]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # a fixed command
    return finished.stdout.strip() or None
