"""Opening a bundle, and refusing one that cannot be trusted before anything of it runs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from lentigo.card import CARD_FILE, GRAPH_FILE, ModelCard, read_card
from lentigo.errors import BundleAltered, BundleNotFound, BundleUnsupported
from lentigo.inference import protobuf

DEFAULT_BUNDLE = "lesions"

_AGAIN = "Get the bundle again from its source, or export it again."

# Field numbers of onnx.proto3 (ONNX 1.18).
_MODEL_GRAPH, _MODEL_OPSETS, _MODEL_FUNCTIONS = 7, 8, 25
_GRAPH_NODE, _GRAPH_INITIALIZER, _GRAPH_SPARSE_INITIALIZER = 1, 5, 15
_NODE_ATTRIBUTE, _NODE_DOMAIN = 5, 7
_ATTRIBUTE_TENSOR, _ATTRIBUTE_GRAPH, _ATTRIBUTE_TENSORS, _ATTRIBUTE_GRAPHS = 5, 6, 10, 11
_ATTRIBUTE_SPARSE = (22, 23)
_TENSOR_EXTERNAL_DATA, _TENSOR_DATA_LOCATION = 13, 14
_OPSET_DOMAIN = 1
_STANDARD_DOMAINS = (b"", b"ai.onnx")

_DEEPEST = 8
"""Graphs within graphs, as the branches of an If; Lentigo's own have none."""


@dataclass(frozen=True)
class Bundle:
    """A bundle whose card and graph are as they were written."""

    path: Path
    card: ModelCard
    graph: bytes


def shipped_bundles() -> list[str]:
    """Names of the bundles that come with Lentigo."""
    folder = files("lentigo") / "bundles"
    if not folder.is_dir():
        return []
    return sorted(entry.name for entry in folder.iterdir() if (entry / CARD_FILE).is_file())


def find_bundle(name_or_path: str | Path) -> Path:
    """The folder of a bundle: a path that holds one, else a shipped one of that name.

    Raises:
        BundleNotFound: There is neither.
    """
    path = Path(name_or_path)
    if (path / CARD_FILE).is_file():
        return path
    if str(name_or_path) in shipped_bundles():
        with as_file(files("lentigo") / "bundles" / str(name_or_path)) as folder:
            return Path(folder)
    known = ", ".join(shipped_bundles()) or "none"
    raise BundleNotFound(
        f"There is no bundle '{name_or_path}'.", f"Give the folder of a bundle, or one that ships (these do: {known})."
    )


def open_bundle(name_or_path: str | Path) -> Bundle:
    """Find, read and check a bundle.

    Raises:
        BundleNotFound: There is none.
        BundleAltered: A file is not as it was written.
        BundleUnsupported: An unknown version, or a graph that asks for what a bundle may not have.
    """
    path = find_bundle(name_or_path)
    card = read_card(path / CARD_FILE)
    try:
        graph = (path / GRAPH_FILE).read_bytes()
    except FileNotFoundError:
        raise BundleAltered(f"{path} has no {GRAPH_FILE}.", _AGAIN) from None
    if hashlib.sha256(graph).hexdigest() != card.graph.sha256:
        raise BundleAltered(f"{path / GRAPH_FILE} is not the graph that the card was written for.", _AGAIN)
    check_graph(graph, path)
    return Bundle(path, card, graph)


def check_graph(graph: bytes, path: Path) -> None:
    """Refuse a graph that reads other files or runs code that is not ONNX's own, before onnxruntime sees it.

    Raises:
        BundleUnsupported: It does, or it is no graph at all.
    """
    try:
        model = protobuf.fields(graph)
        domains = [one for opset in model.get(_MODEL_OPSETS, []) for one in _field(opset, _OPSET_DOMAIN)]
        problem = "it brings functions of its own" if _MODEL_FUNCTIONS in model else None
        for inner in model.get(_MODEL_GRAPH, []):
            problem = problem or _problem(inner)
        if any(domain not in _STANDARD_DOMAINS for domain in domains):
            problem = "it uses operators that are not ONNX's own"
        if _MODEL_GRAPH not in model:
            problem = "it holds no graph"
    except protobuf.Malformed:
        problem = "it is not an ONNX file"
    if problem:
        raise BundleUnsupported(f"The graph of {path} is refused: {problem}.", _AGAIN)


def _problem(graph: bytes, depth: int = 0) -> str | None:
    """What is wrong with a graph or one of the graphs within it; None when nothing is."""
    if depth > _DEEPEST:
        return "its graphs lie too deep in each other"
    fields = protobuf.fields(graph)
    if _GRAPH_SPARSE_INITIALIZER in fields:
        return "it holds sparse weights"
    tensors, inner = list(fields.get(_GRAPH_INITIALIZER, [])), []
    for node in fields.get(_GRAPH_NODE, []):
        if any(domain not in _STANDARD_DOMAINS for domain in _field(node, _NODE_DOMAIN)):
            return "it uses operators that are not ONNX's own"
        for attribute in _field(node, _NODE_ATTRIBUTE):
            if any(number in protobuf.fields(attribute) for number in _ATTRIBUTE_SPARSE):
                return "it holds sparse weights"
            tensors += [*_field(attribute, _ATTRIBUTE_TENSOR), *_field(attribute, _ATTRIBUTE_TENSORS)]
            inner += [*_field(attribute, _ATTRIBUTE_GRAPH), *_field(attribute, _ATTRIBUTE_GRAPHS)]
    for tensor in tensors:
        known = protobuf.fields(tensor)
        if _TENSOR_EXTERNAL_DATA in known or _TENSOR_DATA_LOCATION in known:
            return "it asks for weights outside its file"
    return next((found for one in inner if (found := _problem(one, depth + 1))), None)


def _field(message: bytes, number: int) -> Iterator[bytes]:
    yield from protobuf.fields(message).get(number, [])
