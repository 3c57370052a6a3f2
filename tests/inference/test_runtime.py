"""onnxruntime reports to nobody."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SOURCES = Path(__file__).parents[2] / "src"


def test_importing_the_engine_writes_nothing_and_opens_no_connection(tmp_path: Path) -> None:
    watched = tmp_path / "tmp"
    watched.mkdir()
    script = (
        "import lentigo.inference.engine, time, pathlib; time.sleep(0.5);"
        "print([l for l in pathlib.Path('/proc/net/tcp').read_text().splitlines()[1:] if l.split()[3] == '02'])"
    )
    environment = {**os.environ, "TMPDIR": str(watched), "HOME": str(watched)}
    for name in ("ORT_DISABLE_TELEMETRY", "ORT_TELEMETRY_DISABLED"):
        environment.pop(name, None)
    finished = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert list(watched.rglob("*")) == []
    assert finished.stdout.strip() == "[]"


def test_nothing_else_imports_onnxruntime() -> None:
    importers = [
        path.name
        for path in SOURCES.rglob("*.py")
        if any(line.startswith(("import onnxruntime", "from onnxruntime")) for line in path.read_text().splitlines())
    ]
    assert importers == ["runtime.py"]
