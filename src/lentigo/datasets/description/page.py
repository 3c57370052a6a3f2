"""The page: one HTML file that asks for nothing from anywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import jinja2
import polars as pl

import lentigo
from lentigo.answers import SEXES
from lentigo.datasets.description import body, charts, summary
from lentigo.datasets.description.description import Description
from lentigo.datasets.description.troubles import WEIGHTS
from lentigo.datasets.description.wording import count, listing, name_of, percent
from lentigo.datasets.manifest import SPLITS
from lentigo.pages import templates_of
from lentigo.taxonomy import load_taxonomy
from lentigo.taxonomy.model import TIERS
from lentigo.writing import write_whole

ROWS_SHOWN = 16
"""Of so many classes the rows stand open; those of the others can be unfolded."""
ROW_OF_FEW = 10
"""A distribution of fewer photos than this would be a picture of chance."""
SIZES_SHOWN = 3
NAMED = 8

WEIGHT_TITLES = {
    "serious": "Can spoil a result",
    "mind": "To keep in mind",
    "know": "Good to know",
}
COLUMN_TITLES = {
    "site": "body site",
    "image_type": "kind of photo",
    "patient_id": "patient",
    "lesion_id": "lesion",
    "fitzpatrick_skin_type": "skin type",
    "confirmed_by": "confirmed by",
}
SKIN_TYPE_NAMES = {1: "I", 2: "II", 3: "III", 4: "IV", 5: "V", 6: "VI"}


@dataclass(frozen=True)
class AgeChart:
    """Ages of one class, or of all (``name`` is empty): a histogram upwards, and one downwards."""

    name: str
    female: str
    male: str
    median_age: float
    females: int
    males: int


@dataclass(frozen=True)
class RidgeRow:
    """How one measure is distributed in one source or class; places are in percent of the chart's width."""

    name: str
    path: str
    median: float
    median_place: float
    photos: int


@dataclass(frozen=True)
class Ridges:
    """One measure over sources, then over classes, on one scale."""

    title: str
    low: str
    high: str
    sources: list[RidgeRow]
    classes: list[RidgeRow]


@dataclass(frozen=True)
class Size:
    """A size in pixels and how many of the measured photos have it."""

    width_px: int
    height_px: int
    share: float


def write_page(description: Description, out: Path) -> None:
    """Write the page to the file ``out``, whole or not at all."""
    write_whole(out, to_html(description))


def to_html(description: Description) -> str:
    """The page as text."""
    dataset, manifest = description.dataset, description.dataset.manifest
    classes = summary.classes(manifest, dataset.diagnoses)
    sources = summary.sources(manifest, dataset.sources)
    site_counts = summary.sites(manifest)
    skin_types = summary.skin_types(manifest)
    in_hundred = {code for code, images in description.hundred.items() if images}
    return (
        _environment()
        .get_template("description.html")
        .render(
            description=description,
            name=dataset.name,
            manifest=manifest,
            groups=manifest["group"].n_unique(),
            record=dataset.record,
            classes=classes,
            by_code={one.code: one for one in classes},
            tiers=[tier for tier in (*TIERS, None) if any(one.tier == tier for one in classes)],
            sources=sources,
            too_rare=[one.name for one in classes if one.code not in in_hundred],
            weights=[(weight, WEIGHT_TITLES[weight]) for weight in WEIGHTS],
            age_charts=age_charts(manifest, [one.code for one in classes]),
            site_counts=site_counts,
            figures=body.figures(site_counts),
            off_figure=body.off_the_figure(site_counts),
            skin_types=skin_types,
            skin_known=sum(skin_types.values()),
            missing=summary.missing(manifest, [one.record.name for one in sources]),
            sizes=sizes(description.photos),
            ridges=ridges(description.photos, [one.record.name for one in sources], [one.code for one in classes]),
            reasons=Counter(one.reason for one in dataset.record.rejects).most_common(),
            alike=sum(len(one.images) for one in dataset.record.duplicates),
            version=lentigo.__version__,
        )
    )


def age_charts(manifest: pl.DataFrame, codes: Sequence[str]) -> list[AgeChart]:
    """All people first, then each class that has ages; empty where there are none."""
    parts = [("", manifest), *((name_of(code), manifest.filter(pl.col("diagnosis") == code)) for code in codes)]
    charted = []
    for name, rows in parts:
        ages = [summary.ages(rows, sex) for sex in SEXES]
        counts = [charts.age_counts(known) for known in ages]
        highest = max(max(counted) for counted in counts)
        if highest:
            female, male = charts.steps(counts[0], highest), charts.steps(counts[1], highest, upwards=False)
            together = median([*ages[0], *ages[1]])
            charted.append(AgeChart(name, female, male, together, len(ages[0]), len(ages[1])))
    return charted


def ridges(photos: pl.DataFrame, sources: Sequence[str], codes: Sequence[str]) -> list[Ridges]:
    """Brightness and sharpness over sources and classes; empty when no photo was measured."""
    if photos.is_empty():
        return []
    charted = []
    for measure, title in (("brightness", "Brightness"), ("sharpness", "Sharpness")):
        low = float(photos[measure].quantile(0.005) or 0)
        high = float(photos[measure].quantile(0.98) or 0)
        words = ("darker", "brighter") if measure == "brightness" else ("softer", "sharper")
        charted.append(
            Ridges(
                title,
                *words,
                _ridge_rows(photos, measure, "source", [(name, name) for name in sources], low, high),
                _ridge_rows(photos, measure, "diagnosis", [(code, name_of(code)) for code in codes], low, high),
            )
        )
    return charted


def _ridge_rows(
    photos: pl.DataFrame, measure: str, column: str, names: Sequence[tuple[str, str]], low: float, high: float
) -> list[RidgeRow]:
    rows = []
    for value, name in names:
        values = photos.filter(pl.col(column) == value)[measure].to_numpy()
        if len(values) >= ROW_OF_FEW:
            middle = float(median(values))
            path = charts.ridge(values, low, high)
            rows.append(RidgeRow(name, path, middle, charts.place(middle, low, high), len(values)))
    return rows


def sizes(photos: pl.DataFrame) -> dict[str, tuple[list[Size], int]]:
    """For each source the commonest sizes, and how many others there are."""
    found = {}
    for (source,), rows in photos.group_by("source", maintain_order=True):
        counted = Counter(zip(rows["width_px"], rows["height_px"], strict=True))
        shown = [
            Size(width, height, number / rows.height) for (width, height), number in counted.most_common(SIZES_SHOWN)
        ]
        found[str(source)] = (shown, len(counted) - len(shown))
    return found


def _environment() -> jinja2.Environment:
    environment = templates_of("lentigo.datasets.description")
    taxonomy = load_taxonomy()
    environment.filters |= {
        "number": lambda value: f"{value:,}",
        "percent": percent,
        "short_percent": lambda share: percent(share).replace("under ", "<").replace("over ", ">"),
        "count": count,
        "listing": listing,
        "diagnosis": name_of,
        "tier": lambda tier: taxonomy.text("tiers", tier),
        "column": lambda column: COLUMN_TITLES.get(column, column),
        "words": lambda code: code.replace("_", " "),
    }
    environment.globals |= {
        "SPLITS": SPLITS,
        "ROWS_SHOWN": ROWS_SHOWN,
        "NAMED": NAMED,
        "SKIN_TYPE_NAMES": SKIN_TYPE_NAMES,
        "BODY": (body.WIDTH, body.HEIGHT),
        "CHART": (charts.WIDTH, charts.HEIGHT),
    }
    return environment
