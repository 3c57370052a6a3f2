"""Sentences about evidence, in any language: the texts stand in the taxonomy under ``[evidence]``."""

from __future__ import annotations

from dataclasses import dataclass

from lentigo.taxonomy import Taxonomy

LITTLE = 0.05
"""Log-odds below which, after rounding to one digit, nothing would be left to tell."""


@dataclass(frozen=True)
class Sentences:
    """The sentences of one language."""

    taxonomy: Taxonomy
    locale: str

    def share(self, answer: str, value: str | float, code: str, evidence: float) -> str:
        """What an answer adds, for example "age 71: +0.8 towards basal-cell carcinoma".

        An answer, value or diagnosis that the taxonomy has no words for, as of a dataset's own, is told by its code.
        """
        kind = "neither" if abs(evidence) < LITTLE else "towards" if evidence > 0 else "away"
        return self._text(kind).format(
            answer=self._answer(answer, value), evidence=self._number(evidence), diagnosis=self._diagnosis(code)
        )

    def disagreement(self, diagnosis: bool, tier: bool) -> str:
        """Whether the photos of one spot say the same."""
        return self._text("photos_differ_in_risk" if tier else "photos_differ" if diagnosis else "photos_agree")

    def _text(self, key: str) -> str:
        return self.taxonomy.text("evidence", key, self.locale)

    def _answer(self, answer: str, value: str | float) -> str:
        words = self.taxonomy.section("evidence", "answers", self.locale)
        if f"{answer}_{value}" in words:
            return words[f"{answer}_{value}"]
        values = self.taxonomy.section("answers", "choices", self.locale)
        said = values.get(value, value) if isinstance(value, str) else f"{value:g}".replace(".", self._text("decimal"))
        return words.get(answer, "{answer} {value}").format(answer=answer, value=said)

    def _number(self, evidence: float) -> str:
        sign = "+" if evidence > 0 else "\N{MINUS SIGN}"
        return f"{sign}{abs(evidence):.1f}".replace(".", self._text("decimal"))

    def _diagnosis(self, code: str) -> str:
        names = self.taxonomy.section("evidence", "diagnoses", self.locale)
        return names.get(code) or self.taxonomy.diagnosis_text(code, self.locale).name
