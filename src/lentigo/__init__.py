"""Lentigo: an honest, explained answer from a photo of a mole or spot.

The commands are functions too, see :mod:`lentigo.api`. Each is imported when it is first used: ``import lentigo`` is
quick, and answering photos needs no torch.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lentigo.api import describe as describe
    from lentigo.api import evaluate as evaluate
    from lentigo.api import export_bundle as export_bundle
    from lentigo.api import merge as merge
    from lentigo.api import prepare as prepare
    from lentigo.api import train as train
    from lentigo.api import tune as tune
    from lentigo.datasets import Dataset as Dataset
    from lentigo.inference import Predictor as Predictor
    from lentigo.training import Run as Run

__version__ = "0.1.0"

_HOMES = {
    **dict.fromkeys(("describe", "evaluate", "export_bundle", "merge", "prepare", "train", "tune"), "lentigo.api"),
    "Dataset": "lentigo.datasets",
    "Predictor": "lentigo.inference",
    "Run": "lentigo.training",
}


def __getattr__(name: str) -> Any:
    """Import a name of the API when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'lentigo' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return [*globals(), *_HOMES]
