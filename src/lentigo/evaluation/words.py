"""Words of reports: what parts of the data are called, and how figures are written."""

from __future__ import annotations

from lentigo.card import Interval

ATTRIBUTE_NAMES = {
    "source": "Source",
    "image_type": "Kind of photo",
    "sex": "Sex",
    "age": "Age",
    "site": "Body site",
    "fitzpatrick_skin_type": "Fitzpatrick skin type",
}

_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V", "6": "VI"}
_NUMBERS = (
    *("auroc", "class_auroc", "partial_auroc", "average_precision"),
    *("ece", "brier", "aurc", "net_benefit"),
)
"""Beginnings of the names of figures that are no shares: areas, errors and benefits."""


def part_name(attribute: str, value: str) -> str:
    """What a part of the data is called under its attribute."""
    if attribute == "fitzpatrick_skin_type":
        return _ROMAN.get(value, value)
    return value.replace("-", "–") if attribute == "age" else value


def percent(value: float | None) -> str:
    """A share, as ``93.1 %``."""
    return "–" if value is None else f"{100 * value:.1f} %"


def is_share(name: str) -> bool:
    """Shares read best as percentages; areas and errors are written as numbers."""
    return not name.rpartition("/")[2].startswith(_NUMBERS)


def value_text(value: Interval, name: str) -> str:
    """The figure ``name``, without its interval."""
    return percent(value.value) if value.value is None or is_share(name) else f"{value.value:.3f}"


def range_text(value: Interval, name: str) -> str:
    """The interval of the figure ``name``."""
    if value.low is None or value.high is None:
        return "no interval"
    if is_share(name):
        return f"{100 * value.low:.1f} to {100 * value.high:.1f}"
    return f"{value.low:.3f} to {value.high:.3f}"
