"""report.json and report.html: the same figures for programs and for people."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
import polars as pl

from lentigo.card import Calibration, Figure
from lentigo.datasets.predictions import PredictionTable
from lentigo.errors import DatasetError
from lentigo.evaluation.figures import Scope, measure
from lentigo.evaluation.mistakes import Mistake, worst_mistakes
from lentigo.metrics.calibration import reliability, softmax
from lentigo.metrics.discrimination import confusion
from lentigo.metrics.tiers import LOW, shown_tiers
from lentigo.taxonomy import load_taxonomy
from lentigo.taxonomy.model import TIERS

SCHEMA_VERSION = 1
PHOTO_ONLY = "photo_only"
TOO_FEW = 10
"""With fewer photos a figure is shown, but marked as too few to say."""


@dataclass(frozen=True)
class About:
    """What was measured on what, and by what; ``independence`` says in a sentence what the model knew of the photos."""

    model: str
    data: str
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

    def figure(self, name: str) -> Figure | None:
        """The figure of that name, None where there is none."""
        return next((figure for figure in self.figures if figure.name == name), None)


def write_report(table: PredictionTable, calibration: Calibration, about: About, images: Path, out: Path) -> Report:
    """Measure predictions and write report.html and report.json into ``out``.

    Args:
        table: Predictions on the rows to be judged.
        calibration: Thresholds and tiers of the model.
        about: What they are of.
        images: Folder that the table's image paths are relative to; for the pictures of mistakes.
        out: Folder to write into.

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
    report = Report(about, calibration, table, figures, worst_mistakes(table, calibration, images))
    out.mkdir(parents=True, exist_ok=True)
    _write(out / "report.json", json.dumps(to_json(report), indent=2) + "\n")
    _write(out / "report.html", to_html(report))
    return report


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
    }


def _coverage(frame: pl.DataFrame) -> dict[str, dict[str, int]]:
    """How many photos there are of whom; unknown is counted as such."""

    def counts(values: Sequence[Any]) -> dict[str, int]:
        return {
            str(key): n for key, n in sorted(Counter("unknown" if v is None else v for v in values).items(), key=str)
        }

    bands = [
        "unknown" if age is None else f"{int(age) // 20 * 20:02d}-{int(age) // 20 * 20 + 19:02d}"
        for age in frame["age"]
    ]
    return {
        "sex": counts(frame["sex"].to_list()),
        "age": counts(bands),
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
    tier_of = np.array([TIERS.index(one.tier) if one.tier else LOW for one in diagnoses])
    return {"labels": list(TIERS), "counts": confusion(tier_of[table.y_true], shown, len(TIERS)).tolist()}


def to_html(report: Report) -> str:
    """The page."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("lentigo.evaluation"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    taxonomy = load_taxonomy()
    names = {one.code: taxonomy.diagnosis_text(one.code).name for one in report.calibration.diagnoses}
    environment.filters |= {
        "percent": _percent,
        "value": _value,
        "range": _range,
        "name": lambda code: names.get(code, code),
        "tier": lambda tier: taxonomy.text("tiers", tier),
    }
    document = to_json(report)
    return environment.get_template("report.html").render(
        report=report,
        document=document,
        figure=report.figure,
        known=[one for one in report.calibration.diagnoses if _present(report, one.code)],
        sources=list(document["about"]["sources"]),
        too_few=TOO_FEW,
        coverage=_sentences(document["about"]["coverage"]),
    )


def _present(report: Report, code: str) -> bool:
    return bool((report.table.frame["diagnosis"] == code).any())


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _is_share(figure: Figure) -> bool:
    """Shares read best as percentages; areas and errors are written as numbers."""
    return not figure.name.rpartition("/")[2].startswith(("auroc", "ece"))


def _value(figure: Figure) -> str:
    value = figure.value.value
    return _percent(value) if value is None or _is_share(figure) else f"{value:.3f}"


def _range(figure: Figure) -> str:
    low, high = figure.value.low, figure.value.high
    if low is None or high is None:
        return "no interval"
    return f"{100 * low:.1f} to {100 * high:.1f}" if _is_share(figure) else f"{low:.3f} to {high:.3f}"


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


def _write(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
