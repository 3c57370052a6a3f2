"""What Lentigo knows about skin: diagnoses, risk tiers, body sites and the words for them.

Facts stand in TOML files beside this module, each with its source. A dataset may bring classes of its own:
:meth:`Taxonomy.with_classes` adds them without touching the files.
"""

from lentigo.taxonomy.document import TAXONOMY_FILE, taxonomy_document
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
from lentigo.taxonomy.steps import Citation, Sign, StepRow, StepTable, load_step_table

__all__ = [
    "TAXONOMY_FILE",
    "Citation",
    "Diagnosis",
    "DiagnosisText",
    "Link",
    "Malignancy",
    "Sign",
    "Site",
    "StepRow",
    "StepTable",
    "Taxonomy",
    "Tier",
    "TierName",
    "load_step_table",
    "load_taxonomy",
    "taxonomy_document",
]
