"""A study as a page: the best settings, what mattered, and what each setting did."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2
import optuna
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter
from optuna.trial import FrozenTrial, TrialState

import lentigo
from lentigo.training.curves import INK, SAND, TEAL
from lentigo.training.run import write_whole
from lentigo.training.tuning import finished

PAGE = "tuning.html"
_SHOWN = 10


def write_page(study: optuna.Study, dataset: str, out: Path) -> Path:
    """Write ``tuning.html`` into the study's folder."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("lentigo.training"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    done = finished(study)
    trials = study.get_trials(deepcopy=False)
    importance = importances(study)
    page = environment.get_template("tuning.html").render(
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
    path = out / PAGE
    write_whole(path, page)
    return path


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
    figure, axes = _figure(8, 3)
    scores = [float(trial.value or 0.0) for trial in done]
    numbers = [trial.number for trial in done]
    best = [max(scores[: place + 1]) for place in range(len(scores))]
    axes.step(numbers, best, where="post", color=TEAL, linewidth=2)
    axes.plot(numbers, scores, "o", color=SAND, markersize=5)
    axes.annotate(
        f"best so far: {best[-1]:.3f}", (numbers[-1], best[-1]), textcoords="offset points", xytext=(0, 6),
        ha="right", color=TEAL,
    )  # fmt: skip
    axes.set_xlabel("trial")
    axes.margins(y=0.2)
    return _svg(figure)


def _slice(trials: Sequence[FrozenTrial], name: str) -> str:
    """The score against one setting, as SVG; open marks are trials that were ended early."""
    figure, axes = _figure(4, 2.6)
    for state, style in ((TrialState.PRUNED, {"markerfacecolor": "none"}), (TrialState.COMPLETE, {})):
        shown = [
            (trial.params[name], _score(trial)) for trial in trials if trial.state == state and name in trial.params
        ]
        shown = [(value, score) for value, score in shown if score is not None]
        if shown:
            values = [str(value).replace("_", "\n") if isinstance(value, str | bool) else value for value, _ in shown]
            axes.plot(values, [score for _, score in shown], "o", color=TEAL, markersize=5, alpha=0.8, **style)
    if any(getattr(trial.distributions.get(name), "log", False) for trial in trials):
        axes.set_xscale("log")
        axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel(name)
    axes.margins(0.08)
    return _svg(figure)


def _score(trial: FrozenTrial) -> float | None:
    if trial.value is not None:
        return float(trial.value)
    return max(trial.intermediate_values.values(), default=None)


def _figure(width: float, height: float) -> tuple[Figure, Any]:
    figure = Figure(figsize=(width, height), layout="constrained", facecolor="none")
    axes = figure.subplots()
    axes.set_facecolor("none")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", alpha=0.25)
    axes.set_ylabel("balanced accuracy", color=INK)
    return figure, axes


def _svg(figure: Figure) -> str:
    file = io.StringIO()
    with rc_context({"svg.fonttype": "none", "font.family": "sans-serif"}):
        figure.savefig(file, format="svg", metadata={"Date": None})
    text = file.getvalue()
    return text[text.index("<svg") :]
