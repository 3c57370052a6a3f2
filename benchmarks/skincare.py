"""The mole project's set: benign or not, on a split that keeps neighbouring photos together.

A course project reported an accuracy of 0.806 with EfficientNet. Its largest class alone gives nearly as much, so
accuracy says little: balanced accuracy and AUROC stand beside it. The set is for measuring only; the model is thrown
away.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.leak import SETTINGS
from benchmarks.studies import cell, study


def measure(prepared: Path, work: Path, weights: Path, epochs: int = 6) -> str:
    """Train EfficientNet-Lite0 and the small CNN; returns a table."""
    pretrained = [*SETTINGS, f"epochs={epochs}", f"weights={weights}"]
    scratch = ["input_size_px=96", f"epochs={epochs}", "trackers=[]"]
    results = {
        "EfficientNet-Lite0, pretrained": study(
            prepared, work / "efficientnet", "efficientnet", pretrained, ("suspicious",)
        ),
        "small CNN, from nothing": study(prepared, work / "cnn", "cnn", scratch, ("suspicious",)),
    }
    rows = "".join(
        f"| {name} | {one.images:,} | {cell(one.accuracy)} | {cell(one.balanced_accuracy)} | {cell(one.auroc)} |\n"
        for name, one in results.items()
    )
    majority = next(iter(results.values())).majority
    return (
        "| model | test photos | accuracy | balanced accuracy | AUROC |\n|---|---|---|---|---|\n"
        f'| always "benign" | | {majority:.3f} | 0.500 | 0.500 |\n{rows}'
    )
