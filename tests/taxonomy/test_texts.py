"""No language lacks a text, and none is left in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from lentigo.answers import HISTORY, SEXES, YES_NO
from lentigo.inference.assessment import NextStepCode, Reason
from lentigo.taxonomy import load_step_table, load_taxonomy

TAXONOMY = load_taxonomy()
ENGLISH = TAXONOMY.texts["en"]
OTHERS = [locale for locale in TAXONOMY.locales if locale != "en"]

ALIKE = {
    "de": {"Arm", "Hand"},
    "es": {"Melanoma", "Dermatofibroma", "no"},
    "fr": set[str](),
    "it": {"Melanoma", "Dermatofibroma", "no"},
    "nl": {"arm", "hand"},
}
"""Words that are the same as in English because the language says so (in German, up to the capital)."""


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text with its place; links are looked at by themselves, a language may have others."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name != "links":
                yield from leaves(inner, f"{path}.{name}")
    else:
        yield path, value


def test_there_are_six_languages() -> None:
    assert TAXONOMY.locales == ("de", "en", "es", "fr", "it", "nl")


@pytest.mark.parametrize("locale", OTHERS)
def test_a_language_has_exactly_the_texts_that_english_has(locale: str) -> None:
    assert [path for path, _ in leaves(TAXONOMY.texts[locale])] == [path for path, _ in leaves(ENGLISH)]


@pytest.mark.parametrize("locale", TAXONOMY.locales)
def test_no_text_is_empty(locale: str) -> None:
    assert all(isinstance(text, str) and text.strip() for _, text in leaves(TAXONOMY.texts[locale]))


@pytest.mark.parametrize("locale", OTHERS)
def test_placeholders_are_those_of_the_english_text(locale: str) -> None:
    english = dict(leaves(ENGLISH))
    for path, text in leaves(TAXONOMY.texts[locale]):
        assert re.findall(r"{\w*}", text) == re.findall(r"{\w*}", english[path]), path


@pytest.mark.parametrize("locale", OTHERS)
def test_no_text_is_left_in_english(locale: str) -> None:
    english = dict(leaves(ENGLISH))
    same = {text for path, text in leaves(TAXONOMY.texts[locale]) if text.lower() == english[path].lower()}
    assert same == ALIKE[locale]


@pytest.mark.parametrize("locale", TAXONOMY.locales)
def test_links_are_secure_and_say_when_they_are_in_english(locale: str) -> None:
    in_english = {"de": "(auf Englisch)", "es": "(en inglés)", "fr": "(en anglais)", "it": "(in inglese)"}
    in_english["nl"] = "(in het Engels)"
    for code in TAXONOMY.diagnoses:
        links = TAXONOMY.diagnosis_text(code, locale).links
        assert links
        for link in links:
            assert link.url.startswith("https://")
            if re.search(r"nhs\.uk|dermnetnz\.org|aad\.org", link.url) and locale != "en":
                assert link.title.endswith(in_english[locale])


@pytest.mark.parametrize("locale", TAXONOMY.locales)
def test_every_code_that_an_answer_can_hold_has_a_text(locale: str) -> None:
    texts = TAXONOMY.texts[locale]
    assert set(get_args(Reason)) <= set(texts["reasons"])
    assert {"glare", "too_far", "cut_off", "obstructed"} <= set(texts["reasons"])
    assert set(get_args(NextStepCode)) == set(texts["next_steps"])
    assert all(set(step) == {"title", "text"} for step in texts["next_steps"].values())
    assert set(TAXONOMY.tiers) == set(texts["tiers"])
    assert set(TAXONOMY.diagnoses) == set(texts["diagnoses"])
    table = load_step_table()
    named = {key for row in table.rows for key in row.because} - {"signs"} | set(table.signs)
    assert named == set(texts["because"])
    assert {"age", "sex", "site", *HISTORY} == set(texts["answers"]["questions"])
    assert {*YES_NO, *SEXES, *TAXONOMY.sites} == set(texts["answers"]["choices"])


@pytest.mark.parametrize("locale", TAXONOMY.locales)
def test_a_reason_says_what_is_wrong_and_what_to_do(locale: str) -> None:
    for text in TAXONOMY.texts[locale]["reasons"].values():
        assert len(re.findall(r"[.?!:](?:\s|$)", text)) >= 2, text
