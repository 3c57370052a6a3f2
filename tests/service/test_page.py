"""The page's files, and what is said where they were not built."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient

from lentigo.service.page import add_page


def test_without_the_page_one_sentence_says_how_to_build_it(tmp_path: Path) -> None:
    app = FastAPI()
    add_page(app, tmp_path)
    answer = TestClient(app).get("/")
    assert answer.status_code == 503
    assert "make web" in answer.text
    assert "/openapi.json" in answer.text
    assert answer.text.count("\n") == 1
