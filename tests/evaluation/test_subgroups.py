"""Subgroups: who is in them, what is said of them, and what is not."""

from __future__ import annotations

import polars as pl
import pytest

from lentigo.evaluation.subgroups import Subgroup, age_band, subgroups
from lentigo.metrics.calibration import softmax
from lentigo.metrics.resampling import group_weights, to_interval
from tests.evaluation.made import make_calibration, make_predictions


def by_name(found: list[Subgroup]) -> dict[tuple[str, str], Subgroup]:
    return {(one.attribute, one.value): one for one in found}


def test_every_photo_is_in_one_subgroup_of_each_attribute() -> None:
    table = make_predictions()
    found = subgroups(table, make_calibration(), resamples=100, seed=0)
    for attribute in ("source", "image_type", "sex", "age", "site", "fitzpatrick_skin_type"):
        parts = [one for one in found if one.attribute == attribute]
        assert sum(one.images for one in parts) == table.frame.height, attribute
    names = by_name(found)
    assert ("site", "head/neck") in names, "sites are joined as the ISIC archive joins them"
    assert names["sex", "unknown"].images == 80
    assert names["sex", "unknown"].groups == 40


def test_a_figure_of_a_subgroup_is_that_of_its_rows() -> None:
    table, calibration = make_predictions(), make_calibration()
    female = by_name(subgroups(table, calibration, resamples=200, seed=3))["sex", "female"]
    part = table.filter(pl.col("sex") == "female")
    dangerous = part.y_true < 2
    probabilities = softmax(part.logits)
    flagged = probabilities[:, :2].sum(1) >= 0.3
    weights = group_weights(part.frame["group"].to_numpy(), 200, 3)
    expected = to_interval((weights @ (flagged & dangerous)) / (weights @ dangerous))
    assert female.figures["recall_dangerous"] == expected
    assert expected.value == pytest.approx(flagged[dangerous].mean())


def test_too_few_groups_give_no_number() -> None:
    table = make_predictions(count=240)
    # Nine groups of dangerous lesions remain among women: 18 photos, and too few to say.
    kept = table.frame.filter(pl.col("diagnosis").is_in(["mel", "bcc"]) & (pl.col("sex") == "female"))["group"]
    nine = kept.unique(maintain_order=True).to_list()[:9]
    few = table.filter(
        (pl.col("sex") == "female") & (pl.col("group").is_in(nine) | pl.col("diagnosis").is_in(["nv", "df"]))
    )
    female = by_name(subgroups(few, make_calibration(), 100, 0))["sex", "female"]
    assert female.positive_groups == 9
    assert female.negative_groups >= 10
    assert female.figures["recall_dangerous"] is None
    assert female.figures["auroc_malignant"] is None
    assert female.figures["specificity_dangerous"] is not None


def test_balanced_accuracy_is_over_the_diagnoses_that_are_often_enough() -> None:
    table = make_predictions()
    rare = table.filter((pl.col("diagnosis") != "df") | (pl.col("group").is_in(["g3", "g7"])))
    everyone = by_name(subgroups(rare, make_calibration(), 100, 0))["source", "ham10000"]
    assert everyone.diagnoses == ("mel", "bcc", "nv")
    assert everyone.figures["balanced_accuracy"] is not None
    one = rare.filter(pl.col("diagnosis") == "mel")
    assert (
        by_name(subgroups(one, make_calibration(), 100, 0))["source", "ham10000"].figures["balanced_accuracy"] is None
    )


def test_a_model_without_tiers_has_only_what_needs_none() -> None:
    found = subgroups(make_predictions(), make_calibration(tiers=False), 100, 0)
    assert all(set(one.figures) == {"balanced_accuracy"} for one in found)


@pytest.mark.parametrize(
    ("age", "band"), [(None, "unknown"), (0.0, "00-19"), (59.9, "40-59"), (85.0, "80+"), (101.0, "80+")]
)
def test_age_bands(age: float | None, band: str) -> None:
    assert age_band(age) == band
