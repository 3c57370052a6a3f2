"""The bundles' files, for an app that answers on the phone itself.

What is needed there is the graph, the card, and the texts. Each has an address that holds the hash of its content: a
browser need never ask for one again, and can tell whether it got what was meant.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, HTTPException, Response
from fastapi.responses import FileResponse

from lentigo.card import CARD_FILE, GRAPH_FILE
from lentigo.inference import Predictor
from lentigo.service.page import FOR_GOOD
from lentigo.service.schemas import BundleFile
from lentigo.taxonomy import TAXONOMY_FILE, taxonomy_document

_MEDIA_TYPES = {
    GRAPH_FILE: "application/octet-stream",
    CARD_FILE: "application/json",
    TAXONOMY_FILE: "application/json",
}


@dataclass(frozen=True)
class HandedOut:
    """A file as the catalogue tells of it, and where its content is: on the disk or in memory."""

    file: BundleFile
    content: Path | bytes


def files_of(predictor: Predictor) -> tuple[HandedOut, ...]:
    """The files of one bundle."""
    graph, card = predictor.card.graph, (predictor.engine.path / CARD_FILE).read_bytes()
    return (
        _handed_out(GRAPH_FILE, graph.bytes, graph.sha256, predictor.engine.path / GRAPH_FILE),
        _in_memory(CARD_FILE, card),
        _in_memory(TAXONOMY_FILE, taxonomy_document(predictor.taxonomy, predictor.steps)),
    )


def model_routes(files: Mapping[str, tuple[HandedOut, ...]]) -> APIRouter:
    """Serve the files of bundles, given by the bundle's name."""
    router = APIRouter(include_in_schema=False)
    by_path = {one.file.path: one for every in files.values() for one in every}

    @router.head("/models/{sha256}/{name}")
    @router.get("/models/{sha256}/{name}")
    def model_file(sha256: str, name: str) -> Response:
        found = by_path.get(_path(sha256, name))
        if found is None:
            raise HTTPException(404)
        headers, media_type = {**FOR_GOOD, "ETag": f'"{sha256}"'}, _MEDIA_TYPES[name]
        if isinstance(found.content, bytes):
            return Response(found.content, media_type=media_type, headers=headers)
        return FileResponse(found.content, media_type=media_type, headers=headers)

    return router


def _in_memory(name: str, content: bytes) -> HandedOut:
    return _handed_out(name, len(content), hashlib.sha256(content).hexdigest(), content)


def _handed_out(name: str, size_bytes: int, sha256: str, content: Path | bytes) -> HandedOut:
    return HandedOut(BundleFile(name=name, path=_path(sha256, name), bytes=size_bytes, sha256=sha256), content)


def _path(sha256: str, name: str) -> str:
    return f"/models/{sha256}/{name}"
