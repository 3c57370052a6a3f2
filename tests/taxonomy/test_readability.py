"""Everything that leads can be read at 12 years.

Texts are judged section by section: the formulas are made for passages, not for sentences of five words. The names of
diagnoses are left out, since they are what a doctor will say; where a summary uses one, it counts.
"""

from __future__ import annotations

import pytest

from lentigo.taxonomy import load_taxonomy
from tests.taxonomy.reading import FORMULAS, Counts, syllables

TEXTS = load_taxonomy().texts

HARD = {
    "en": "Immediate dermatological consultation is recommended whenever morphological characteristics of a pigmented "
    "lesion demonstrate progressive alteration.",
    "de": "Bei fortschreitender Veränderung morphologischer Eigenschaften pigmentierter Hautveränderungen wird eine "
    "unverzügliche dermatologische Vorstellung empfohlen.",
    "fr": "Une consultation dermatologique immédiate est recommandée lorsque les caractéristiques morphologiques de la "
    "lésion pigmentée présentent une modification évolutive significative.",
    "es": "Se recomienda una consulta dermatológica inmediata cuando las características morfológicas de la lesión "
    "pigmentada presenten modificaciones evolutivas significativas.",
    "it": "Si raccomanda una consultazione dermatologica immediata qualora le caratteristiche morfologiche della "
    "lesione pigmentata presentino modificazioni evolutive significative.",
    "nl": "Onmiddellijke dermatologische consultatie wordt aanbevolen wanneer morfologische eigenschappen van "
    "gepigmenteerde huidafwijkingen progressieve veranderingen vertonen.",
}

KNOWN = {
    "en": {"doctor": 2, "safe": 1, "table": 2, "changed": 1, "itches": 2, "melanoma": 4, "estimate": 3, "people": 2},
    "de": {"Arzt": 1, "aber": 2, "Hautarzt": 2, "neue": 2, "Melanom": 3, "Flecken": 2, "gehen": 2, "gefährlich": 3},
    "fr": {"tache": 1, "médecin": 3, "peau": 1, "nouvelle": 2, "risque": 1, "photo": 2, "vous": 1, "change": 1},
    "es": {"mancha": 2, "médico": 3, "piel": 1, "que": 1, "sangra": 2, "todavía": 4, "lunar": 2, "semanas": 3},
    "it": {"macchia": 2, "medico": 3, "pelle": 2, "può": 1, "qualcosa": 3, "nuova": 2, "rischio": 2, "settimane": 4},
    "nl": {"huid": 1, "dokter": 2, "plek": 1, "foto": 2, "melanoom": 3, "groeit": 1, "bloedt": 1, "antwoord": 2},
}


def passages(locale: str) -> dict[str, str]:
    texts = TEXTS[locale]
    steps = [one for step in texts["next_steps"].values() for one in step.values()]
    return {
        "next steps": " ".join(one if one[-1] in ".?!" else f"{one}." for one in steps).format(weeks=12),
        "because": " ".join(texts["because"].values()),
        "reasons": " ".join(texts["reasons"].values()),
        "disclaimer": texts["general"]["disclaimer"],
        "summaries": " ".join(one["summary"] for one in texts["diagnoses"].values()),
    }


def test_every_language_has_a_formula() -> None:
    assert set(FORMULAS) == set(TEXTS) == set(HARD) == set(KNOWN)


@pytest.mark.parametrize("locale", TEXTS)
@pytest.mark.parametrize("section", passages("en"))
def test_a_reader_of_twelve_can_read_it(locale: str, section: str) -> None:
    formula = FORMULAS[locale]
    score = formula.score(Counts.of(passages(locale)[section], locale))
    assert formula.passes(score), f"{score:.1f}, and the line is {formula.line}. {formula.source}"


@pytest.mark.parametrize("locale", TEXTS)
def test_what_doctors_write_to_each_other_would_fail(locale: str) -> None:
    formula = FORMULAS[locale]
    assert not formula.passes(formula.score(Counts.of(HARD[locale], locale)))


@pytest.mark.parametrize("locale", TEXTS)
def test_syllables_are_counted_as_they_are_spoken(locale: str) -> None:
    assert {word: syllables(word, locale) for word in KNOWN[locale]} == KNOWN[locale]
