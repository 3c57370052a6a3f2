"""Pin every dependency with its hashes, without naming where it comes from: writes requirements/*.txt.

Usage: python scripts/pin.py [PACKAGE ...]    without packages, everything is brought up to date
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUTPUTS: dict[str, list[str]] = {
    "server.txt": ["pyproject.toml"],
    "dev.txt": [
        "pyproject.toml",
        "requirements/tools.in",
        "--extra",
        "train",
        "--extra",
        "federated",
        "--extra",
        "dev",
    ],
    "tools.txt": ["requirements/tools.in"],
    "node.txt": ["requirements/node.in"],
}


def main(packages: list[str]) -> None:
    """Write each file anew, upgrading everything or the named packages."""
    upgrade = [option for package in packages for option in ("--upgrade-package", package)] or ["--upgrade"]
    for name, sources in OUTPUTS.items():
        command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
        command += ["--generate-hashes", "--no-emit-index-url", "--custom-compile-command", "make requirements"]
        command += [*upgrade, "--output-file", f"requirements/{name}", *sources]
        subprocess.run(command, check=True, cwd=ROOT)


if __name__ == "__main__":
    main(sys.argv[1:])
