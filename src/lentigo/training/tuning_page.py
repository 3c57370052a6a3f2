"""What a study leaves: a page of the best settings, what mattered and what each setting did; and the best settings."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import optuna
from matplotlib.ticker import MaxNLocator, NullFormatter
from optuna.trial import FrozenTrial, TrialState

import lentigo
from lentigo.pages import templates_of
from lentigo.plot_style import ACCENT, LINE, WARM, name, sheet, styled
from lentigo.training.tuning import TuneOptions, finished
from lentigo.writing import write_whole

PAGE, BEST = "tuning.html", "best.toml"
_SHOWN = 10


def write_results(study: optuna.Study, options: TuneOptions, dataset: str, out: Path) -> tuple[Path, Path | None]:
    """Write ``tuning.html`` and ``best.toml``, which ``lentigo train --config`` takes, into the study's folder.

    Returns:
        The page, and the best settings; None while no trial has run to its end.
    """
    page, best = out / PAGE, out / BEST
    write_whole(page, to_html(study, dataset))
    if not finished(study):
        return page, None
    write_whole(best, options.config(study.best_trial.params).to_toml())
    return page, best


def to_html(study: optuna.Study, dataset: str) -> str:
    """The page as text."""
    done = finished(study)
    trials = study.get_trials(deepcopy=False)
    importance = importances(study)
    return (
        templates_of("lentigo.training")
        .get_template("tuning.html")
        .render(
            dataset=dataset,
            version=lentigo.__version__,
            best=done[0] if done else None,
            finished=done[:_SHOWN],
            counts={state.name.lower(): sum(trial.state == state for trial in trials) for state in TrialState},
            settings=sorted({name for trial in done for name in trial.params}),
            importance=importance,
            history=_history(trials) if done else None,
            slices=[(name, _slice(trials, name)) for name in importance] if done else [],
        )
    )


def importances(study: optuna.Study) -> dict[str, float]:
    """How much of the score's variance each setting explains (fANOVA, Hutter et al. 2014), the largest first.

    Empty with fewer than four finished trials, or where all did equally well: then nothing can be said.
    """
    done = finished(study)
    if len(done) < 4 or len({trial.value for trial in done}) < 2:
        return {}
    found = optuna.importance.get_param_importances(
        study, evaluator=optuna.importance.FanovaImportanceEvaluator(seed=0)
    )
    return {name: float(value) for name, value in found.items()}


def _history(trials: Sequence[FrozenTrial]) -> str:
    """The score of each trial in order, and the best so far, as SVG."""
    done = [trial for trial in trials if trial.state == TrialState.COMPLETE]
    scores = [float(trial.value or 0.0) for trial in done]
    numbers = [trial.number for trial in done]
    best = [max(scores[: place + 1]) for place in range(len(scores))]

    def draw(axes: Any) -> None:
        axes.step(numbers, best, where="post", color=ACCENT)
        axes.plot(numbers, scores, "o", color=WARM, markersize=5)
        above = {"xytext": (0, 8), "ha": "right"}
        name(axes, f"best so far: {best[-1]:.3f}", (numbers[-1], best[-1]), ACCENT, **above)
        axes.set_xlabel("trial")
        axes.margins(y=0.2)
        axes.xaxis.get_major_locator().set_params(integer=True)

    return _svg("history", draw)


def _slice(trials: Sequence[FrozenTrial], setting: str) -> str:
    """The score against one setting, as SVG; open marks are trials that were ended early."""

    def draw(axes: Any) -> None:
        for state, style in ((TrialState.PRUNED, {"markerfacecolor": "none"}), (TrialState.COMPLETE, {})):
            points = [
                (trial.params[setting], score)
                for trial in trials
                if trial.state == state and setting in trial.params and (score := _score(trial)) is not None
            ]
            if points:
                values = [str(one).replace("_", "\n") if isinstance(one, str | bool) else one for one, _ in points]
                axes.plot(values, [score for _, score in points], "o", color=ACCENT, markersize=5, alpha=0.8, **style)
        if any(getattr(trial.distributions.get(setting), "log", False) for trial in trials):
            axes.set_xscale("log")
            axes.xaxis.set_minor_formatter(NullFormatter())
        elif not any(isinstance(trial.params.get(setting), str | bool) for trial in trials):
            axes.xaxis.set_major_locator(MaxNLocator(5))
        axes.set_xlabel(setting)
        axes.margins(0.08)

    return _svg(setting, draw)


def _score(trial: FrozenTrial) -> float | None:
    if trial.value is not None:
        return float(trial.value)
    return max(trial.intermediate_values.values(), default=None)


def _svg(plot: str, draw: Callable[[Any], None]) -> str:
    """One plot of scores; ``plot`` keeps the ids inside it apart from those of others."""
    file = io.StringIO()
    with styled(plot):
        figure = sheet(height_pt=230)
        axes = figure.subplots()
        axes.grid(axis="y", color=LINE)
        axes.set_ylabel("balanced accuracy")
        draw(axes)
        figure.savefig(file, format="svg", metadata={"Date": None})
    text = file.getvalue()
    return text[text.index("<svg") :]
