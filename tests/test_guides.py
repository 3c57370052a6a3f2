"""The guides do what they say: their commands run, in order, on small made photos."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lentigo.cli import run
from tests.made import draw_spot

DOCS = Path(__file__).parents[1] / "docs"
QUICK = [
    part
    for setting in (
        *("epochs=2", "input_size_px=32", "batch_size=8", "loader_workers=0"),
        *("warmup_steps=2", "precision=fp32", "trackers=[]"),
    )
    for part in ("--set", setting)
]


def commands(page: str) -> list[list[str]]:
    """The `lentigo` lines of a page's fenced blocks."""
    blocks = re.findall(r"^```\n(.*?)^```$", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("lentigo ")]
    return [shlex.split(line.partition("  #")[0])[1:] for line in lines]


def made_photos(folder: Path) -> None:
    generator = np.random.default_rng(0)
    for name, diagnosis in (("dangerous", "mel"), ("not dangerous", "nv")):
        (folder / name).mkdir(parents=True)
        for number in range(1, 41):
            pattern = generator.integers(0, 256, (6, 6, 3), dtype=np.uint8)
            wide = np.asarray(Image.fromarray(pattern).resize((96, 96), Image.Resampling.BICUBIC))
            pixels = draw_spot(diagnosis, generator, 96) // 2 + wide // 2
            Image.fromarray(pixels.astype(np.uint8)).save(folder / name / f"{number}.jpg")


@pytest.mark.slow
def test_own_photos_and_comparing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made_photos(tmp_path / "photos")
    for page in ("how-to/own-photos.md", "how-to/compare-runs.md"):
        found = commands(page)
        assert found, page
        for arguments in found:
            quick = ["--preset", "cnn", "--quiet", *QUICK] if arguments[0] == "train" else []
            assert run([*arguments, *quick]) == 0, arguments
    assert (tmp_path / "reports" / "focal-against-first" / "comparison.html").is_file()
    assert (tmp_path / "data" / "own" / "description.html").is_file()
    assert (tmp_path / "bundles" / "own" / "card.html").is_file()
