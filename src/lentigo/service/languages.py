"""Which language to answer in: RFC 9110's Accept-Language, after what the request itself asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from lentigo.taxonomy.model import DEFAULT_LOCALE, find_locale


def choose_locale(asked: str | None, accept_language: str | None, known: Collection[str]) -> str:
    """A language that has texts: the one that was asked for, else the first fitting one of the header, else English.

    Args:
        asked: A tag such as ``de-CH`` from the request itself; goes before the header if there are texts for it.
        accept_language: The header, with quality values, such as ``fr-CH, de;q=0.8, *;q=0.5``.
        known: Locales that have texts.
    """
    for tag in (*([asked] if asked else []), *_by_preference(accept_language or "")):
        found = find_locale(tag, known)
        if found:
            return found
    return DEFAULT_LOCALE


def _by_preference(header: str) -> list[str]:
    """The header's tags, the most wanted first; those of equal quality as they stand. What is malformed is left out."""
    return [tag for tag, quality in sorted(_parsed(header), key=lambda one: -one[1]) if quality > 0]


def _parsed(header: str) -> Iterator[tuple[str, float]]:
    for part in header.split(","):
        tag, _, parameter = (piece.strip() for piece in part.partition(";"))
        name, _, value = parameter.partition("=")
        try:
            quality = float(value) if name.strip().lower() == "q" else 1.0
        except ValueError:
            continue
        if tag and tag != "*" and 0 <= quality <= 1:
            yield tag, quality
