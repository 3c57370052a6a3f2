"""The bundles' files: named with their hashes, handed out as they are, or not at all."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from lentigo.inference import Predictor
from lentigo.service import Settings, create_app
from lentigo.taxonomy import load_step_table, load_taxonomy, taxonomy_document


@pytest.fixture(scope="module")
def predictor(bundle_path: Path) -> Predictor:
    return Predictor.load(bundle_path)


def client(predictor: Predictor, **settings: bool) -> TestClient:
    return TestClient(create_app(Settings(**settings), {"lesions": predictor}))  # type: ignore[arg-type]  # flags


def test_every_file_is_what_the_catalogue_says(predictor: Predictor, bundle_path: Path) -> None:
    asked = client(predictor)
    files = asked.get("/api/v1/bundles").json()["bundles"][0]["files"]
    wanted = {
        "model.onnx": (bundle_path / "model.onnx").read_bytes(),
        "card.json": (bundle_path / "card.json").read_bytes(),
        "taxonomy.json": taxonomy_document(load_taxonomy(), load_step_table()),
    }
    assert [one["name"] for one in files] == list(wanted)
    for one in files:
        found = asked.get(one["path"])
        assert found.content == wanted[one["name"]]
        assert (len(found.content), hashlib.sha256(found.content).hexdigest()) == (one["bytes"], one["sha256"])
        assert one["sha256"] in one["path"]
        assert found.headers["content-length"] == str(one["bytes"])
        assert found.headers["etag"] == f'"{one["sha256"]}"'
        assert "immutable" in found.headers["cache-control"]


@pytest.mark.parametrize("name", ["card.html", "model.onnx", "..%2fcard.json"])
def test_nothing_else_is_handed_out(predictor: Predictor, name: str) -> None:
    assert client(predictor).get(f"/models/{'0' * 64}/{name}").status_code == 404


def test_an_operator_can_keep_them(predictor: Predictor) -> None:
    path = client(predictor).get("/api/v1/bundles").json()["bundles"][0]["files"][0]["path"]
    closed = client(predictor, hand_out_bundles=False)
    assert closed.get("/api/v1/bundles").json()["bundles"][0]["files"] == []
    assert closed.get(path).status_code == 404


def test_the_document_holds_every_language_and_the_table_in_their_order() -> None:
    document = json.loads(taxonomy_document(load_taxonomy(), load_step_table()))
    assert list(document["texts"]) == list(load_taxonomy().locales)
    assert list(document["steps"]["signs"]) == list(load_step_table().signs)
    assert [row["step"] for row in document["steps"]["rows"]] == [row.step for row in load_step_table().rows]
