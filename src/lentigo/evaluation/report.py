"""Everything that is measured on one model's predictions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from lentigo.card import Calibration, Figure
from lentigo.datasets.predictions import PredictionTable
from lentigo.errors import DatasetError
from lentigo.evaluation.figures import Scope, measure
from lentigo.evaluation.membership import membership_figures
from lentigo.evaluation.mistakes import Mistake, worst_mistakes
from lentigo.evaluation.plots import Plot, Rows, draw_plots
from lentigo.evaluation.subgroups import Subgroup, subgroups

PHOTO_ONLY = "photo_only"


@dataclass(frozen=True)
class About:
    """What was measured on what, and by what; ``independence`` says in a sentence what the model knew of the photos."""

    model: str
    data: str
    data_sha256: str
    split: str
    independence: str
    seed: int
    resamples: int
    created: str
    lentigo_version: str
    code_version: str | None


@dataclass(frozen=True)
class Report:
    """Everything in a report."""

    about: About
    calibration: Calibration
    table: PredictionTable
    figures: list[Figure]
    mistakes: dict[str, list[Mistake]]
    subgroups: list[Subgroup]
    plots: dict[str, Plot]

    def figure(self, name: str) -> Figure | None:
        """The figure of that name, None where there is none."""
        return next((figure for figure in self.figures if figure.name == name), None)


def make_report(
    table: PredictionTable,
    calibration: Calibration,
    about: About,
    images: Path,
    learned: PredictionTable | None = None,
) -> Report:
    """Measure predictions.

    Args:
        table: Predictions on the rows to be judged.
        calibration: Thresholds and tiers of the model.
        about: What they are of.
        images: Folder that the table's image paths are relative to; for the pictures of mistakes.
        learned: Predictions on the photos that the model learned from, to tell what it gives away about them.

    Raises:
        DatasetError: There are no rows.
    """
    if table.frame.is_empty():
        raise DatasetError(
            f"The split '{about.split}' of {about.data} has no rows.", "Choose another split or dataset."
        )
    figures = [
        figure for scope in _scopes(table, about) for figure in measure(scope, calibration, about.resamples, about.seed)
    ]
    if learned is not None:
        figures += membership_figures(learned, table, about.resamples, about.seed)
    parts = subgroups(table, calibration, about.resamples, about.seed)
    rows = Rows.of(table, calibration, about.resamples, about.seed)
    plots = draw_plots(rows, parts, {figure.name: figure.value for figure in figures})
    return Report(about, calibration, table, figures, worst_mistakes(table, calibration, images), parts, plots)


def _scopes(table: PredictionTable, about: About) -> list[Scope]:
    """All rows, all rows by the photo alone, and each source both ways."""
    sources = sorted(set(table.frame["source"]))
    parts = [("", table)]
    parts += [(source, table.filter(pl.col("source") == source)) for source in sources] if len(sources) > 1 else []
    scopes = []
    for name, part in parts:
        on = f"{about.split} split of {name or ', '.join(sources)}"
        groups = part.frame["group"].to_numpy()
        scopes.append(Scope(name, on, part.logits, part.y_true, groups))
        alone = f"{name}/{PHOTO_ONLY}" if name else PHOTO_ONLY
        scopes.append(Scope(alone, f"{on}, photo only", part.photo_logits, part.y_true, groups))
    return scopes
