"""Trying settings: an Optuna study whose trials are ordinary runs, judged on validation alone.

A study lives in its storage (a file of SQLite in its folder, or any URL that many workers share), so it goes on where
it was stopped, and so does the run that was under way.
"""

from __future__ import annotations

import logging
import shutil
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import optuna
from optuna.exceptions import ExperimentalWarning
from optuna.trial import TrialState

from lentigo.datasets import Dataset
from lentigo.errors import ConfigError, UsageError
from lentigo.training.config import TrainConfig, load_config
from lentigo.training.run import Run
from lentigo.training.space import Space
from lentigo.training.trainer import Trainer, check_learnable, describe_run

SCORE = "balanced_accuracy"
STUDY_NAME = "lentigo"
_HEARTBEAT_S, _DEAD_AFTER_S = 60, 300
_RUN, _STOPPED = "run", "stopped"


@dataclass(frozen=True)
class TuneOptions:
    """What a study tries, and how long.

    Attributes:
        space: Settings that change from trial to trial.
        preset: Settings that stay.
        config_file: Changes them.
        settings: Change them too, as ``key=value``.
        trials: Ends when the study has so many, those of other workers counted in.
        storage: URL of a database; None takes a file in the study's folder.
        seed: Of what is tried.
    """

    space: Space
    preset: str
    config_file: Path | None
    settings: Sequence[str]
    trials: int
    storage: str | None = None
    seed: int = 0

    def config(self, params: Mapping[str, Any]) -> TrainConfig:
        """The configuration of a trial."""
        values = [f"{name}={_as_toml(value)}" for name, value in params.items()]
        return load_config(self.preset, self.config_file, [*self.settings, *values])


def tune(dataset: Dataset, options: TuneOptions, out: Path, *, show_progress: bool = True) -> optuna.Study:
    """Try settings until the study has its trials; goes on where an earlier call stopped.

    Raises:
        ConfigError: A setting of the space is none, or the storage cannot be opened.
        UsageError: ``out`` holds something that is no study.
        KeyboardInterrupt: Stopped by a signal.
    """
    check_learnable(dataset)
    options.config({name: _any_value(one) for name, one in options.space.items()})
    study = open_study(out, options)
    _go_on_with_what_was_stopped(study)
    with _quiet():
        while _count(study) < options.trials:
            study.optimize(lambda trial: _try(trial, dataset, options, out, show_progress), n_trials=1)
    return study


def open_study(out: Path, options: TuneOptions) -> optuna.Study:
    """The study of a folder, begun if there is none.

    Raises:
        ConfigError: The storage cannot be opened.
        UsageError: ``out`` holds something that is no study.
    """
    if out.exists() and any(out.iterdir()) and not (out / "trials").is_dir():
        raise UsageError(f"{out} exists and is no study.", "Choose another --out.")
    (out / "trials").mkdir(parents=True, exist_ok=True)
    url = options.storage or f"sqlite:///{(out / 'study.db').resolve()}"
    with _quiet():
        try:
            storage = optuna.storages.RDBStorage(
                url,
                heartbeat_interval=_HEARTBEAT_S,
                grace_period=_DEAD_AFTER_S,
                heartbeat_stale_trial_callback=optuna.storages.RetryHeartbeatStaleTrialCallback(),
            )
            return optuna.create_study(
                storage=storage,
                study_name=STUDY_NAME,
                direction="maximize",
                load_if_exists=True,
                sampler=optuna.samplers.TPESampler(seed=options.seed),
                pruner=optuna.pruners.MedianPruner(n_startup_trials=4, n_warmup_steps=1),
            )
        except Exception as error:  # SQLAlchemy's and its drivers' kinds share no base
            first = str(error).strip().splitlines()[0]
            raise ConfigError(f"The storage {url} cannot be opened: {first}", "Give another --storage.") from error


def finished(study: optuna.Study) -> list[optuna.trial.FrozenTrial]:
    """Trials that ran to their end, the best first."""
    trials = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    return sorted(trials, key=lambda trial: -(trial.value or 0.0))


def _try(trial: optuna.Trial, dataset: Dataset, options: TuneOptions, out: Path, show_progress: bool) -> float:
    name = str(trial.user_attrs.get(_RUN) or f"{trial.number:04d}")
    trial.set_user_attr(_RUN, name)
    params = {setting: one.suggest(trial, setting) for setting, one in options.space.items()}
    run = Run(out / "trials" / name)
    best = max((float(epoch[SCORE]) for epoch in run.epochs()), default=0.0)

    def on_epoch(epoch: dict[str, Any]) -> None:
        nonlocal best
        best = max(best, float(epoch[SCORE]))
        trial.report(best, int(epoch["epoch"]))
        if trial.should_prune():
            raise optuna.TrialPruned

    config = options.config(params)
    try:
        Trainer(dataset, config, run, describe_run(dataset, config), show_progress).fit(on_epoch)
    except KeyboardInterrupt:
        trial.set_user_attr(_STOPPED, True)
        raise
    except optuna.TrialPruned:
        _drop_weights(run)
        raise
    _drop_weights(run)
    return best


def _drop_weights(run: Run) -> None:
    """What a trial leaves is its configuration and its curves: weights of every trial would fill the disk."""
    shutil.rmtree(run.checkpoints, ignore_errors=True)


def _go_on_with_what_was_stopped(study: optuna.Study) -> None:
    """Queue each trial that a signal ended, to go on in its own run folder."""
    trials = study.get_trials(deepcopy=False)
    queued = {trial.user_attrs.get("continues") for trial in trials}
    for trial in trials:
        if trial.state == TrialState.FAIL and trial.user_attrs.get(_STOPPED) and trial.number not in queued:
            attributes = {_RUN: trial.user_attrs[_RUN], "continues": trial.number}
            study.enqueue_trial(trial.params, user_attrs=attributes)


def _count(study: optuna.Study) -> int:
    """Trials that are done or under way."""
    states = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.RUNNING)
    return len(study.get_trials(deepcopy=False, states=states))


def _any_value(one: Any) -> Any:
    return one.choices[0] if hasattr(one, "choices") else one.low


def _as_toml(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without Optuna's own log lines, and its warnings that heartbeats are experimental."""
    earlier = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        yield
    optuna.logging.set_verbosity(earlier)
