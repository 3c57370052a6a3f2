"""Learning curves as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from lentigo.plot_style import ACCENT, INK, LINE, PAPER, WARM


def draw_curves(path: Path, epochs: Sequence[dict[str, Any]]) -> None:
    """Draw loss and validation scores over epochs; the kept epoch is marked. A training loss of None is left out."""
    numbers = [epoch["epoch"] for epoch in epochs]
    figure = Figure(figsize=(9, 3.6), layout="constrained", facecolor=PAPER)
    losses, scores = figure.subplots(1, 2)
    if epochs[-1]["train_loss"] is not None:
        _line(losses, numbers, [epoch["train_loss"] for epoch in epochs], WARM, "training")
    _line(losses, numbers, [epoch["validation_loss"] for epoch in epochs], ACCENT, "validation")
    losses.set_title("Loss", loc="left", color=INK)
    _line(scores, numbers, [epoch["balanced_accuracy"] for epoch in epochs], ACCENT, "balanced accuracy")
    _line(scores, numbers, [epoch["accuracy"] for epoch in epochs], WARM, "accuracy")
    scores.set_title("Validation", loc="left", color=INK)
    best = max(epochs, key=lambda epoch: float(epoch["balanced_accuracy"]))
    scores.plot(best["epoch"], best["balanced_accuracy"], "o", color=ACCENT, markersize=7)
    scores.annotate(
        f"kept: {best['balanced_accuracy']:.3f}",
        (best["epoch"], best["balanced_accuracy"]),
        textcoords="offset points",
        xytext=(0, -16),
        ha="center",
        color=ACCENT,
    )
    for axes in (losses, scores):
        axes.set_facecolor("none")
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_xlabel("epoch", color=INK)
        axes.grid(axis="y", color=LINE)
        axes.margins(x=0.18)
        axes.xaxis.get_major_locator().set_params(integer=True)
    figure.savefig(path, dpi=150)


def _line(axes: Any, numbers: list[int], values: list[float], colour: str, name: str) -> None:
    axes.plot(numbers, values, color=colour, linewidth=2, marker="o", markersize=3)
    axes.annotate(name, (numbers[-1], values[-1]), textcoords="offset points", xytext=(6, 0), va="center", color=colour)
