"""Which language an answer is in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lentigo.service.languages import choose_locale

KNOWN = ("de", "en", "es", "fr", "it", "nl")


@pytest.mark.parametrize(
    ("asked", "header", "locale"),
    [
        (None, None, "en"),
        (None, "", "en"),
        (None, "de", "de"),
        (None, "de-CH", "de"),
        (None, "DE-Latn-CH", "de"),
        (None, "pl, fr;q=0.8, de;q=0.9", "de"),
        (None, "en;q=0.3, fr;q=0.7", "fr"),
        (None, "it, nl", "it"),
        (None, "pl", "en"),
        (None, "*", "en"),
        (None, "fr;q=0, es;q=0.1", "es"),
        (None, "fr;q=x, nl;q=0.2", "nl"),
        (None, "fr;q=7, nl;q=0.2", "nl"),
        (None, ";;,,=", "en"),
        ("fr", "de", "fr"),
        ("fr_CA", None, "fr"),
        ("xx", "de", "de"),
        ("xx", None, "en"),
    ],
)
def test_the_most_wanted_language_that_has_texts(asked: str | None, header: str | None, locale: str) -> None:
    assert choose_locale(asked, header, KNOWN) == locale


@given(st.text(), st.text())
def test_whatever_is_sent_is_answered_in_a_known_language(asked: str, header: str) -> None:
    assert choose_locale(asked, header, KNOWN) in KNOWN
