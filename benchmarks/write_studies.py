"""`make studies`: trains what docs/explanation tells of, and writes those pages.

Usage: python -m benchmarks.write_studies [STUDY ...], where a study is leak, skincare, hospitals, presets,
explanations, photo-quality, novelty or outcomes; without a name all are made.

Needs the folder of real photos (`LENTIGO_SHARED_DATA`, else ../shared/data). Takes hours on two cores; what is finished
is not trained again, so it can be stopped and started.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import lentigo
from benchmarks import compare, explanations, hospitals, leak, novelty, outcomes, quality, skincare

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("LENTIGO_SHARED_DATA", ROOT.parent / "shared" / "data"))
WORK = Path(os.environ.get("LENTIGO_STUDIES", ROOT / "build" / "studies"))
PAGES = ROOT / "docs" / "explanation"
PLOTS = ROOT / "docs" / "images"
BUNDLE = os.environ.get("LENTIGO_BENCH_BUNDLE", "lesions")
SEED = 20261121


def prepared(source: str, classes: str | None = None) -> Path:
    """A prepared dataset, made if it is not there."""
    out = WORK / "data" / (f"{source}-{classes}" if classes else source)
    if not (out / "manifest.parquet").is_file():
        lentigo.prepare(source, SHARED / source.replace("-", "_"), out=out, seed=SEED, classes=classes)
    return out


def weights() -> Path:
    """The pretrained backbone."""
    return SHARED / "weights" / "tf_efficientnet_lite0_features.safetensors"


def shipped_data() -> Path:
    """The dataset of the model that ships, made if it is not there."""
    data = WORK / "data" / "lesions"
    if not (data / "manifest.parquet").is_file():
        parts = [prepared(source) for source in ("ham10000", "isic2017", "pad-ufes-20")]
        lentigo.merge(*parts, out=data, seed=SEED)
    return data


def shipped() -> tuple[Path, Path, Path]:
    """The dataset, run and bundle of the model that ships, made if they are not there."""
    data, run, bundle = shipped_data(), WORK / "lesions", WORK / "lesions-bundle"
    if not (run / "calibration.json").is_file():
        lentigo.train(data, run, config=ROOT / "models" / "lesions" / "config.toml", weights=weights())
    if not (bundle / "card.json").is_file():
        lentigo.export_bundle(run, data, bundle, name="lesions")
    return data, run, bundle


STUDIES: dict[str, Callable[[], str]] = {
    "leak": lambda: leak.measure(prepared("ham10000"), WORK / "leak", weights()),
    "skincare": lambda: skincare.measure(prepared("skincare", "benign-suspicious"), WORK / "skincare", weights()),
    "hospitals": lambda: hospitals.measure(shipped_data(), WORK / "hospitals", weights(), PLOTS / "epsilon.svg"),
    "presets": lambda: compare.measure(prepared("ham10000"), WORK / "presets", weights()),
    "explanations": lambda: explanations.measure(*shipped(), WORK / "explanations"),
    "photo-quality": lambda: quality.measure(shipped()[0], WORK / "photo-quality", PLOTS / "photo-quality.svg", BUNDLE),
    "novelty": lambda: novelty.measure(
        shipped()[0],
        prepared("skincare", "benign-malignant"),
        SHARED / "not_skin",
        WORK / "left_out",
        weights(),
        BUNDLE,
    ),
    "outcomes": lambda: outcomes.measure(shipped()[0], SHARED / "not_skin", BUNDLE),
}


def main(wanted: list[str]) -> None:
    """Make each study and write its page: the text in ``pages/`` with the table that was measured."""
    unknown = set(wanted) - set(STUDIES)
    if unknown:
        sys.exit(f"There is no study {', '.join(sorted(unknown))}. There are: {', '.join(STUDIES)}.")
    if not SHARED.is_dir():
        sys.exit(f"There is no folder {SHARED}: set LENTIGO_SHARED_DATA to where the photos are.")
    for name in wanted or STUDIES:
        table = STUDIES[name]()
        print(table)
        page = PAGES / f"{name}.md"
        page.parent.mkdir(exist_ok=True)
        text = Path(__file__).with_name("pages").joinpath(f"{name}.md").read_text(encoding="utf-8")
        page.write_text(text.replace("{measured}", table), encoding="utf-8")
        print(f"Wrote {page}")


if __name__ == "__main__":
    main(sys.argv[1:])
