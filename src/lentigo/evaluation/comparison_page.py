"""The page and the document of a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from lentigo.card import Interval
from lentigo.evaluation.comparison import ON_DIAGNOSES, ON_THRESHOLDS, ComparedFigure, Comparison, Verdict
from lentigo.evaluation.page import TOO_FEW, embedded, pages
from lentigo.evaluation.plots import Plot
from lentigo.evaluation.report import About
from lentigo.evaluation.words import figure_name

SCHEMA_VERSION = 1


def comparison_document(comparison: Comparison, about: About) -> dict[str, Any]:
    """The content of comparison.json."""
    return {
        "schema_version": SCHEMA_VERSION,
        "about": {**asdict(about), "images": comparison.images, "groups": comparison.groups},
        "models": list(comparison.names),
        "figures": [
            {
                "name": figure.name,
                "n": figure.n,
                "lower_is_better": figure.lower_is_better,
                "models": [
                    {
                        "model": model,
                        "value": _dumped(figure.values[place]),
                        "difference": _dumped(figure.differences[place]),
                        "verdict": str(figure.verdicts[place]),
                    }
                    for place, model in enumerate(comparison.names)
                ],
            }
            for figure in comparison.figures
        ],
    }


def comparison_page(comparison: Comparison, about: About, plots: dict[str, Plot], left_out: int) -> str:
    """The text of comparison.html."""
    figures = {one.name: one for one in comparison.figures}
    return (
        pages()
        .get_template("comparison.html")
        .render(
            comparison=comparison,
            about=about,
            left_out=left_out,
            independence=about.independence.splitlines(),
            lead=figures.get("recall_dangerous"),
            calm=figures.get("specificity_dangerous"),
            summary=[_summary(comparison, place) for place in range(1, len(comparison.names))],
            sections=_sections(comparison.figures),
            plot=lambda name: embedded(plots.get(name)),
            too_few=TOO_FEW,
        )
    )


def _sections(figures: Sequence[ComparedFigure]) -> dict[str, list[ComparedFigure]]:
    in_use: list[ComparedFigure] = []
    over_all: list[ComparedFigure] = []
    diagnoses: list[ComparedFigure] = []
    sureness: list[ComparedFigure] = []
    for one in figures:
        if one.name in ON_THRESHOLDS:
            over_all.append(one)
        elif one.name in ON_DIAGNOSES:
            diagnoses.append(one)
        else:
            (sureness if one.lower_is_better else in_use).append(one)
    return {
        "At the thresholds in use": in_use,
        "Over all thresholds": over_all,
        "Telling diagnoses apart": diagnoses,
        "When it is sure": sureness,
    }


def _summary(comparison: Comparison, place: int) -> str:
    """What is clearly different between a model and the first, in a sentence."""
    first, name = comparison.names[0], comparison.names[place]

    def named(wanted: Verdict) -> list[str]:
        return [figure_name(one.name) for one in comparison.figures if one.verdicts[place] == wanted]

    better, worse = named(Verdict.BETTER), named(Verdict.WORSE)
    parts = [
        f"{word} in {len(figures)} of {len(comparison.figures)} figures ({', '.join(figures)})"
        for word, figures in (("better", better), ("worse", worse))
        if figures
    ]
    if not parts:
        return f"Nothing tells {name} clearly from {first}."
    return f"Against {first}, {name} is clearly {', and '.join(parts)}."


def _dumped(value: Interval | None) -> dict[str, Any] | None:
    return None if value is None else value.model_dump(mode="json")
