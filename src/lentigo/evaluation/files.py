"""Writing reports: each file whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lentigo.card import Calibration
from lentigo.datasets.predictions import PredictionTable
from lentigo.evaluation.document import to_json
from lentigo.evaluation.page import report_page
from lentigo.evaluation.plots import Plot
from lentigo.evaluation.report import About, Report, make_report

PLOTS_FOLDER = "plots"


def write_report(table: PredictionTable, calibration: Calibration, about: About, images: Path, out: Path) -> Report:
    """Measure predictions, and write report.html, report.json and plots/ into ``out``.

    For the other arguments and the errors see :func:`~lentigo.evaluation.report.make_report`.
    """
    report = make_report(table, calibration, about, images)
    write_plots(report.plots.values(), out)
    write_json(out / "report.json", to_json(report))
    write_text(out / "report.html", report_page(report))
    return report


def write_plots(plots: Iterable[Plot], out: Path) -> None:
    """Write the files of plots into a folder of their own within ``out``."""
    folder = out / PLOTS_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for plot in plots:
        plot.write(folder)


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """Write a document as JSON that a person can read too."""
    write_text(path, json.dumps(document, indent=2) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write a text beside ``path`` first, so that ``path`` is never half of it."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
