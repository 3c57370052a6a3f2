"""Plots: what lies behind them, and that they stand in a page without harm."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import polars as pl
import pytest
from sklearn import metrics as sk

from lentigo.card import Interval
from lentigo.datasets.predictions import PredictionTable
from lentigo.evaluation.comparison import Candidate, compare
from lentigo.evaluation.plots import Plot, Rows, draw_plots, drawn
from lentigo.evaluation.plots.differences import comparison_data, draw_differences
from lentigo.evaluation.plots.forest import draw_forest, forest_data
from lentigo.evaluation.plots.reliability import draw_reliability
from lentigo.evaluation.subgroups import subgroups
from lentigo.metrics.calibration import softmax
from tests.evaluation.made import make_calibration, make_predictions

OVERALL = {name: Interval(value=0.5) for name in ("recall_dangerous", "specificity_dangerous")}


def make_plots(tiers: bool = True) -> dict[str, Plot]:
    table, calibration = make_predictions(), make_calibration(tiers)
    parts = subgroups(table, calibration, 100, 0)
    return draw_plots(Rows.of(table, calibration, 100, 0), parts, OVERALL)


@pytest.fixture(scope="module")
def plots() -> dict[str, Plot]:
    return make_plots()


def test_every_plot_is_written_three_times(plots: dict[str, Plot], tmp_path: Path) -> None:
    assert set(plots) == {
        *("roc", "precision-recall", "decision-curve", "risk-coverage"),
        *("reliability", "confusion", "confusion-tiers", "subgroups"),
    }
    for plot in plots.values():
        plot.write(tmp_path)
        assert (tmp_path / f"{plot.name}.png").read_bytes().startswith(b"\x89PNG")
        assert ET.parse(tmp_path / f"{plot.name}.svg").getroot().tag.endswith("svg")  # noqa: S314  # our own file
        assert pl.read_csv(tmp_path / f"{plot.name}.csv").height == plot.frame.height


def test_embedded_plots_share_no_id_and_take_the_colours_of_the_page(plots: dict[str, Plot]) -> None:
    ids: list[str] = []
    for plot in plots.values():
        text = plot.embedded
        own = re.findall(r'\sid="([^"]*)"', text)
        assert set(re.findall(r'(?:href="#|url\(#)([^")]*)', text)) <= set(own)
        ids += own
        assert "#0f5c5c" not in text
        assert "var(--" in text
        assert 'aria-label="' in text.split(">", 1)[0]
        ET.fromstring(text)  # noqa: S314  # our own text
    assert len(ids) == len(set(ids))


def test_words_in_plots_are_escaped() -> None:
    table = make_predictions()
    wild = table.frame.with_columns(pl.lit("<b>&").alias("source"))
    parts = subgroups(PredictionTable(wild, table.codes), make_calibration(), 100, 0)[:1]
    plot = drawn("subgroups", 'Of "all" & <b>.', forest_data(parts, OVERALL), draw_forest)
    assert "&lt;b&gt;&amp;" in plot.embedded
    assert "<b>" not in plot.embedded
    ET.fromstring(plot.embedded)  # noqa: S314  # our own text


def test_the_same_data_give_the_same_file(plots: dict[str, Plot]) -> None:
    again = drawn("reliability", "Again.", plots["reliability"].frame, draw_reliability)
    assert again.svg == plots["reliability"].svg


def test_the_data_behind_a_plot_are_those_of_the_predictions(plots: dict[str, Plot]) -> None:
    table = make_predictions()
    probabilities = softmax(table.logits)
    dangerous, scores = table.y_true < 2, probabilities[:, :2].sum(1)
    roc = plots["roc"].frame
    assert roc.filter(pl.col("target") == "dangerous")["auroc"][0] == pytest.approx(sk.roc_auc_score(dangerous, scores))
    shown = roc.filter(pl.col("shown")).row(0, named=True)
    assert shown["sensitivity"] == pytest.approx((scores >= 0.3)[dangerous].mean())
    confusion = plots["confusion"].frame
    assert confusion["count"].sum() == table.frame.height
    last = plots["risk-coverage"].frame.row(-1, named=True)
    assert last["error"] == pytest.approx((probabilities.argmax(1) != table.y_true).mean())


def test_a_model_without_tiers_has_no_plots_of_danger() -> None:
    assert set(make_plots(tiers=False)) == {"roc", "precision-recall", "risk-coverage", "reliability", "confusion"}


def test_differences_of_three_models_are_drawn() -> None:
    candidates = [
        Candidate(name, make_predictions(skill), make_calibration()) for name, skill in (("a", 2), ("b", 1), ("c", 3))
    ]
    data = comparison_data(compare(candidates, 100, 0, common=False))
    plot = drawn("differences", "Differences.", data, draw_differences)
    assert data.filter(pl.col("model") == "a")["difference"].is_null().all()
    assert "better" in plot.svg
