"""What Lentigo knows about skin: diagnoses, risk tiers, body sites and the words for them.

Facts stand in TOML files beside this module, each with its source. A dataset may bring classes of its own:
:meth:`Taxonomy.with_classes` adds them without touching the files.
"""

from lentigo.taxonomy.model import (
    Diagnosis,
    DiagnosisText,
    Link,
    Malignancy,
    Site,
    Taxonomy,
    Tier,
    TierName,
    load_taxonomy,
)

__all__ = [
    "Diagnosis",
    "DiagnosisText",
    "Link",
    "Malignancy",
    "Site",
    "Taxonomy",
    "Tier",
    "TierName",
    "load_taxonomy",
]
