"""The page's files, and what is said where they were not built."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
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


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("", "text/html; charset=utf-8"),
        ("service-worker.js", "text/javascript; charset=utf-8"),
        ("manifest.webmanifest", "application/manifest+json"),
        ("favicon.svg", "image/svg+xml"),
    ],
)
def test_what_keeps_its_name_is_asked_for_again(tmp_path: Path, name: str, media_type: str) -> None:
    file = tmp_path / (name or "index.html")
    file.write_text("content", encoding="utf-8")
    app = FastAPI()
    add_page(app, tmp_path)
    answer = TestClient(app).get(f"/{name}")
    assert (answer.status_code, answer.text) == (200, "content")
    assert answer.headers["content-type"] == media_type
    assert answer.headers["cache-control"] == "no-cache"
    file.unlink()
    assert TestClient(app).get(f"/{name}").status_code in (404, 503)


@pytest.mark.parametrize(
    ("accepts", "packed"),
    [
        ("gzip, br", True),
        ("br, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip;q=0.0, br", False),
        ("br", False),
        ("", False),
    ],
)
@pytest.mark.parametrize("name", ["assets/app-0123.js", "service-worker.js"])
def test_files_are_packed_for_browsers_that_unpack(tmp_path: Path, name: str, accepts: str, packed: bool) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / name).write_text("content", encoding="utf-8")
    (tmp_path / f"{name}.gz").write_bytes(gzip.compress(b"content"))
    app = FastAPI()
    add_page(app, tmp_path)
    answer = TestClient(app).get(f"/{name}", headers={"accept-encoding": accepts})
    assert answer.text == "content"
    assert answer.headers.get("content-encoding") == ("gzip" if packed else None)
    assert "javascript" in answer.headers["content-type"]
    assert answer.headers["vary"] == "Accept-Encoding"


def test_what_is_not_packed_is_sent_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/icon.png").write_bytes(b"icon")
    app = FastAPI()
    add_page(app, tmp_path)
    answer = TestClient(app).get("/assets/icon.png", headers={"accept-encoding": "gzip"})
    assert (answer.content, answer.headers["content-type"]) == (b"icon", "image/png")
    assert "content-encoding" not in answer.headers
    assert TestClient(app).get("/assets/missing.js").status_code == 404
