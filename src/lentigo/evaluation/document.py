"""The content of report.json: the figures for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import polars as pl

from lentigo.evaluation.report import Report
from lentigo.evaluation.subgroups import age_band
from lentigo.metrics.calibration import reliability, softmax
from lentigo.metrics.discrimination import confusion
from lentigo.metrics.subgroups import LEAST_GROUPS
from lentigo.metrics.tiers import shown_tiers, true_tiers
from lentigo.taxonomy.model import TIERS

SCHEMA_VERSION = 1


def to_json(report: Report) -> dict[str, Any]:
    """The content of report.json."""
    frame = report.table.frame
    return {
        "schema_version": SCHEMA_VERSION,
        "about": {
            **asdict(report.about),
            "images": frame.height,
            "groups": frame["group"].n_unique(),
            "sources": dict(sorted(Counter(frame["source"]).items())),
            "coverage": _coverage(frame),
        },
        "thresholds": report.calibration.thresholds.model_dump(mode="json"),
        "figures": [figure.model_dump(mode="json") for figure in report.figures],
        "confusion": {"diagnosis": _confusion(report), "tier": _tier_confusion(report)},
        "reliability": [asdict(one) for one in reliability(softmax(report.table.logits), report.table.y_true)],
        "subgroups": {
            "least_groups": LEAST_GROUPS,
            "parts": [one.to_json() for one in report.subgroups],
        },
        "plots": sorted(report.plots),
    }


def _coverage(frame: pl.DataFrame) -> dict[str, dict[str, int]]:
    """How many photos there are of whom; unknown is counted as such."""

    def counts(values: Sequence[Any]) -> dict[str, int]:
        return {
            str(key): n for key, n in sorted(Counter("unknown" if v is None else v for v in values).items(), key=str)
        }

    return {
        "sex": counts(frame["sex"].to_list()),
        "age": counts([age_band(age) for age in frame["age"]]),
        "fitzpatrick_skin_type": counts(frame["fitzpatrick_skin_type"].to_list()),
        "image_type": counts(frame["image_type"].to_list()),
    }


def _confusion(report: Report) -> dict[str, Any]:
    table = report.table
    counts = confusion(table.y_true, table.logits.argmax(1), len(table.codes))
    return {"labels": list(table.codes), "counts": counts.tolist()}


def _tier_confusion(report: Report) -> dict[str, Any] | None:
    table, diagnoses = report.table, report.calibration.diagnoses
    shown = shown_tiers(softmax(table.logits), diagnoses, report.calibration.thresholds)
    if shown is None:
        return None
    return {"labels": list(TIERS), "counts": confusion(true_tiers(table.y_true, diagnoses), shown, len(TIERS)).tolist()}
