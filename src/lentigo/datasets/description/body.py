"""A body from the front and from the back, each site a shape of its own that is tinted by its count.

The shapes stand in ``body.toml`` beside this module.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

WIDTH, HEIGHT = 140, 364
"""The box that the shapes are drawn in."""

_LABEL_GAP = 24
_WORDS = {"upper extremity": "arm", "lower extremity": "leg"}


@dataclass(frozen=True)
class Shape:
    """A site's outline; ``tint`` is 0 to 100; ``mirrored`` turns a left side into a right one."""

    path: str
    site: str
    tint: int
    mirrored: bool


@dataclass(frozen=True)
class Label:
    """A site's name and count; a line goes from the text, at height ``y``, to (``x_to``, ``y_to``)."""

    text: str
    photos: int
    y: float
    x_to: float
    y_to: float


@dataclass(frozen=True)
class Figure:
    """One view of the body."""

    name: str
    shapes: tuple[Shape, ...]
    labels: tuple[Label, ...]


def figures(counts: Mapping[str, int]) -> tuple[Figure, ...]:
    """The body from the front and from the back, tinted by the photos of each site."""
    return tuple(Figure(name, _shapes(view, counts), _labels(view, counts)) for name, view in _views().items())


def off_the_figure(counts: Mapping[str, int]) -> dict[str, int]:
    """Sites that have no shape: the trunk without a side, palms and soles, and whatever is not a known site."""
    drawn = {site for view in _views().values() for site in view}
    return {site: number for site, number in counts.items() if site not in drawn}


def _views() -> dict[str, dict[str, dict[str, Any]]]:
    return tomllib.loads(files(__package__).joinpath("body.toml").read_text(encoding="utf-8"))


def _shapes(view: Mapping[str, Mapping[str, Any]], counts: Mapping[str, int]) -> tuple[Shape, ...]:
    highest = max(counts.values(), default=0) or 1
    return tuple(
        # The root keeps a site with a tenth of the photos visible beside one with most of them.
        Shape(entry["path"], site, round(100 * (counts.get(site, 0) / highest) ** 0.5), mirrored)
        for site, entry in view.items()
        for mirrored in ((False, True) if entry["both_sides"] else (False,))
    )


def _labels(view: Mapping[str, Mapping[str, Any]], counts: Mapping[str, int]) -> tuple[Label, ...]:
    """Labels of the sites that have photos, moved down where they would touch."""
    ends = [(*entry["label"], site) for site, entry in view.items() if "label" in entry and counts.get(site)]
    labels: list[Label] = []
    for x, y, site in sorted(ends, key=lambda end: (end[1], end[0])):
        height = max(y, labels[-1].y + _LABEL_GAP) if labels else y
        labels.append(Label(_WORDS.get(site, site), counts[site], height, x, y))
    return tuple(labels)
