"""What a model gives away, in a report."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from lentigo.datasets.predictions import PredictionTable
from lentigo.evaluation import About, write_report
from lentigo.evaluation.membership import membership_figures
from tests.evaluation.made import make_calibration, make_predictions

ABOUT = About("model", "data", "0" * 64, "test", "None.", 0, 200, "2026-11-21", "0.1.0", None)


def learned(skill: float) -> PredictionTable:
    """Other groups than those of the test photos."""
    table = make_predictions(skill, seed=1)
    return PredictionTable(table.frame.with_columns(group="learned-" + pl.col("group")), table.codes)


def test_a_model_that_is_surer_of_its_own_photos_gives_them_away() -> None:
    auroc, advantage, found = membership_figures(learned(6.0), make_predictions(1.0), 200, 0)
    assert (auroc.name, advantage.name, found.name) == ("membership_auroc", "membership_advantage", "membership_found")
    assert auroc.value.low is not None
    assert auroc.value.low > 0.7
    assert auroc.measured_on == "240 photos that the model learned from and 240 others"


def test_a_model_that_is_as_sure_of_others_gives_nothing_away() -> None:
    auroc, *_ = membership_figures(learned(2.0), make_predictions(2.0), 200, 0)
    assert auroc.value.low is not None
    assert auroc.value.high is not None
    assert auroc.value.low < 0.5 < auroc.value.high


def test_others_are_of_the_same_sources() -> None:
    one_source = learned(2.0).filter(pl.col("source") == "pad-ufes-20")
    auroc, *_ = membership_figures(one_source, make_predictions(2.0), 100, 0)
    assert auroc.n == 120


def test_a_source_that_is_harder_is_no_leak() -> None:
    """Three quarters of the photos are of one source; among the others, all of it is there but little of the second."""
    everything, test = learned(2.0), make_predictions(2.0)
    few = PredictionTable(
        pl.concat([rows.head(60) for _, rows in test.frame.group_by("source", maintain_order=True)]), test.codes
    )
    auroc, *_ = membership_figures(everything, few, 100, 0)
    assert auroc.measured_on == "120 photos that the model learned from and 120 others"


@pytest.mark.parametrize("known", [True, False])
def test_the_report_tells_it_where_it_was_asked_for(tmp_path: Path, known: bool) -> None:
    table = make_predictions(1.0)
    write_report(table, make_calibration(), ABOUT, tmp_path, tmp_path / "report", learned(6.0) if known else None)
    names = {figure["name"] for figure in json.loads((tmp_path / "report" / "report.json").read_text())["figures"]}
    assert ("membership_auroc" in names) == known
    assert ("What it gives away" in (tmp_path / "report" / "report.html").read_text()) == known
