"""What the shipped model takes for skin, and what it takes for something that it knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import polars as pl
import torch
from tqdm import tqdm

from benchmarks.left_out import Scored, score_left_out, train_without
from benchmarks.studies import cell
from lentigo import imaging
from lentigo.card import Interval
from lentigo.datasets import Dataset
from lentigo.imaging import Photo, Pixels
from lentigo.inference import Predictor, RawOutput
from lentigo.metrics.curves import auroc
from lentigo.metrics.discrimination import share
from lentigo.metrics.resampling import group_weights, to_interval
from lentigo.training.tones import TONES, with_tones

RESAMPLES = 1000
TONED = 300
"""Test photos that are looked at in every skin tone."""
OTHERS = 500
"""Photos of another camera that are looked at."""

Outputs = Sequence[RawOutput]


def measure(
    lesions: Path, other_camera: Path, not_skin: Path, work: Path, weights: Path, bundle: str = "lesions"
) -> str:
    """Four tables: is it skin, by source and skin type; in every tone; does it know it; what is left out."""
    predictor = Predictor.load(bundle, threads=2)
    test = Dataset.open(lesions).manifest.filter(pl.col("split") == "test")
    known = _outputs(predictor, (lesions / name for name in test["image"]), test.height)
    files = sorted(path for path in not_skin.rglob("*") if path.suffix.lower() in imaging.EXTENSIONS)
    objects = _outputs(predictor, files, len(files))
    return "\n".join(
        (
            _skin_table(predictor, test, known, objects),
            _tone_table(predictor, lesions, test, objects),
            _novelty_table(predictor, test, known, objects, other_camera),
            _left_out_table(sorted(set(test["diagnosis"])), lesions, work, weights),
        )
    )


def _outputs(predictor: Predictor, paths: Iterable[Path], count: int) -> Outputs:
    photos = (imaging.read(path) for path in paths)
    return [predictor.raw(photo) for photo in tqdm(photos, total=count, desc="Scoring", unit="photo")]


def _skin_table(predictor: Predictor, test: pl.DataFrame, known: Outputs, objects: Outputs) -> str:
    parts = {
        **{source: test["source"] == source for source in sorted(set(test["source"]))},
        **{f"skin type {kind} (Fitzpatrick)": test["fitzpatrick_skin_type"] == kind for kind in range(1, 7)},
        "all": pl.repeat(value=True, n=test.height, eager=True),
    }
    lines = []
    for name, mask in parts.items():
        places = np.flatnonzero(mask.fill_null(value=False).to_numpy())
        if not len(places):
            lines.append(f"| {name} | 0 | – | – |\n")
            continue
        scores = np.array([one.no_skin for one in known])[places]
        groups = test["group"].to_numpy()[places]
        found = _apart(scores, groups, objects)
        lines.append(f"| {name} | {len(places):,} | {cell(found)} | {_share_above(predictor, scores, groups)} |\n")
    caught = np.array([one.no_skin for one in objects])
    lines.append(
        f"| objects, animals, documents | {len(objects)} | | "
        f"{_share_above(predictor, caught, np.arange(len(caught)).astype(str))} |\n"
    )
    return "| photos | how many | AUROC against objects | refused as no skin |\n|---|---|---|---|\n" + "".join(lines)


def _tone_table(predictor: Predictor, lesions: Path, test: pl.DataFrame, objects: Outputs) -> str:
    rows = test.sample(min(TONED, test.height), seed=0)
    scores = np.zeros((len(TONES), rows.height))
    for place, name in enumerate(tqdm(rows["image"], desc="Skin tones", unit="photo")):
        photo = imaging.read(lesions / name)
        for number in range(len(TONES)):
            scores[number, place] = predictor.raw(_toned(photo, number)).no_skin
    groups = rows["group"].to_numpy()
    lines = (
        f"| {tone.group} ({tone.ita:.0f}°) | {cell(_apart(some, groups, objects))} | "
        f"{_share_above(predictor, some, groups)} |\n"
        for tone, some in zip(TONES, scores, strict=True)
    )
    head = "| skin tone (typology angle) | AUROC against objects | refused as no skin |\n|---|---|---|\n"
    return f"{rows.height} test photos, each in every tone:\n\n{head}{''.join(lines)}"


def _toned(photo: Photo, tone: int) -> Photo:
    pixels = torch.from_numpy(photo.pixels.copy()).permute(2, 0, 1).float()[None]
    toned: Pixels = with_tones(pixels, torch.tensor([tone]))[0].permute(1, 2, 0).round().byte().numpy()
    return Photo(np.ascontiguousarray(toned), photo.width_px, photo.height_px, photo.format)


def _novelty_table(
    predictor: Predictor, test: pl.DataFrame, known: Outputs, objects: Outputs, other_camera: Path
) -> str:
    manifest = Dataset.open(other_camera).manifest
    rows = manifest.sample(min(OTHERS, manifest.height), seed=0)
    others = _outputs(predictor, (other_camera / name for name in rows["image"]), rows.height)
    familiar, groups = np.array([one.novelty for one in known]), test["group"].to_numpy()
    lines = []
    for name, outputs, whose in (
        ("objects, animals, documents", objects, np.arange(len(objects)).astype(str)),
        ("another camera and clinic (skincare)", others, rows["group"].to_numpy()),
    ):
        scores = np.array([one.novelty for one in outputs])
        found = _auroc(_told_apart(familiar, groups, scores, whose))
        lines.append(f"| {name} | {len(scores)} | {cell(found)} |\n")
    return "| unlike what was learned | photos | AUROC of novelty |\n|---|---|---|\n" + "".join(lines)


def _left_out_table(codes: Sequence[str], lesions: Path, work: Path, weights: Path) -> str:
    lines, points = [], []
    for code in codes:
        scored = score_left_out(code, lesions, train_without(code, lesions, work, weights))
        found = {name: _auroc(one) for name, one in scored.items()}
        points.append([one.value or 0.0 for one in found.values()])
        photos = int(next(iter(scored.values())).positive.sum())
        lines.append(f"| {code} | {photos} | {' | '.join(cell(one) for one in found.values())} |\n")
    lines.append(f"| mean | | {' | '.join(f'{mean:.3f}' for mean in np.mean(points, axis=0))} |\n")
    names = " | ".join(f"AUROC of {name}" for name in found)
    return f"| left out of training | test photos | {names} |\n|---|---|---|---|\n" + "".join(lines)


def _apart(scores: np.ndarray, groups: np.ndarray, objects: Outputs) -> Interval:
    others = np.array([one.no_skin for one in objects])
    return _auroc(_told_apart(scores, groups, others, np.arange(len(others)).astype(str)))


def _told_apart(known: np.ndarray, groups: np.ndarray, others: np.ndarray, other_groups: np.ndarray) -> Scored:
    """The scores of known photos and of others, which are to be told from them."""
    return Scored(
        np.concatenate([known, others]).astype(np.float32),
        np.arange(len(known) + len(others)) >= len(known),
        np.concatenate([groups, other_groups]),
    )


def _auroc(scored: Scored) -> Interval:
    weights = group_weights(scored.groups, RESAMPLES, seed=0)
    return to_interval(auroc(weights, scored.scores.astype(np.float64), scored.positive))


def _share_above(predictor: Predictor, scores: np.ndarray, groups: np.ndarray) -> str:
    limit = predictor.card.no_skin
    if limit is None:
        raise ValueError(f"{predictor.card.name} is not a model of skin")
    weights = group_weights(groups, RESAMPLES, seed=0)
    return cell(to_interval(share(weights, scores > limit.threshold, np.ones(len(scores), np.bool_))))
