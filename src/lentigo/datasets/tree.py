"""The files below a folder that people filled: links that go round in circles, hidden files, what cannot be opened."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from lentigo.datasets.source import Reject
from lentigo.imaging import EXTENSIONS

LITTER = frozenset({"thumbs.db", "desktop.ini", "__macosx", "ehthumbs.db"})
"""What operating systems leave in folders; such files, and hidden ones, are passed over without a word."""


def find_images(folder: Path) -> tuple[dict[str, list[Path]], list[Reject]]:
    """Images anywhere below a folder, by name without ending; and links that lead in circles or nowhere."""
    tree = Tree(folder)
    found: dict[str, list[Path]] = {}
    for path in tree.images(folder):
        found.setdefault(path.stem, []).append(path)
    return found, [one for one in tree.rejects if one.reason != "not_an_image"]


class Tree:
    """The images below a root.

    A link to a place inside the root, or to one that holds the root, is not followed: what lies there is read at its
    own place. Every folder is entered once. What is passed over stands in ``rejects``.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.rejects: list[Reject] = []
        self._real_root = root.resolve()
        self._entered: set[Path] = {self._real_root}

    def entries(self, folder: Path) -> tuple[list[Path], list[Path]]:
        """The folders and the other files directly in a folder, sorted, without litter and without circles."""
        try:
            found = sorted(folder.iterdir())
        except OSError as error:
            self._reject(folder, "unreadable", f"cannot be opened ({error.strerror}).")
            return [], []
        kept = [path for path in found if not path.name.startswith(".") and path.name.lower() not in LITTER]
        folders = [path for path in kept if path.is_dir()]
        return [path for path in folders if self._enters(path)], [path for path in kept if path not in set(folders)]

    def images(self, folder: Path) -> Iterator[Path]:
        """The images in a folder and everywhere below it; whatever else lies there is rejected by name."""
        folders, files = self.entries(folder)
        for path in files:
            if self.is_image(path):
                yield path
        for inner in folders:
            yield from self.images(inner)

    def is_image(self, path: Path) -> bool:
        """Whether a file is one, by its ending; another is rejected by name."""
        if not path.is_file():
            self._reject(path, "unreadable", "leads nowhere." if path.is_symlink() else "is no ordinary file.")
            return False
        if path.suffix.lower() not in EXTENSIONS:
            self._reject(path, "not_an_image", "does not end like an image.")
            return False
        return True

    def name(self, path: Path) -> str:
        """A path below the root as text that can be written anywhere, also if its bytes are no UTF-8."""
        return os.fsencode(path.relative_to(self.root).as_posix()).decode("utf-8", "replace")

    def _enters(self, folder: Path) -> bool:
        real = folder.resolve()
        inside = folder.is_symlink() and (real.is_relative_to(self._real_root) or self._real_root.is_relative_to(real))
        if inside or real in self._entered:
            self._reject(folder, "link_not_followed", "is a link to a folder that is read at its own place.")
            return False
        self._entered.add(real)
        return True

    def _reject(self, path: Path, reason: str, what: str) -> None:
        name = self.name(path)
        self.rejects.append(Reject(name, reason, f"{name} {what}"))
