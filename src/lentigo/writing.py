"""Writing files so that whoever reads them never meets half of one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path to write to; it takes ``path``'s place only when all is written, so ``path`` is never half a file."""
    part = path.with_name(path.name + ".part")
    yield part
    part.replace(path)


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that at any moment either the old or the new text is there."""
    with replacing(path) as part:
        part.write_text(text, encoding="utf-8")
