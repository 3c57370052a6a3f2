"""Words of reports: what parts of the data are called, and how figures are written."""

from __future__ import annotations

from lentigo.card import Interval
from lentigo.taxonomy import load_taxonomy

ATTRIBUTE_NAMES = {
    "source": "Source",
    "image_type": "Kind of photo",
    "sex": "Sex",
    "age": "Age",
    "site": "Body site",
    "fitzpatrick_skin_type": "Fitzpatrick skin type",
}

FIGURE_NAMES = {
    "recall_dangerous": "Dangerous flagged",
    "specificity_dangerous": "Harmless in peace",
    "recall_high": "High tier shown as high",
    "specificity_high": "Not high, nor shown as high",
    "auroc_malignant": "AUROC, dangerous",
    "partial_auroc_malignant": "Partial AUROC, dangerous",
    "average_precision_malignant": "Average precision, dangerous",
    "net_benefit_malignant": "Net benefit, dangerous",
    "auroc_melanoma": "AUROC, melanoma",
    "partial_auroc_melanoma": "Partial AUROC, melanoma",
    "balanced_accuracy": "Balanced accuracy",
    "accuracy": "Accuracy",
    "top_3_accuracy": "Among the first three",
    "tier_accuracy": "Risk tier right",
    "ece": "Calibration error",
    "brier": "Brier score",
    "brier_malignant": "Brier score, dangerous",
    "aurc": "Risk-coverage area",
    "error_at_80_coverage": "Wrong when 80 % are answered",
    "answered": "Sure enough for an answer",
    "error_of_answered": "Wrong among those",
    "membership_auroc": "Membership inference, AUROC",
    "membership_advantage": "Membership inference, advantage",
    "membership_found": "Members found at 1 % false alarms",
}

_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V", "6": "VI"}
_NUMBERS = (
    *("auroc", "class_auroc", "partial_auroc", "average_precision", "class_average_precision"),
    *("ece", "brier", "aurc", "net_benefit", "membership_auroc", "membership_advantage"),
)
"""Beginnings of the names of figures that are no shares: areas, errors and benefits."""


def figure_name(name: str) -> str:
    """What a compared figure is called; ``flagged_mel`` is ``Melanoma flagged``."""
    if name.startswith("flagged_"):
        return f"{load_taxonomy().diagnosis_text(name.removeprefix('flagged_')).name} flagged"
    return FIGURE_NAMES[name]


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


def signed_text(value: float, name: str) -> str:
    """A difference between two values of the figure ``name``: shares in percentage points."""
    text = f"{100 * value:+.1f}" if is_share(name) else f"{value:+.3f}"
    return text[1:] if float(text) == 0 else text.replace("-", "−")
