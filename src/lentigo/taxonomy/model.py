"""The taxonomy's types, and how they are read from the TOML files beside this module."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from lentigo.errors import DatasetError

TierName = Literal["high", "moderate", "low"]
Malignancy = Literal["malignant", "premalignant", "benign"]

TIERS: tuple[TierName, ...] = get_args(TierName)
"""Tier names from most to least urgent."""

DEFAULT_LOCALE = "en"


@dataclass(frozen=True)
class Diagnosis:
    """One diagnosis.

    A class that a dataset brings itself has neither malignancy nor tier unless the dataset states them.
    """

    code: str
    malignancy: Malignancy | None = None
    tier: TierName | None = None
    icd11: str | None = None

    @property
    def dangerous(self) -> bool:
        """Malignant or premalignant: what must not be missed."""
        return self.malignancy in ("malignant", "premalignant")


@dataclass(frozen=True)
class Tier:
    """A risk tier and the source of its referral pathway."""

    name: TierName
    referral: str
    source: str
    url: str


@dataclass(frozen=True)
class Site:
    """A body site; ``general`` is the ISIC archive's anatom_site_general."""

    code: str
    general: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """A page that a lay person can trust."""

    title: str
    url: str


@dataclass(frozen=True)
class DiagnosisText:
    """The words for one diagnosis in one language."""

    name: str
    summary: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Taxonomy:
    """Diagnoses, tiers, sites, and texts per locale.

    Build one with :func:`load_taxonomy`.
    """

    diagnoses: Mapping[str, Diagnosis]
    tiers: Mapping[TierName, Tier]
    sites: Mapping[str, Site]
    texts: Mapping[str, Mapping[str, Any]]

    @property
    def locales(self) -> tuple[str, ...]:
        """Locales that have texts."""
        return tuple(sorted(self.texts))

    def diagnosis(self, code: str) -> Diagnosis:
        """The diagnosis with this code; an unknown code is a class of a dataset's own."""
        return self.diagnoses.get(code, Diagnosis(code))

    def with_classes(self, classes: Iterable[Diagnosis]) -> Taxonomy:
        """A taxonomy that also knows a dataset's own classes.

        Raises:
            DatasetError: A class redefines a known code with another tier or malignancy.
        """
        added: dict[str, Diagnosis] = {}
        for own in classes:
            known = self.diagnoses.get(own.code)
            if known is not None and (known.tier, known.malignancy) != (own.tier, own.malignancy):
                raise DatasetError(
                    f"The class '{own.code}' is a known diagnosis with tier '{known.tier}', not '{own.tier}'.",
                    "Give the class another name, or leave its tier out.",
                )
            added[own.code] = known or own
        return replace(self, diagnoses={**self.diagnoses, **added})

    def site(self, spelling: str | None) -> str | None:
        """The site code for a source's spelling; None when there is no such site."""
        if spelling is None:
            return None
        wanted = spelling.strip()
        for site in self.sites.values():
            if wanted.lower() == site.code or wanted in site.aliases:
                return site.code
        return None

    def diagnosis_text(self, code: str, locale: str = DEFAULT_LOCALE) -> DiagnosisText:
        """The words for a diagnosis; for a dataset's own class, its code made readable."""
        entry = self._texts(locale).get("diagnoses", {}).get(code)
        if entry is None:
            return DiagnosisText(code.replace("_", " "), "", ())
        links = tuple(Link(link["title"], link["url"]) for link in entry["links"])
        return DiagnosisText(entry["name"], entry["summary"], links)

    def text(self, section: str, key: str, locale: str = DEFAULT_LOCALE) -> str:
        """One text, for example ``text("reasons", "blurred")``.

        Raises:
            KeyError: No such text, in this language or in English.
        """
        value: str = self._texts(locale)[section][key]
        return value

    def section(self, section: str, key: str, locale: str = DEFAULT_LOCALE) -> dict[str, str]:
        """The texts under one key, for example ``section("next_steps", "watch")``.

        Raises:
            KeyError: No such texts.
        """
        return dict(self._texts(locale)[section][key])

    def _texts(self, locale: str) -> Mapping[str, Any]:
        """The best texts for a locale such as ``de-CH``: that one, its language, else English."""
        return self.texts[find_locale(locale, self.texts) or DEFAULT_LOCALE]


def find_locale(tag: str, known: Collection[str]) -> str | None:
    """The known locale for a tag such as ``de-Latn-CH``, shortened from its end until one fits (RFC 4647, 3.4)."""
    parts = tag.replace("_", "-").lower().split("-")
    shorter = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((one for one in shorter if one in known), None)


def read_toml(name: str) -> dict[str, Any]:
    """A file beside this module."""
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _in_one_line(value: Any) -> Any:
    """Texts are written over several lines in the files, and used as one."""
    if isinstance(value, dict):
        return {name: _in_one_line(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_in_one_line(inner) for inner in value]
    return " ".join(value.split()) if isinstance(value, str) else value


@cache
def load_taxonomy() -> Taxonomy:
    """The taxonomy that ships with Lentigo."""
    texts = {
        entry.name.removesuffix(".toml"): _in_one_line(tomllib.loads(entry.read_text(encoding="utf-8")))
        for entry in files(__package__).joinpath("texts").iterdir()
        if entry.name.endswith(".toml")
    }
    tiers = read_toml("tiers.toml")
    return Taxonomy(
        diagnoses={code: Diagnosis(code, **entry) for code, entry in read_toml("diagnoses.toml").items()},
        tiers={name: Tier(name, **tiers[name]) for name in TIERS},
        sites={
            code: Site(code, entry["general"], tuple(entry["aliases"]))
            for code, entry in read_toml("sites.toml").items()
        },
        texts=texts,
    )
