"""What a client's data lacks, said before anything is trained: on the client's own screen and on the server's."""

from __future__ import annotations

from collections import Counter

import polars as pl

from lentigo.card import CardDiagnosis, Frozen, TrainingSource
from lentigo.datasets import Dataset
from lentigo.federated.plan import Plan
from lentigo.training.calibration import VALIDATION
from lentigo.training.trainer import known_skin_types, training_sources

FEWEST_PHOTOS = 8
"""To learn from; fewer give a step of noise each."""


class Preflight(Frozen):
    """What a client brings.

    Attributes:
        name: Of the client.
        problems: Why it cannot take part; empty when it can.
        warnings: What it takes part without.
        photos: Number by split.
        diagnoses: Number of training photos by diagnosis.
        sources: For the model's card: names, licences and numbers of the training photos.
        skin_types: Training photos of each Fitzpatrick skin type.
    """

    name: str
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    photos: dict[str, int]
    diagnoses: dict[str, int]
    sources: tuple[TrainingSource, ...]
    skin_types: dict[str, int]

    @property
    def summary(self) -> str:
        """One line for people."""
        counts = ", ".join(f"{count:,} {split}" for split, count in self.photos.items())
        return f"{self.name}: {counts or 'no photos'}; {len(self.diagnoses)} diagnoses to learn from"


def check_data(name: str, dataset: Dataset, plan: Plan) -> Preflight:
    """Compare a client's data with what the federation learns."""
    manifest = dataset.manifest
    learned = manifest.filter(pl.col("split") == "train")
    photos = Counter(manifest["split"].to_list())
    return Preflight(
        name=name,
        problems=tuple(_problems(dataset, learned, plan)),
        warnings=tuple(_warnings(learned, photos, plan)),
        photos=dict(sorted(photos.items())),
        diagnoses=dict(sorted(Counter(learned["diagnosis"].to_list()).items())),
        sources=training_sources(dataset),
        skin_types=known_skin_types(dataset),
    )


def _problems(dataset: Dataset, learned: pl.DataFrame, plan: Plan) -> list[str]:
    problems = []
    known = {one.code: one for one in plan.diagnoses}
    counts = Counter(dataset.manifest["diagnosis"].to_list())
    if unknown := sorted(counts.keys() - known.keys()):
        named = ", ".join(f"{code} ({counts[code]} photos)" for code in unknown)
        problems.append(
            f"The federation does not learn {named}; it learns {', '.join(known)}. Leave these photos out, or prepare "
            "with the federation's classes."
        )
    for own in dataset.diagnoses:
        said = CardDiagnosis(code=own.code, malignancy=own.malignancy, tier=own.tier)
        if own.code in known and known[own.code] != said:
            problems.append(
                f"{own.code} is {own.malignancy or 'of unknown danger'} (tier {own.tier}) here, but "
                f"{known[own.code].malignancy or 'of unknown danger'} (tier {known[own.code].tier}) in the federation. "
                "Prepare with the same taxonomy and the same --malignant."
            )
    if learned.height < FEWEST_PHOTOS:
        problems.append(f"There are {learned.height} photos to learn from; {FEWEST_PHOTOS} are the fewest.")
    missing = [name for name in dataset.manifest["image"] if not (dataset.path / name).is_file()]
    if missing:
        problems.append(
            f"{len(missing)} of {dataset.manifest.height} image files are not there, the first is {missing[0]}. "
            "Prepare the dataset again, or copy its images/ folder too."
        )
    return problems


def _warnings(learned: pl.DataFrame, photos: Counter[str], plan: Plan) -> list[str]:
    warnings = []
    present = set(learned["diagnosis"])
    dangerous = {one.code for one in plan.diagnoses if one.tier in ("high", "moderate")}
    if dangerous and not present & dangerous:
        warnings.append("None of the photos to learn from shows a dangerous lesion; the model learns those elsewhere.")
    if len(present) == 1:
        warnings.append(f"All photos to learn from show {min(present)}: alone they teach no difference.")
    if not photos[VALIDATION]:
        warnings.append("There are no validation photos: the model is not judged here, nor calibrated on these people.")
    return warnings


def unusable(name: str, reason: str) -> Preflight:
    """Of a client that cannot even open its data, or does not understand the plan."""
    return Preflight(name=name, problems=(reason,), warnings=(), photos={}, diagnoses={}, sources=(), skin_types={})
