"""Write web/openapi.json, which the page's types are made from.

Usage: python scripts/openapi.py
"""

from __future__ import annotations

import json
from pathlib import Path

from lentigo.service import Settings, create_app

TARGET = Path(__file__).resolve().parent.parent / "web" / "openapi.json"

if __name__ == "__main__":
    document = create_app(Settings(), {}).openapi()
    TARGET.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"Wrote {TARGET}")
