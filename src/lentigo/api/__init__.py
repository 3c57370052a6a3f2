"""The commands as functions, for scripts and notebooks; ``import lentigo`` is enough to reach them.

    import lentigo

    data = lentigo.prepare("ham10000", "HAM10000", out="data/ham")
    run = lentigo.train(data, "runs/first", weights="efficientnet_lite0.safetensors", epochs=10)
    print(lentigo.evaluate(run, data).figure("recall_dangerous"))
    lentigo.export_bundle(run, data, "bundles/first")
    print(lentigo.Predictor.load("bundles/first").assess("mole.jpg").next_step.title)

Each does what the command of its name does, takes paths as text or :class:`~pathlib.Path`, and raises
:class:`~lentigo.errors.LentigoError` where the command would end with a line in red.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import optuna

from lentigo.api.reports import about, own_place
from lentigo.api.targets import open_target
from lentigo.card import WEIGHTS_LICENCE, ModelCard
from lentigo.datasets import Dataset
from lentigo.datasets.description import DescribeOptions, write_page
from lentigo.datasets.description import describe as describe_dataset
from lentigo.datasets.grouping import SplitOptions
from lentigo.datasets.prepare import PrepareOptions
from lentigo.datasets.prepare import merge as merge_datasets
from lentigo.datasets.prepare import prepare as prepare_source
from lentigo.datasets.readers import find_source
from lentigo.evaluation import Report, write_report
from lentigo.export import ExportOptions, export_run
from lentigo.training import Run, TrainConfig, load_config
from lentigo.training import train as train_run
from lentigo.training.space import read_space
from lentigo.training.tuning import TuneOptions
from lentigo.training.tuning import tune as run_study
from lentigo.training.tuning_page import write_results

AnyPath = str | Path


def prepare(
    source: str,
    *folders: AnyPath,
    out: AnyPath,
    validation: float = 0.10,
    test: float = 0.15,
    folds: int = 5,
    seed: int = 1,
    size_px: int = 256,
    classes: str | None = None,
    malignant: Sequence[str] = (),
    resplit: bool = False,
    workers: int | None = None,
) -> Dataset:
    """Turn a source's folders, as published, into a dataset: ``lentigo prepare``.

    What could not be used, and why, is in ``.record.rejects`` of the result.
    """
    options = PrepareOptions(
        SplitOptions(validation, test, folds, seed), size_px, workers, classes, tuple(malignant), resplit
    )
    return prepare_source(find_source(source), [Path(one) for one in folders], Path(out), options, _ignore, _nothing)


def merge(
    *datasets: Dataset | AnyPath,
    out: AnyPath,
    validation: float = 0.10,
    test: float = 0.15,
    folds: int = 5,
    seed: int = 1,
) -> Dataset:
    """Join datasets into one with splits of its own: ``lentigo merge``."""
    return merge_datasets([_open(one) for one in datasets], Path(out), SplitOptions(validation, test, folds, seed))


def describe(dataset: Dataset | AnyPath, out: AnyPath | None = None, *, photos: int = 2000, seed: int = 0) -> Path:
    """Write a page about a dataset, by default into it, and return its path: ``lentigo describe``."""
    opened = _open(dataset)
    page = Path(out) if out is not None else opened.path / "description.html"
    write_page(describe_dataset(opened, DescribeOptions(photos, seed, None), _ignore, _nothing), page)
    return page


def train(
    dataset: Dataset | AnyPath,
    out: AnyPath,
    *,
    preset: str = "efficientnet",
    config: AnyPath | TrainConfig | None = None,
    weights: AnyPath | None = None,
    progress: bool = True,
    **settings: Any,
) -> Run:
    """Train a model, or go on where an earlier call stopped: ``lentigo train``.

    Args:
        dataset: What to learn from.
        out: Folder of the run.
        preset: Where the settings start.
        config: A TOML file that changes the preset, or all settings at once.
        weights: Pretrained weights of the backbone; without them they come from timm's hub.
        progress: Show a progress bar.
        settings: Any of :class:`~lentigo.training.TrainConfig`; those of augmentation as a mapping.
    """
    if weights is not None:
        settings["weights"] = str(weights)
    if isinstance(config, TrainConfig):
        chosen = TrainConfig.model_validate({**config.model_dump(), **settings})
    else:
        chosen = load_config(preset, Path(config) if config is not None else None, _as_text(settings))
    return train_run(_open(dataset), chosen, Path(out), show_progress=progress)


def tune(
    dataset: Dataset | AnyPath,
    out: AnyPath,
    *,
    trials: int = 30,
    space: AnyPath | None = None,
    storage: str | None = None,
    preset: str = "efficientnet",
    config: AnyPath | None = None,
    weights: AnyPath | None = None,
    seed: int = 0,
    progress: bool = True,
    **settings: Any,
) -> optuna.Study:
    """Try settings, or go on where an earlier call stopped: ``lentigo tune``; writes its page and ``best.toml``."""
    if weights is not None:
        settings["weights"] = str(weights)
    declared, changes = (Path(one) if one is not None else None for one in (space, config))
    options = TuneOptions(read_space(declared), preset, changes, _as_text(settings), trials, storage, seed)
    opened = _open(dataset)
    study = run_study(opened, options, Path(out), show_progress=progress)
    write_results(study, options, opened.name, Path(out))
    return study


def evaluate(
    model: Run | AnyPath,
    dataset: Dataset | AnyPath,
    *,
    split: str = "test",
    out: AnyPath | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> Report:
    """Measure a run or a bundle and write its report: ``lentigo evaluate``."""
    opened = _open(dataset)
    target = open_target(str(model.path if isinstance(model, Run) else model), opened, split)
    measured = about(target.name, target.independence, opened, split, resamples, seed)
    folder = Path(out) if out is not None else own_place(target, measured)
    return write_report(target.table, target.calibration, measured, opened.path, folder)


def export_bundle(
    run: Run | AnyPath,
    dataset: Dataset | AnyPath,
    out: AnyPath,
    *,
    name: str | None = None,
    version: str = "1",
    licence: str = WEIGHTS_LICENCE,
) -> ModelCard:
    """Turn a finished run into a bundle, compared with the model on photos of ``dataset``: ``lentigo export``."""
    opened = run if isinstance(run, Run) else Run(Path(run))
    options = ExportOptions(name or Path(out).name, version, licence)
    return export_run(opened, _open(dataset), Path(out), options)[0]


def _open(dataset: Dataset | AnyPath) -> Dataset:
    return dataset if isinstance(dataset, Dataset) else Dataset.open(Path(dataset))


def _as_text(settings: Mapping[str, Any], prefix: str = "") -> list[str]:
    """Settings as ``--set`` takes them."""
    lines: list[str] = []
    for name, value in settings.items():
        if isinstance(value, Mapping):
            lines += _as_text(value, f"{prefix}{name}.")
        else:
            lines.append(f"{prefix}{name}={_value_as_text(value)}")
    return lines


def _value_as_text(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    return str(list(value)) if isinstance(value, tuple) else str(value)


def _ignore(total: int) -> None:
    del total


def _nothing() -> None:
    pass
