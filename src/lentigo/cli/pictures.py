"""``lentigo predict --overlay``: one picture of each photo with its evidence map over it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lentigo.errors import StorageError
from lentigo.imaging import Photo
from lentigo.inference import Assessment
from lentigo.inference.overlay import save_picture
from lentigo.taxonomy import Taxonomy


class Pictures:
    """Writes pictures into a folder, named as the photos; of two photos of one name the second becomes ``name-2.png``.

    Raises:
        StorageError: The folder cannot be made.
    """

    def __init__(self, folder: Path, files: Sequence[Path], taxonomy: Taxonomy, locale: str) -> None:
        self.folder, self.taxonomy, self.locale = folder, taxonomy, locale
        self._targets = {file: folder / name for file, name in zip(files, picture_names(files), strict=True)}
        self._written: list[Path] = []
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritable(folder, error) from error

    @property
    def count(self) -> int:
        """How many were written."""
        return len(self._written)

    def write(self, spot: Sequence[Path], photos: Sequence[Photo], assessment: Assessment) -> None:
        """One picture of each photo that was used; none where there is no estimate to explain.

        Raises:
            StorageError: It cannot be written.
        """
        evidence = assessment.evidence
        for one in (evidence.map, *evidence.others) if evidence else ():
            target = self._targets[spot[one.photo]]
            name = self.taxonomy.diagnosis_text(one.code, self.locale).name
            try:
                save_picture(target, photos[one.photo].pixels, one, name)
            except OSError as error:
                raise _unwritable(target, error) from error
            self._written.append(target)


def picture_names(files: Sequence[Path]) -> list[str]:
    """A name for each photo's picture, all different, also where case does not count."""
    names: dict[str, str] = {}
    for file in files:
        name, number = f"{file.stem}.png", 1
        while name.lower() in names:
            number += 1
            name = f"{file.stem}-{number}.png"
        names[name.lower()] = name
    return list(names.values())


def _unwritable(path: Path, error: OSError) -> StorageError:
    return StorageError(f"{path} cannot be written: {error.strerror or error}.", "Name another folder by --overlay.")
