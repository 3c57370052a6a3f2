"""How numbers and lists are written in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from lentigo.taxonomy import load_taxonomy

LISTED = 5
"""So many names are listed; the others are counted."""


def percent(share: float) -> str:
    """A share in whole percent; what is not quite nothing or not quite all says so."""
    if 0 < share < 0.01:
        return "under 1\N{NO-BREAK SPACE}%"
    if 0.99 < share < 1:
        return "over 99\N{NO-BREAK SPACE}%"
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def count(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: ``1 photo``, ``2,000 photos``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listing(names: Sequence[str], shown: int = LISTED) -> str:
    """Names in a sentence: ``A``, ``A and B``, ``A, B and 7 more``."""
    if len(names) > shown + 1:
        names = [*names[:shown], f"{len(names) - shown:,} more"]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def name_of(diagnosis: str) -> str:
    """The name of a diagnosis; of a dataset's own class, its code made readable."""
    return load_taxonomy().diagnosis_text(diagnosis).name
