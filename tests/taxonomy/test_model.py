"""The taxonomy's facts hang together."""

from __future__ import annotations

import pytest

from lentigo.errors import DatasetError
from lentigo.taxonomy import Diagnosis, load_taxonomy
from lentigo.taxonomy.model import TIERS

TAXONOMY = load_taxonomy()


def test_every_diagnosis_has_a_tier_texts_and_links() -> None:
    assert len(TAXONOMY.diagnoses) == 8
    for code, diagnosis in TAXONOMY.diagnoses.items():
        assert diagnosis.tier in TIERS
        assert diagnosis.dangerous == (diagnosis.tier != "low")
        for locale in TAXONOMY.locales:
            text = TAXONOMY.diagnosis_text(code, locale)
            assert text.summary
            assert text.links
            assert all(link.url.startswith("https://") for link in text.links)


def test_every_tier_cites_its_source() -> None:
    for tier in TAXONOMY.tiers.values():
        assert "NG12" in tier.source
        assert tier.url.startswith("https://www.nice.org.uk/")


def test_an_unknown_locale_speaks_english() -> None:
    assert TAXONOMY.diagnosis_text("mel", "xx-YY").name == "Melanoma"


@pytest.mark.parametrize(
    ("spelling", "site"), [("NOSE", "face"), ("back", "back"), ("Back", "back"), ("THIGH", "lower extremity")]
)
def test_sites_of_the_sources_are_known(spelling: str, site: str) -> None:
    assert TAXONOMY.site(spelling) == site
    assert TAXONOMY.site("unknown") is None


def test_a_dataset_may_bring_classes_of_its_own() -> None:
    own = TAXONOMY.with_classes([Diagnosis("cat"), Diagnosis("mel", "malignant", "high")])
    assert own.diagnosis("cat").tier is None
    assert own.diagnosis_text("cat").name == "cat"
    with pytest.raises(DatasetError, match="mel"):
        TAXONOMY.with_classes([Diagnosis("mel", "benign", "low")])
