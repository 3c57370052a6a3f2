"""Writing reports: each file whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lentigo.card import Calibration
from lentigo.datasets.predictions import PredictionTable
from lentigo.evaluation.comparison import Candidate, Comparison, compare
from lentigo.evaluation.comparison_page import comparison_document, comparison_page
from lentigo.evaluation.document import to_json
from lentigo.evaluation.page import report_page
from lentigo.evaluation.plots import Plot, drawn
from lentigo.evaluation.plots.differences import comparison_data, draw_differences
from lentigo.evaluation.report import About, Report, make_report
from lentigo.writing import write_whole

PLOTS_FOLDER = "plots"


def write_report(
    table: PredictionTable,
    calibration: Calibration,
    about: About,
    images: Path,
    out: Path,
    learned: PredictionTable | None = None,
) -> Report:
    """Measure predictions, and write report.html, report.json and plots/ into ``out``.

    For the other arguments and the errors see :func:`~lentigo.evaluation.report.make_report`.
    """
    report = make_report(table, calibration, about, images, learned)
    write_plots(report.plots.values(), out)
    write_json(out / "report.json", to_json(report))
    write_whole(out / "report.html", report_page(report))
    return report


def write_comparison(candidates: Sequence[Candidate], about: About, out: Path, *, common: bool) -> Comparison:
    """Compare models, and write comparison.html, comparison.json, comparison.csv and plots/ into ``out``.

    For the errors see :func:`~lentigo.evaluation.comparison.compare`.
    """
    comparison = compare(candidates, about.resamples, about.seed, common=common)
    data = comparison_data(comparison)
    says = f"Differences of models to {comparison.names[0]}, with intervals."
    plot = drawn("differences", says, data, draw_differences)
    everything = set().union(*(one.table.frame["image"] for one in candidates))
    out.mkdir(parents=True, exist_ok=True)
    write_plots([plot], out)
    data.write_csv(out / "comparison.csv")
    write_json(out / "comparison.json", comparison_document(comparison, about))
    left_out = len(everything) - comparison.images
    write_whole(out / "comparison.html", comparison_page(comparison, about, {plot.name: plot}, left_out))
    return comparison


def write_plots(plots: Iterable[Plot], out: Path) -> None:
    """Write the files of plots into a folder of their own within ``out``."""
    folder = out / PLOTS_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for plot in plots:
        plot.write(folder)


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """Write a document as JSON that a person can read too."""
    write_whole(path, json.dumps(document, indent=2) + "\n")
