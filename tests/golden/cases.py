"""Some hundred cases from numbers to the whole answer, which every language that Lentigo is written in must give alike.

`python -m tests.golden.cases` writes them anew, when an answer is meant to change; look at the difference.

card.json           a card of four diagnoses and three answers
assessments.jsonl   one case a line: what the graph gives of each photo, the answers, the assessment without the texts
                    of the diagnoses; `sha256` is over all of it
taxonomy.json       the texts and tables as the server hands them to the app
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from lentigo.answers import AnswerValue
from lentigo.card import (
    CardDiagnosis,
    ChoiceAnswer,
    Confidence,
    GraphContract,
    ModelCard,
    Novelty,
    NumberAnswer,
    QualityMeasure,
    Thresholds,
    read_card,
)
from lentigo.card import Interval as Measured
from lentigo.imaging import Photo
from lentigo.inference.assembly import Wanted, assemble, judge
from lentigo.inference.combination import read_photo
from lentigo.inference.engine import RawOutput
from lentigo.taxonomy import TAXONOMY_FILE, load_step_table, load_taxonomy, taxonomy_document
from tests.made import operating_point, quality_rule

HERE = Path(__file__).parent
CARD, CASES, TAXONOMY = HERE / "card.json", HERE / "assessments.jsonl", HERE / TAXONOMY_FILE
COUNT = 200
GRID = 2
VIEWS = 2
GOOD: dict[QualityMeasure, float] = {
    "brightness": 0.5,
    "sharpness": 0.1,
    "light": 0.6,
    "blur": 0.2,
    "spot_offset": 0.05,
}
BAD: dict[QualityMeasure, float] = {"brightness": 0.97, "light": 0.02, "blur": 0.9, "spot_offset": 0.4}


def write() -> None:
    """Write the card, the taxonomy and the cases."""
    TAXONOMY.write_bytes(taxonomy_document(load_taxonomy(), load_step_table()))
    CARD.write_text(_card().to_json(), encoding="utf-8")
    card, generator = read_card(CARD), np.random.default_rng(20261121)
    lines = []
    for _ in range(COUNT):
        case = _case(card, generator)
        lines.append(json.dumps({**case, **answer(card, case)}, sort_keys=True))
    CASES.write_text("\n".join(lines) + "\n", encoding="utf-8")


def answer(card: ModelCard, case: Mapping[str, Any]) -> dict[str, Any]:
    """The assessment of a case, and the hash over all of it."""
    readings = [_reading(card, photo) for photo in case["photos"]]
    given: dict[str, AnswerValue] = case["answers"]
    wanted = Wanted(case["locale"], explain=True)
    found = assemble(card, load_taxonomy(), load_step_table(), judge(card, readings, given), wanted)
    document = _rounded(found.model_dump(mode="json"))
    whole = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    for estimate in document["diagnoses"]:
        for text in ("name", "summary", "links"):
            del estimate[text]
    del document["disclaimer"], document["model"]
    return {"assessment": document, "sha256": whole}


def _rounded(value: Any) -> Any:
    """Numbers to six digits: finer than two processors differ by."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, list) else value


def _reading(card: ModelCard, photo: Mapping[str, Any]) -> Any:
    array = {name: np.array(photo[name], np.float32) for name in ("evidence_map", "answer_evidence", "view_logits")}
    logits = array["evidence_map"].sum((1, 2)) + array["answer_evidence"].sum(0)
    output = RawOutput(
        logits=logits, novelty=photo["novelty"], no_skin=photo["no_skin"], quality=photo["quality"], **array
    )
    width, height = photo["size_px"]
    return read_photo(card, Photo(np.zeros((1, 1, 3), np.uint8), width, height, "JPEG"), output, photo["refusal"])


