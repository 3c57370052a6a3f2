"""What the shipped model tells people: outcome and next step of each test photo, and of things that are no skin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from tqdm import tqdm

from benchmarks.studies import RESAMPLES, cell
from lentigo import imaging
from lentigo.datasets import Dataset
from lentigo.inference import Predictor
from lentigo.metrics.discrimination import share
from lentigo.metrics.resampling import group_weights, to_interval

DANGEROUS_TIERS = ("high", "moderate")
DOCTOR = ("urgent_referral", "routine_referral", "see_doctor")
"""Next steps that send a person to a doctor."""


@dataclass(frozen=True)
class Told:
    """What was told about one photo; ``kind`` is its source or what it shows, ``group`` its patient or lesion."""

    kind: str
    group: str
    dangerous: bool
    outcome: str
    reasons: Sequence[str]
    step: str


def measure(lesions: Path, not_skin: Path, bundle: str = "lesions") -> str:
    """Two tables: outcomes by source, and how many are sent to a doctor."""
    predictor = Predictor.load(bundle, threads=2)
    told = _of_lesions(predictor, lesions)
    things = _of_things(predictor, not_skin)
    return f"{_outcome_table(told, things)}\n{_doctor_table(told)}\n{_reason_table(told, things)}"


def _of_lesions(predictor: Predictor, lesions: Path) -> list[Told]:
    dataset = Dataset.open(lesions)
    rows = dataset.manifest.filter(pl.col("split") == "test")
    dangerous = {one.code for one in predictor.card.diagnoses if one.tier in DANGEROUS_TIERS}
    names = [spec.name for spec in predictor.card.answers]
    return [
        _tell(
            predictor,
            dataset.image_path(row),
            {name: row[name] for name in names},
            (row["source"], row["group"], row["diagnosis"] in dangerous),
        )
        for row in tqdm(rows.iter_rows(named=True), total=rows.height, desc="Lesions", unit="photo")
    ]


def _of_things(predictor: Predictor, folder: Path) -> list[Told]:
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in imaging.EXTENSIONS)
    kind = "objects, animals, documents"
    return [_tell(predictor, path, {}, (kind, path.name, False)) for path in tqdm(paths, desc="Things", unit="photo")]


def _tell(
    predictor: Predictor, path: Path, answers: Mapping[str, float | str | bool | None], about: tuple[str, str, bool]
) -> Told:
    found = predictor.assess(imaging.read(path), answers)
    return Told(*about, found.outcome, found.reasons, found.next_step.code)


def _outcome_table(told: Sequence[Told], things: Sequence[Told]) -> str:
    outcomes = ("assessed", "inconclusive", "not_recognised", "rejected")
    parts = {kind: [one for one in told if one.kind == kind] for kind in sorted({one.kind for one in told})}
    lines = []
    for kind, part in {**parts, "all lesions": list(told), things[0].kind: list(things)}.items():
        shares = (_share(part, np.array([one.outcome == outcome for one in part])) for outcome in outcomes)
        lines.append(f"| {kind} | {len(part):,} | {' | '.join(shares)} |\n")
    return f"| photos | how many | {' | '.join(outcomes)} |\n|---|---|---|---|---|---|\n{''.join(lines)}"


def _doctor_table(told: Sequence[Told]) -> str:
    lines = []
    for name, dangerous in (("dangerous (malignant, premalignant)", True), ("harmless", False)):
        part = [one for one in told if one.dangerous is dangerous]
        sent = np.array([one.step in DOCTOR for one in part])
        again = np.array([one.step == "another_photo" for one in part])
        lines.append(f"| {name} | {len(part):,} | {_share(part, sent)} | {_share(part, again)} |\n")
    return "| lesions | how many | sent to a doctor | asked for another photo |\n|---|---|---|---|\n" + "".join(lines)


def _reason_table(told: Sequence[Told], things: Sequence[Told]) -> str:
    """A photo can have several reasons."""
    reasons = sorted({reason for one in (*told, *things) for reason in one.reasons})
    rows = (
        f"| `{reason}` | {_count(told, reason)} of {len(told):,} | {_count(things, reason)} of {len(things)} |\n"
        for reason in reasons
    )
    return "| reason for no estimate | lesions | other things |\n|---|---|---|\n" + "".join(rows)


def _count(told: Sequence[Told], reason: str) -> int:
    return sum(reason in one.reasons for one in told)


def _share(part: Sequence[Told], mask: np.ndarray) -> str:
    weights = group_weights(np.array([one.group for one in part]), RESAMPLES, seed=0)
    return cell(to_interval(share(weights, mask, np.ones(len(part), np.bool_))))
