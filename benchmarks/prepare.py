"""How long it takes to prepare 10,000 photos of 600x450, and whether memory stays flat."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

IMAGES = 10_000
DISTINCT = 200
COLUMNS = ("lesion_id", "image_id", "dx", "dx_type", "age", "sex", "localization")


def measure(images: int = IMAGES) -> str:
    """Prepare made photos in HAM10000's layout with the real command; returns a table."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        write_source(source, images)
        seconds, memory = run(source, Path(folder) / "out")
    quarter = np.median(memory[: max(1, len(memory) // 4)])
    return (
        "## Preparing\n\n"
        "| photos of 600x450 | seconds | photos/s | memory of all processes, first quarter (median) | last quarter |\n"
        "|---|---|---|---|---|\n"
        f"| {images:,} | {seconds:.0f} | {images / seconds:.0f} | {quarter / 1e6:.0f} MB | "
        f"{np.median(memory[-len(memory) // 4 :]) / 1e6:.0f} MB |\n"
    )


def write_source(folder: Path, images: int) -> None:
    """Photos like dermoscopy in size and detail; each file differs, so that none is a duplicate."""
    generator = np.random.default_rng(0)
    pictures = folder / "images"
    pictures.mkdir(parents=True)
    originals = [_picture(generator) for _ in range(DISTINCT)]
    rows = []
    for number in range(images):
        name = f"ISIC_{number:07d}"
        data = originals[number % DISTINCT]
        # A comment segment makes each file's bytes its own without drawing each picture anew.
        comment = b"\xff\xfe" + (2 + 8).to_bytes(2, "big") + number.to_bytes(8, "big")
        (pictures / f"{name}.jpg").write_bytes(data[:2] + comment + data[2:])
        rows.append(
            (
                f"HAM_{number % DISTINCT:07d}",
                name,
                ("nv", "mel", "bkl")[number % DISTINCT % 3],
                "histo",
                50,
                "male",
                "back",
            )
        )
    with (folder / "HAM10000_metadata.csv").open("w", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])


def _picture(generator: np.random.Generator) -> bytes:
    import io

    coarse = Image.fromarray(generator.integers(90, 230, (12, 16, 3), dtype=np.uint8)).resize(
        (600, 450), Image.Resampling.BICUBIC
    )
    noisy = np.asarray(coarse).astype(np.int16) + generator.integers(-12, 13, (450, 600, 1))
    file = io.BytesIO()
    Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=90)
    return file.getvalue()


def run(source: Path, out: Path) -> tuple[float, list[int]]:
    """Seconds, and the resident memory of the command and its workers over time."""
    lentigo = [sys.executable, "-c", "from lentigo.cli import main; main()"]
    command = [*lentigo, "prepare", "ham10000", str(source), "--out", str(out)]
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    memory: list[int] = []
    done = threading.Event()

    def watch() -> None:
        parent = psutil.Process(process.pid)
        while not done.wait(0.5):
            try:
                family = [parent, *parent.children(recursive=True)]
                memory.append(sum(one.memory_info().rss for one in family))
            except psutil.Error:
                continue

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    done.set()
    watcher.join()
    if code:
        sys.exit(f"prepare failed with {code}")
    shutil.rmtree(source)
    return time.monotonic() - started, memory or [0]
