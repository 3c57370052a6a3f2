"""Fixtures that many tests share."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

from tests.made import make_bundle, make_dataset

SHARED = Path(os.environ.get("LENTIGO_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))

WITH_FLOWER = importlib.util.find_spec("flwr") is not None
collect_ignore = [] if WITH_FLOWER else ["federated"]


def pytest_report_header() -> str | None:
    """Says which tests this environment cannot run."""
    return None if WITH_FLOWER else "tests/federated needs requirements/federated.txt: `make test` runs it there"


@pytest.fixture(scope="session")
def bundle_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle with an untrained network; do not change it."""
    return make_bundle(tmp_path_factory.mktemp("bundles") / "lesions")


@pytest.fixture(scope="session")
def dataset_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small made dataset; do not change it."""
    return make_dataset(tmp_path_factory.mktemp("datasets") / "spots")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real photographs beside the repository."""
    if not SHARED.is_dir():
        pytest.skip(f"needs the real photographs in {SHARED}; set LENTIGO_SHARED_DATA to where they are")
    return SHARED