def _case(card: ModelCard, generator: np.random.Generator) -> dict[str, Any]:
    given: dict[str, AnswerValue] = {}
    if generator.random() < 0.5:
        given["age"] = float(generator.integers(0, 100))
    for name in ("grew", "bleeds"):
        if generator.random() < 0.5:
            given[name] = str(generator.choice(["yes", "no"]))
    likely = int(generator.integers(len(card.codes)))
    photos = [_photo(card, generator, likely, given) for _ in range(int(generator.choice([1, 1, 2, 3])))]
    return {"photos": photos, "answers": given, "locale": str(generator.choice(load_taxonomy().locales))}


def _photo(
    card: ModelCard, generator: np.random.Generator, likely: int, given: Mapping[str, AnswerValue]
) -> dict[str, Any]:
    classes = len(card.codes)
    evidence_map = generator.normal(0, 0.3, (classes, GRID, GRID))
    evidence_map[likely, 0, 0] += generator.uniform(0, 5)
    shares = generator.normal(0, 0.4, (len(card.answers), classes))
    shares *= np.array([spec.name in given for spec in card.answers])[:, None]
    evidence_map, shares = evidence_map.round(3), shares.round(3)
    logits = evidence_map.sum((1, 2)) + shares.sum(0)
    apart = generator.normal(0, generator.choice([0.05, 1.0]), classes)
    measures = dict.fromkeys(card.graph.quality_measures, 0.0) | GOOD
    if generator.random() < 0.2:
        name = list(BAD)[int(generator.integers(len(BAD)))]
        measures[name] = BAD[name]
    tiny = generator.random() < 0.04
    return {
        "size_px": [60, 80] if tiny else [int(side) for side in generator.integers(100, 4000, 2)],
        "evidence_map": evidence_map.tolist(),
        "answer_evidence": shares.tolist(),
        "view_logits": np.stack([logits + apart, logits - apart]).round(3).tolist(),
        "novelty": round(float(generator.uniform(0.6, 1.3)), 3),
        "no_skin": round(float(generator.choice([1.0, 1.0, 1.0, 1.0, 1.0, 3.0])), 3),
        "quality": {name: round(value, 4) for name, value in measures.items()},
        "refusal": "face" if generator.random() < 0.03 else None,
    }


def _card() -> ModelCard:
    some = Measured(value=0.5, low=0.4, high=0.6)
    taxonomy = load_taxonomy()
    known = [taxonomy.diagnosis(code) for code in ("mel", "bcc", "nv", "df")]
    yes_no = ("no", "yes")
    return ModelCard(
        name="golden",
        version="1",
        created="2026-01-01T00:00:00+00:00",
        lentigo_version="0",
        licence="made for tests",
        intended_use="Tests.",
        limits=("It knows nothing.",),
        graph=GraphContract(
            sha256="0" * 64,
            bytes=0,
            opset=20,
            input_size_px=224,
            evidence_rows=GRID,
            evidence_columns=GRID,
            views=VIEWS,
            quality_measures=tuple(GOOD),
        ),
        diagnoses=tuple(CardDiagnosis(code=one.code, malignancy=one.malignancy, tier=one.tier) for one in known),
        answers=(
            NumberAnswer(name="age", knots=(20.0, 80.0), minimum=0, maximum=120),
            ChoiceAnswer(name="grew", choices=yes_no),
            ChoiceAnswer(name="bleeds", choices=yes_no),
        ),
        temperature=1.0,
        thresholds=Thresholds(high=operating_point(0.2, 9, "made"), malignant=operating_point(0.3, 9, "made")),
        novelty=Novelty(threshold=1.2, quantile=0.99, chosen_on="made"),
        no_skin=Novelty(threshold=2.0, quantile=0.99, chosen_on="made"),
        confidence=Confidence(threshold=0.5, answered=0.9, error=some, error_of_all=some, chosen_on="made"),
        quality=(
            quality_rule("too_dark", "light", 0.5, 0.1),
            quality_rule("too_bright", "brightness", 0.5, 0.95),
            quality_rule("blurred", "blur", 0.2, 0.6),
            quality_rule("cut_off", "spot_offset", 0.0, 0.2, refuses=False),
        ),
        training=(),
        skin_types=dict.fromkeys("123456", 0),
        figures=(),
    ).sealed()


if __name__ == "__main__":
    write()
