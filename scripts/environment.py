"""Make a virtual environment from a pinned requirements file, and install Lentigo into it.

Usage: python scripts/environment.py FOLDER REQUIREMENTS

Needs Python 3.11 or newer with venv, and nothing else: uv, which resolves and installs many times faster than pip,
comes from the package index like everything else, pinned by requirements/tools.txt.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MINIMUM = (3, 11)


def main(folder: Path, requirements: Path) -> None:
    """Make or bring up to date the environment in ``folder``."""
    if sys.version_info < MINIMUM:
        sys.exit(f"Lentigo needs Python {'.'.join(map(str, MINIMUM))} or newer; this is {sys.version.split()[0]}.")
    if not (folder / "bin" / "python").exists():
        venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r",
        str(ROOT / "requirements" / "tools.txt"))  # fmt: skip
    uv = (python, "-m", "uv", "pip")
    run(*uv, "install", "--quiet", "--require-hashes", "-r", str(requirements))
    # hatchling, which builds Lentigo, is pinned among the tools: no build environment is fetched anew.
    run(*uv, "install", "--quiet", "--no-deps", "--no-build-isolation", "-e", str(ROOT))


def run(*command: str) -> None:
    """Run one command; its failure ends the script."""
    environment = {**os.environ, "VIRTUAL_ENV": str(Path(command[0]).parent.parent.absolute())}
    finished = subprocess.run(command, check=False, env=environment)
    if finished.returncode:
        sys.exit(f"failed: {' '.join(command)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
