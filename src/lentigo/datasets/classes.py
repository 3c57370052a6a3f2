"""The classes of a dataset: the taxonomy's where it knows the name, else a dataset's own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from lentigo.datasets.source import Grouping, Record, Source
from lentigo.errors import DatasetError, SourceError, UsageError
from lentigo.taxonomy import Diagnosis, load_taxonomy


def recognise(name: str) -> str | None:
    """The taxonomy's code for a class name: its code or its English name, whatever the case; None for another."""
    taxonomy = load_taxonomy()
    known = {_folded(code): code for code in taxonomy.diagnoses}
    known |= {_folded(taxonomy.diagnosis_text(code).name): code for code in taxonomy.diagnoses}
    return known.get(_folded(name))


def refuse_look_alikes(names: Iterable[str]) -> None:
    """Refuse two names that differ only by case, spaces or the like: they are one class, or a slip.

    Raises:
        SourceError: Names both.
    """
    first: dict[str, str] = {}
    for name in sorted(set(names)):
        other = first.setdefault(recognise(name) or _folded(name), name)
        if other != name:
            raise SourceError(
                f"The classes '{other}' and '{name}' look like one and the same.",
                "Put their images into one folder, or give them names that differ by more than case, spaces or dashes.",
            )


def grouping_of(source: Source, chosen: str | None) -> tuple[str, Grouping] | None:
    """The set of classes that was chosen by name, or a source's default; None for a source with one set only.

    Raises:
        UsageError: The source has no set of that name.
    """
    if chosen is not None and chosen not in source.groupings:
        known = f"Sets of classes: {', '.join(source.groupings)}." if source.groupings else "Leave --classes out."
        raise UsageError(f"The source '{source.name}' has no set of classes '{chosen}'.", known)
    name = chosen or next(iter(source.groupings), None)
    return None if name is None else (name, source.groupings[name])


def join(records: Iterable[Record], grouping: Grouping) -> list[Record]:
    """Records under the joined classes."""
    return [replace(one, diagnosis=grouping.joined.get(one.diagnosis, one.diagnosis)) for one in records]


def declare(present: Iterable[str], own: Sequence[Diagnosis], malignant: Sequence[str]) -> dict[str, Diagnosis]:
    """What is known of the classes that occur and that the taxonomy does not know, by code.

    Args:
        present: Codes of the classes that occur.
        own: What the source says of its own classes.
        malignant: Classes that the user declares dangerous: malignant and of the high tier, so that missing one counts.

    Raises:
        UsageError: A class is declared dangerous that does not occur, or that the taxonomy knows to be harmless.
    """
    codes, taxonomy = sorted(set(present)), load_taxonomy()
    said = {one.code: one for one in own}
    classes = {code: said.get(code, Diagnosis(code)) for code in codes if code not in taxonomy.diagnoses}
    for name in _split_names(malignant, codes):
        code = name if name in codes else recognise(name)
        if code is None or code not in codes:
            raise UsageError(f"There is no class '{name}' to be malignant.", f"Classes: {', '.join(codes)}.")
        if code in classes:
            classes[code] = Diagnosis(code, "malignant", "high")
        elif not taxonomy.diagnosis(code).dangerous:
            raise UsageError(
                f"'{name}' is the known diagnosis '{code}', which is {taxonomy.diagnosis(code).malignancy}.",
                "Give the class another name if it is something else.",
            )
    return classes


def joined_classes(sets: Iterable[Mapping[str, Diagnosis]]) -> dict[str, Diagnosis]:
    """The own classes of several datasets as one.

    Raises:
        DatasetError: Two of them say different things of one class.
    """
    joined: dict[str, Diagnosis] = {}
    for classes in sets:
        for code, one in classes.items():
            if joined.setdefault(code, one) != one:
                raise DatasetError(
                    f"One dataset calls the class '{code}' {joined[code].malignancy or 'of unknown danger'}, another "
                    f"{one.malignancy or 'of unknown danger'}.",
                    "Prepare them again with the same --malignant.",
                )
    return joined


def _split_names(values: Sequence[str], codes: Sequence[str]) -> list[str]:
    """Names from repeated, comma-separated values; a class whose own name holds a comma is taken whole."""
    names = [part for value in values for part in ([value] if value in codes else value.split(","))]
    return [name.strip() for name in names if name.strip()]


def _folded(name: str) -> str:
    """A name without what two spellings of it may differ by."""
    return re.sub(r"[\s_-]+", " ", unicodedata.normalize("NFKC", name)).strip().casefold()
