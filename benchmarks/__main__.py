"""`make bench`: measures what the README states and writes benchmarks/results.md.

Usage: python -m benchmarks [prepare] [loader] [quality] [service] [browser]

These machines are noisy: everything that is compared is measured in one run, by turns; figures are medians and ratios.
"""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks import browser, loader, prepare, quality_time, service

RESULTS = Path(__file__).with_name("results.md")
PARTS: dict[str, Callable[[], str]] = {
    "prepare": prepare.measure,
    "loader": loader.measure,
    "quality": quality_time.measure,
    "service": service.measure,
    "browser": browser.measure,
}


def main(wanted: list[str]) -> None:
    """Run the benchmarks, print each, and write them when all were run."""
    unknown = set(wanted) - set(PARTS)
    if unknown:
        sys.exit(f"There is no benchmark {', '.join(sorted(unknown))}. There are: {', '.join(PARTS)}.")
    sections = []
    for name in wanted or PARTS:
        print(f"Measuring {name}...", flush=True)
        sections.append(PARTS[name]())
        print(sections[-1], flush=True)
    if not wanted:
        when = datetime.datetime.now(datetime.UTC).date().isoformat()
        title = f"# Benchmarks\n\nMeasured by `make bench` on {when}, on {os.cpu_count()} cores.\n"
        RESULTS.write_text("\n".join([title, *sections]), encoding="utf-8")
        print(f"Wrote {RESULTS}")


if __name__ == "__main__":
    main(sys.argv[1:])
