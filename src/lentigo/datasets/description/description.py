"""Describing a dataset: choose photos, look at each once, find troubles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from lentigo.datasets.dataset import Dataset
from lentigo.datasets.description import sampling
from lentigo.datasets.description.photo_troubles import find_photo_troubles
from lentigo.datasets.description.photos import Look, Seen, Unseen, look_at_all, to_table
from lentigo.datasets.description.troubles import Trouble, find_troubles, in_order
from lentigo.errors import DatasetError

SAMPLE_PX, SMALL_PX = 160, 72
TWINS_SHOWN = 6
TWINS_EACH = 4


@dataclass(frozen=True)
class DescribeOptions:
    """How a dataset is described: how many photos are measured at most, the seed of their choice, processes."""

    photos: int = 2000
    seed: int = 0
    workers: int | None = None


@dataclass(frozen=True)
class Description:
    """What was found.

    Attributes:
        dataset: Of what.
        photos: The measured photos, see :data:`~lentigo.datasets.description.photos.PHOTOS_SCHEMA`.
        unseen: Photos that are missing (looked for among all) or cannot be read (among those looked at).
        pictures: A ``data:`` URI for each photo that is shown.
        hundred: Photos of each diagnosis as if there were 100 in all.
        samples: Photos to show of each diagnosis.
        twins: Photos that look alike, to show.
        troubles: The most serious first.
    """

    dataset: Dataset
    photos: pl.DataFrame
    unseen: tuple[Unseen, ...]
    pictures: Mapping[str, str]
    hundred: Mapping[str, Sequence[str]]
    samples: Mapping[str, Sequence[str]]
    twins: tuple[tuple[str, ...], ...]
    troubles: tuple[Trouble, ...]


def describe(
    dataset: Dataset, options: DescribeOptions, on_total: Callable[[int], None], on_photo: Callable[[], None]
) -> Description:
    """Describe a dataset; its images are read, nothing is written.

    Args:
        dataset: Of what.
        options: How many photos to look at, and how.
        on_total: Told how many photos there are to look at.
        on_photo: Called after each.

    Raises:
        DatasetError: The manifest has no rows.
    """
    if dataset.manifest.is_empty():
        raise DatasetError(f"{dataset.path} has no images.", "Write it again with `lentigo prepare`.")
    missing = [row["image"] for row in dataset.manifest.iter_rows(named=True) if not dataset.image_path(row).is_file()]
    there = sampling.shuffled(dataset.manifest.filter(~pl.col("image").is_in(missing)), options.seed)
    hundred, samples = ({}, {}) if there.is_empty() else (sampling.hundred(there), sampling.samples(there))
    twins = _twins(dataset, set(there["image"]))
    wanted = {image: SMALL_PX for images in hundred.values() for image in images}
    wanted |= {image: SAMPLE_PX for images in [*samples.values(), *twins] for image in images}
    drawn = sampling.draw(there, options.photos)
    jobs = [Look(image, dataset.path / image, wanted.get(image, 0)) for image in dict.fromkeys([*drawn, *wanted])]
    on_total(len(jobs))
    seen: list[Seen] = []
    unseen = [Unseen(image, "image_missing", "There is no such file.") for image in missing]
    for result in look_at_all(jobs, options.workers):
        if isinstance(result, Seen):
            seen.append(result)
        else:
            unseen.append(result)
        on_photo()
    # What is looked at only to be shown was not drawn by chance, and is not counted.
    measured = set(drawn)
    photos = to_table([one for one in seen if one.image in measured], dataset.manifest)
    unseen.sort(key=lambda one: one.image)
    return Description(
        dataset,
        photos,
        tuple(unseen),
        {one.image: one.thumbnail for one in seen if one.thumbnail},
        hundred,
        samples,
        twins,
        tuple(in_order([*find_troubles(dataset.manifest, dataset.diagnoses), *find_photo_troubles(photos, unseen)])),
    )


def _twins(dataset: Dataset, there: set[str]) -> tuple[tuple[str, ...], ...]:
    """The first photos that look alike and are there."""
    found = [tuple(image for image in one.images if image in there) for one in dataset.record.duplicates]
    return tuple(images[:TWINS_EACH] for images in found if len(images) > 1)[:TWINS_SHOWN]
