"""One file per source. To add one, see ``docs/how-to/add-a-reader.md``.

Other packages add theirs under the entry-point group ``lentigo.sources``; one is imported only when it is asked for.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

from lentigo.datasets.readers import folders, ham10000, isic2017, pad_ufes_20, skincare
from lentigo.datasets.source import Source
from lentigo.errors import SourceError, UsageError

READERS: dict[str, Source] = {
    source.name: source
    for source in (ham10000.SOURCE, isic2017.SOURCE, pad_ufes_20.SOURCE, skincare.SOURCE, folders.SOURCE)
}
"""The sources that ship, by the name that ``lentigo prepare`` takes."""

ENTRY_POINTS = "lentigo.sources"
"""Entry-point group of sources in other packages: the name of the source -> a :class:`Source`."""


def source_names() -> list[str]:
    """Names of all sources, those that ship first."""
    return [*READERS, *sorted(set(_installed()) - set(READERS))]


def find_source(name: str) -> Source:
    """The source of a name; one that ships goes before another package's.

    Raises:
        UsageError: There is none.
        SourceError: It is another package's, and cannot be used.
    """
    if name in READERS:
        return READERS[name]
    installed = _installed().get(name)
    if installed is None:
        raise UsageError(f"There is no source '{name}'.", f"Sources: {', '.join(source_names())}.")
    try:
        source = installed.load()
    except Exception as error:  # another package's code may raise anything while it is imported
        raise SourceError(f"The source '{name}' ({installed.value}) cannot be loaded: {error}", _UPDATE) from error
    if not isinstance(source, Source):
        raise SourceError(f"The source '{name}' ({installed.value}) is no lentigo.datasets.source.Source.", _UPDATE)
    return source


def _installed() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=ENTRY_POINTS)}


_UPDATE = "Update or remove the package that brings it."

__all__ = ["ENTRY_POINTS", "READERS", "find_source", "source_names"]
