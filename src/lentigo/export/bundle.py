"""Writing a bundle: model.onnx, card.json, and card.html for people."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import polars as pl

import lentigo
from lentigo import imaging
from lentigo.card import (
    CARD_FILE,
    CARD_PAGE,
    GRAPH_FILE,
    NAME_PATTERN,
    Calibration,
    Figure,
    GraphContract,
    ModelCard,
    QualityRule,
)
from lentigo.datasets import Dataset
from lentigo.errors import DatasetError, UsageError
from lentigo.export.card_page import to_html
from lentigo.export.graph import OPSET, Answering, build_graph
from lentigo.export.parity import Parity, check, compare
from lentigo.export.quality import MEASURES
from lentigo.export.quality_rules import fit_rules
from lentigo.export.quantisation import store_in_8_bits
from lentigo.training.loading import Examples
from lentigo.training.no_skin import SkinDistance
from lentigo.training.prediction import load_model
from lentigo.training.run import Run, RunRecord

INTENDED_USE = (
    "Research and education: an estimate, for a person or a student, of what a photo of one spot on the skin may show, "
    "and whether to see a doctor. It is no medical device and makes no diagnosis."
)
LIMITS = (
    "It tells apart only the diagnoses in its list; anything else may be taken for one of them.",
    "Its figures hold for photos like those it was measured on; other cameras, clinics and people will differ.",
    "It looks at the centre square of the photo: a spot at the edge is not seen.",
)

CARD_FIGURES = (
    *("recall_dangerous", "specificity_dangerous", "recall_high", "specificity_high", "flagged_"),
    *("balanced_accuracy", "accuracy", "auroc_", "tier_accuracy", "ece"),
    *("answered", "error_of_answered"),
)
"""Figures that travel with the model, by the beginning of their names; the others stand in the report."""


@dataclass(frozen=True)
class ExportOptions:
    """What the run does not know about the bundle."""

    name: str
    version: str
    licence: str
    parity_images: int = 64


def export_run(run: Run, dataset: Dataset, out: Path, options: ExportOptions) -> tuple[ModelCard, Parity]:
    """Write a bundle from a finished run, after comparing graph and model on photos of ``dataset``.

    Raises:
        RunError: Not a finished run.
        ParityError: Graph and model answer differently; nothing was written.
        UsageError: ``out`` holds something that is no bundle.
    """
    _check_options(out, options)
    config, record, calibration = run.config, run.record, run.calibration
    size_px = config.evaluation_size_px
    answering = Answering(load_model(run), SkinDistance.read(run.no_skin_file), calibration.temperature, size_px).eval()
    columns = sum(spec.columns for spec in record.answers)
    model = build_graph(answering, size_px, columns)
    store_in_8_bits(model)
    graph = model.SerializeToString(deterministic=True)

    parity = _compare_on(dataset, record, graph, answering, size_px, options.parity_images)
    check(parity)
    rules = fit_rules(dataset, [diagnosis.code for diagnosis in record.diagnoses], size_px)
    card = _card(run, calibration, graph, options, answering, size_px, rules)
    _write(out, graph, card)
    return card, parity


def _check_options(out: Path, options: ExportOptions) -> None:
    if not re.fullmatch(NAME_PATTERN, options.name):
        raise UsageError(
            f"'{options.name}' cannot be a bundle's name.", "Give one of a-z, 0-9, _ and - by --name, such as moles."
        )
    others = sorted({path.name for path in out.iterdir()} - {CARD_FILE, CARD_PAGE, GRAPH_FILE}) if out.is_dir() else []
    if others:
        raise UsageError(f"{out} holds something else than a bundle: {others[0]}.", "Choose another --out.")


def _compare_on(
    dataset: Dataset, record: RunRecord, graph: bytes, answering: Answering, size_px: int, count: int
) -> Parity:
    """Compare on photos of every source, spread over the manifest."""
    known = [diagnosis.code for diagnosis in record.diagnoses]
    rows = dataset.manifest.filter(pl.col("diagnosis").is_in(known)).sort("source", "diagnosis", "image")
    if rows.is_empty():
        raise DatasetError(
            f"{dataset.path} has no photo of a diagnosis that the model knows, so nothing can be compared.",
            f"Give the dataset that it was trained on; it knows: {', '.join(known)}.",
        )
    rows = rows.gather_every(max(1, rows.height // count))
    examples = Examples.from_rows(dataset.path, rows, known, record.answers)
    photos = [imaging.read(path).pixels for path in examples.paths]
    return compare(graph, answering, size_px, photos, examples.answers)


def _card(
    run: Run,
    calibration: Calibration,
    graph: bytes,
    options: ExportOptions,
    answering: Answering,
    size_px: int,
    rules: tuple[QualityRule, ...],
) -> ModelCard:
    record = run.record
    rows, columns = answering.model.grid(size_px)
    return ModelCard(
        name=options.name,
        version=options.version,
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        lentigo_version=lentigo.__version__,
        licence=options.licence,
        intended_use=INTENDED_USE,
        limits=(*LIMITS, _skin_type_limit(record)),
        graph=GraphContract(
            sha256=hashlib.sha256(graph).hexdigest(),
            bytes=len(graph),
            opset=OPSET,
            input_size_px=size_px,
            evidence_rows=rows,
            evidence_columns=columns,
            views=run.config.eval_views,
            quality_measures=MEASURES,
        ),
        diagnoses=calibration.diagnoses,
        answers=record.answers,
        temperature=calibration.temperature,
        thresholds=calibration.thresholds,
        novelty=calibration.novelty,
        no_skin=calibration.no_skin,
        confidence=calibration.confidence,
        quality=rules,
        training=record.sources,
        skin_types=record.skin_types,
        figures=_figures(run),
        privacy=run.privacy,
    ).sealed()


def _skin_type_limit(record: RunRecord) -> str:
    """What is known of the skin types in the training photos, in a sentence."""
    learned = sum(source.images for source in record.sources)
    known = sum(record.skin_types.values())
    dark = record.skin_types["5"] + record.skin_types["6"]
    return (
        f"Of its {learned:,} training photos {known:,} state a Fitzpatrick skin type, and {dark:,} of those are of "
        "type V or VI. How well it does on skin types that it hardly saw is not known."
    )


def _figures(run: Run) -> tuple[Figure, ...]:
    """What the card tells of the run's report; none when it was not evaluated on its own dataset's test split."""
    path = run.path / "report.json"
    if not path.is_file():
        return ()
    report = json.loads(path.read_text(encoding="utf-8"))
    about = report["about"]
    if about["split"] != "test" or about.get("data_sha256") != run.record.dataset_sha256:
        return ()
    wanted = [figure for figure in report["figures"] if figure["name"].rpartition("/")[2].startswith(CARD_FIGURES)]
    return tuple(Figure.model_validate(figure) for figure in wanted)


def _write(out: Path, graph: bytes, card: ModelCard) -> None:
    """Write both files beside ``out`` first, so that ``out`` is never half a bundle."""
    part = out.with_name(out.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    (part / GRAPH_FILE).write_bytes(graph)
    (part / CARD_FILE).write_text(card.to_json(), encoding="utf-8")
    (part / CARD_PAGE).write_text(to_html(card), encoding="utf-8")
    shutil.rmtree(out, ignore_errors=True)
    part.rename(out)
