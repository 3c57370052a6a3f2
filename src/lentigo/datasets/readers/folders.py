"""Photos of your own, one folder for each class: ``CLASS/...`` or ``train|validation|test/CLASS/...``.

A class may be anything. One that is named like a diagnosis of the taxonomy (its code or its English name) becomes that
diagnosis, with its tier; of any other nothing is known but its name.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

from lentigo.datasets.classes import recognise, refuse_look_alikes
from lentigo.datasets.source import Reading, Record, Reject, Source
from lentigo.datasets.tree import Tree
from lentigo.errors import SourceError, SourceMissing

SPLIT_FOLDERS = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "test": "test",
    "testing": "test",
}
"""Names of folders that are splits, in any case."""

_LAYOUT = "Put the images into one folder for each class: CLASS/..., or train/CLASS/... and test/CLASS/..."


def read(folder: Path) -> Reading:
    """Read the classes, and the splits if there are any, from the names of the folders."""
    if not folder.is_dir():
        raise SourceMissing(f"There is no folder {folder}.", _LAYOUT)
    tree, reading = Tree(folder), Reading()
    classes = list(_classes(tree, folder, reading))
    refuse_look_alikes(_text(path.name) for _, path in classes)
    for split, path in classes:
        _read_class(tree, split, path, reading)
    reading.rejects += tree.rejects
    if not reading.records:
        raise SourceMissing(f"{folder} holds no images in folders.", _LAYOUT)
    reading.notes += _notes(reading, {_class_name(path) for _, path in classes})
    return reading


def _classes(tree: Tree, folder: Path, reading: Reading) -> Iterator[tuple[str | None, Path]]:
    """Each class folder with its split; images that lie outside of one are rejected."""
    folders, files = tree.entries(folder)
    splits = [path for path in folders if path.name.strip().lower() in SPLIT_FOLDERS]
    others = [path for path in folders if path not in splits]
    if splits and others:
        raise SourceError(
            f"{folder} holds a split ('{splits[0].name}') beside another folder ('{others[0].name}').",
            "Keep only the splits there, or only the classes.",
        )
    _reject_classless(tree, files, reading)
    if not splits:
        _refuse_wrapping(folders)
        yield from ((None, path) for path in folders)
    for path in splits:
        inner, loose = tree.entries(path)
        _reject_classless(tree, loose, reading)
        yield from ((SPLIT_FOLDERS[path.name.strip().lower()], one) for one in inner)


def _refuse_wrapping(folders: list[Path]) -> None:
    """One folder that only wraps the splits is no class."""
    inner = [path.name for path in folders[0].iterdir() if path.is_dir()] if len(folders) == 1 else []
    if any(name.strip().lower() in SPLIT_FOLDERS for name in inner):
        raise SourceError(f"{folders[0].parent} only wraps the folder with the splits.", f"Give {folders[0]} instead.")


def _reject_classless(tree: Tree, files: list[Path], reading: Reading) -> None:
    for path in files:
        if tree.is_image(path):
            name = tree.name(path)
            reading.rejects.append(Reject(name, "no_class", f"{name} lies in no class's folder."))


def _read_class(tree: Tree, split: str | None, folder: Path, reading: Reading) -> None:
    name = _class_name(folder)
    records = [
        Record(path, recognise(name) or name, name=tree.name(path), given_split=split) for path in tree.images(folder)
    ]
    reading.records += records
    if not records:
        reading.rejects.append(
            Reject(tree.name(folder), "empty_class", f"The folder of the class '{name}' holds no image.")
        )


def _class_name(folder: Path) -> str:
    """A folder's name without spaces around it, its accents in one form."""
    return unicodedata.normalize("NFC", _text(folder.name)).strip()


def _text(name: str) -> str:
    """A name as text that can be written anywhere, also if its bytes are no UTF-8."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _notes(reading: Reading, names: set[str]) -> list[str]:
    used = {record.diagnosis for record in reading.records}
    known = [f"'{name}' as {code}" for name in sorted(names) if (code := recognise(name)) in used]
    own = [f"'{name}'" for name in sorted(names) if recognise(name) is None and name in used]
    notes = [
        "Nothing is known of patients or lesions: photos of one are kept together only where they look alike.",
    ]
    if known:
        notes.append(f"Recognised as diagnoses of the taxonomy, with their tiers: {', '.join(known)}.")
    if own:
        notes.append(f"Classes of its own, which have a tier only where --malignant gives them one: {', '.join(own)}.")
    return notes


SOURCE = Source(name="folders", licence="as the photos' owner states", citation="", read=read)
