"""The page of a report: one file that stands alone."""

from __future__ import annotations

from collections.abc import Mapping

import jinja2
from markupsafe import Markup

from lentigo.evaluation.document import to_json
from lentigo.evaluation.plots import Plot
from lentigo.evaluation.report import Report
from lentigo.evaluation.subgroups import ATTRIBUTES
from lentigo.evaluation.words import (
    ATTRIBUTE_NAMES,
    figure_name,
    part_name,
    percent,
    range_text,
    signed_text,
    value_text,
)
from lentigo.metrics.subgroups import LEAST_GROUPS
from lentigo.pages import templates_of
from lentigo.taxonomy import load_taxonomy

TOO_FEW = 10
"""With fewer photos a figure is shown, but marked as too few to say."""


def report_page(report: Report) -> str:
    """The text of report.html."""
    document = to_json(report)
    return (
        pages()
        .get_template("report.html")
        .render(
            report=report,
            document=document,
            figure=report.figure,
            plot=lambda name: embedded(report.plots.get(name)),
            known=[one for one in report.calibration.diagnoses if _present(report, one.code)],
            sources=list(document["about"]["sources"]),
            too_few=TOO_FEW,
            least_groups=LEAST_GROUPS,
            coverage=_sentences(document["about"]["coverage"]),
            attributes={
                ATTRIBUTE_NAMES[name]: [one for one in report.subgroups if one.attribute == name] for name in ATTRIBUTES
            },
        )
    )


def pages() -> jinja2.Environment:
    """Where the templates are, and how figures and codes are written in them."""
    environment = templates_of("lentigo.evaluation")
    taxonomy = load_taxonomy()
    environment.filters |= {
        "percent": percent,
        "value": value_text,
        "range": range_text,
        "name": lambda code: taxonomy.diagnosis_text(code).name,
        "tier": lambda tier: taxonomy.text("tiers", tier),
        "part": part_name,
        "figure": figure_name,
        "signed": signed_text,
    }
    return environment


def _present(report: Report, code: str) -> bool:
    return bool((report.table.frame["diagnosis"] == code).any())


def embedded(plot: Plot | None) -> Markup:
    """A plot as part of the page. Its words are escaped where it is made, by matplotlib and by the plot itself."""
    return Markup("" if plot is None else plot.embedded)  # noqa: S704  # made by us, its words escaped


def _sentences(coverage: Mapping[str, Mapping[str, int]]) -> list[str]:
    titles = {
        "sex": "Sex",
        "age": "Age",
        "fitzpatrick_skin_type": "Fitzpatrick skin type",
        "image_type": "Kind of photo",
    }
    return [
        f"{title}: " + ", ".join(f"{name} {count:,}" for name, count in coverage[key].items()) + "."
        for key, title in titles.items()
    ]
