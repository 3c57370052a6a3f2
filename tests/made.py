"""Photos and datasets that the tests make themselves."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from PIL import Image

from lentigo.answers import default_answers
from lentigo.card import (
    CardDiagnosis,
    Confidence,
    Figure,
    GraphContract,
    Interval,
    ModelCard,
    Novelty,
    OperatingPoint,
    QualityMeasure,
    QualityReason,
    QualityRule,
    Thresholds,
    TrainingSource,
)
from lentigo.datasets.dataset import ClassRecord, DatasetRecord, SourceRecord
from lentigo.datasets.manifest import MANIFEST_SCHEMA, write_manifest
from lentigo.taxonomy import load_taxonomy

Pixels = npt.NDArray[np.uint8]

SKIN = np.array([214.0, 166.0, 140.0])
SPOT_COLOURS = {"mel": (40.0, 25.0, 30.0), "nv": (130.0, 80.0, 55.0), "bcc": (205.0, 110.0, 120.0)}


def draw_spot(diagnosis: str, generator: np.random.Generator, size_px: int = 64) -> Pixels:
    """A spot on skin whose colour tells the diagnosis: something a small network can learn in seconds."""
    rows, columns = np.mgrid[0:size_px, 0:size_px] / size_px - 0.5
    centre = generator.uniform(-0.12, 0.12, 2)
    radius = generator.uniform(0.15, 0.3)
    distance = np.hypot(rows - centre[0], columns - centre[1])
    inside = 1 / (1 + np.exp((distance - radius) * 40))[..., None]
    tone = SKIN * generator.uniform(0.8, 1.1)
    pixels = tone * (1 - inside) + np.array(SPOT_COLOURS[diagnosis]) * inside
    noisy: Pixels = np.clip(pixels + generator.normal(0, 6, pixels.shape), 0, 255).astype(np.uint8)
    return noisy


def photo_bytes(
    diagnosis: str = "nv", size_px: int = 256, image_format: str = "JPEG", seed: int = 0, **options: Any
) -> bytes:
    """A drawn spot as an image file."""
    file = io.BytesIO()
    pixels = draw_spot(diagnosis, np.random.default_rng(seed), size_px)
    Image.fromarray(pixels).save(file, image_format, **options)
    return file.getvalue()


def write_photo(path: Path, diagnosis: str, seed: int, **options: object) -> None:
    """Write a spot that looks like no other, in the format of the file's ending."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = draw_spot(diagnosis, np.random.default_rng(seed), 96)
    # A pattern of its own makes each photo a picture of its own: smooth blobs alone all hash alike.
    noise = np.random.default_rng(seed + 1000).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    pattern = np.asarray(Image.fromarray(noise).resize((96, 96), Image.Resampling.BICUBIC))
    Image.fromarray((pixels // 2 + pattern // 2).astype(np.uint8)).save(path, **options)  # type: ignore[arg-type]  # Pillow's own


def make_dataset(folder: Path, per_class: int = 24, seed: int = 0) -> Path:
    """Write a small dataset in the format of ``lentigo prepare``: three diagnoses, two sources."""
    generator = np.random.default_rng(seed)
    (folder / "images").mkdir(parents=True)
    rows: list[dict[str, object]] = []
    for diagnosis in SPOT_COLOURS:
        for number in range(per_class):
            name = f"images/{diagnosis}_{number}.jpg"
            Image.fromarray(draw_spot(diagnosis, generator)).save(folder / name, quality=95)
            rows.append(
                {
                    "image": name,
                    "source": "ham10000" if number % 2 else "pad-ufes-20",
                    "diagnosis": diagnosis,
                    "group": f"{diagnosis}_{number // 2}",
                    "split": ("train", "train", "train", "train", "validation", "test")[number // 2 % 6],
                    "fold": number // 2 % 5,
                    "image_type": "dermoscopic" if number % 2 else "clinical",
                    "age": None if number % 3 == 0 else float(generator.integers(20, 90)),
                    "sex": "female" if number % 4 < 2 else "male",
                    "site": "back" if number % 5 else None,
                    "itches": bool(generator.random() < 0.5) if number % 2 else None,
                    "sha1": f"{len(rows):040x}",
                }
            )
    manifest = pl.DataFrame(rows, schema=MANIFEST_SCHEMA)
    write_manifest(manifest, folder)
    (folder / "dataset.json").write_text(_record().model_dump_json(), encoding="utf-8")
    return folder


def _record() -> DatasetRecord:
    known = [load_taxonomy().diagnosis(code) for code in SPOT_COLOURS]
    return DatasetRecord(
        created="2026-01-01T00:00:00+00:00",
        lentigo_version="0",
        options={"seed": 0},
        sources=tuple(SourceRecord(name=name, licence="made", citation="") for name in ("ham10000", "pad-ufes-20")),
        diagnoses=tuple(ClassRecord(code=one.code, malignancy=one.malignancy, tier=one.tier) for one in known),
        counts={},
        notes=(),
        duplicates=(),
        rejects=(),
    )


def make_bundle(folder: Path, name: str = "lesions", **changes: Any) -> Path:
    """Write a bundle with an untrained network of seeded weights: real in all but its knowledge.

    ``changes`` replace fields of the card.
    """
    import torch

    from lentigo.export.graph import OPSET, Answering, build_graph
    from lentigo.export.quality import MEASURES
    from lentigo.export.quantisation import store_in_8_bits
    from lentigo.training.model import EvidenceModel
    from lentigo.training.no_skin import SkinDistance

    taxonomy = load_taxonomy()
    answers = default_answers(taxonomy)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = EvidenceModel("lentigo_cnn", len(taxonomy.diagnoses), answers)
        for part in (model.head, model.answers):
            for weight in part.parameters():
                torch.nn.init.normal_(weight, std=0.2)
        no_skin = SkinDistance(torch.zeros(256), torch.randn(256, 4) * 0.1)
    columns = sum(spec.columns for spec in answers)
    graph = build_graph(Answering(model, no_skin, 1.0, 64), 64, columns)
    store_in_8_bits(graph)
    data = graph.SerializeToString(deterministic=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(data)
    card = _card(name, data, OPSET, MEASURES).model_copy(update=changes).sealed()
    (folder / "card.json").write_text(card.to_json(), encoding="utf-8")
    return folder


def _card(name: str, graph: bytes, opset: int, measures: tuple[QualityMeasure, ...]) -> ModelCard:
    taxonomy = load_taxonomy()
    half = Interval(value=0.5, low=0.4, high=0.6)

    return ModelCard(
        name=name,
        version="test",
        created="2026-01-01T00:00:00+00:00",
        lentigo_version="0",
        licence="made for tests",
        intended_use="Tests.",
        limits=("It knows nothing.",),
        graph=GraphContract(
            sha256=hashlib.sha256(graph).hexdigest(),
            bytes=len(graph),
            opset=opset,
            input_size_px=64,
            evidence_rows=4,
            evidence_columns=4,
            views=1,
            quality_measures=measures,
        ),
        diagnoses=tuple(
            CardDiagnosis(code=one.code, malignancy=one.malignancy, tier=one.tier)
            for one in taxonomy.diagnoses.values()
        ),
        answers=default_answers(taxonomy),
        temperature=1.0,
        thresholds=Thresholds(high=operating_point(0.3), malignant=operating_point(0.2)),
        novelty=Novelty(threshold=1000.0, quantile=0.99, chosen_on="made photos"),
        no_skin=Novelty(threshold=1000.0, quantile=0.99, chosen_on="made photos"),
        confidence=Confidence(threshold=0.1, answered=0.9, error=half, error_of_all=half, chosen_on="made photos"),
        quality=(
            quality_rule("too_dark", "light", 0.5, 0.12),
            quality_rule("too_bright", "brightness", 0.5, 0.95),
            quality_rule("cut_off", "spot_offset", 0.0, 0.2, refuses=False),
        ),
        training=(TrainingSource(name="made", images=1, groups=1, image_types=("clinical",), licence="made"),),
        skin_types=dict.fromkeys("123456", 0),
        figures=(
            Figure(name="recall_dangerous", value=half, n=100, measured_on="made photos"),
            Figure(
                name="photo_only/recall_dangerous",
                value=Interval(value=0.45, low=0.35, high=0.55),
                n=100,
                measured_on="made photos, photo only",
            ),
        ),
    )


def operating_point(
    threshold: float, n: int = 50, chosen_on: str = "validation split of made photos"
) -> OperatingPoint:
    """A threshold of a card, and what it would have been worth."""
    half = Interval(value=0.5, low=0.4, high=0.6)
    return OperatingPoint(
        threshold=threshold,
        target_recall=0.9,
        recall=half,
        specificity=half,
        n_positive=n,
        n_negative=n,
        chosen_on=chosen_on,
    )


def quality_rule(
    reason: QualityReason, measure: QualityMeasure, good: float, limit: float, refuses: bool = True
) -> QualityRule:
    """A rule of a card."""
    return QualityRule(reason=reason, measure=measure, good=good, limit=limit, refuses=refuses, chosen_on="made photos")
