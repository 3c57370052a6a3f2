"""The taxonomy's texts and tables as one JSON document, for a client that answers by itself."""

from __future__ import annotations

import json
from dataclasses import asdict

from lentigo.taxonomy.model import Taxonomy
from lentigo.taxonomy.steps import StepTable

TAXONOMY_FILE = "taxonomy.json"


def taxonomy_document(taxonomy: Taxonomy, steps: StepTable) -> bytes:
    """UTF-8 JSON: ``texts`` by locale as in ``texts/*.toml``, and ``steps`` as in ``next_steps.toml``, in their order.

    The same bytes for the same taxonomy, so that their hash tells whether anything changed.
    """
    texts = {locale: taxonomy.texts[locale] for locale in taxonomy.locales}
    return json.dumps({"texts": texts, "steps": asdict(steps)}, ensure_ascii=False, separators=(",", ":")).encode()
