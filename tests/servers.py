"""Real servers for tests: the command that an operator runs, on a free port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

READY = "Lentigo is ready: "
START_S = 30.0


def lentigo(*arguments: str | Path) -> list[str]:
    """The command line that runs Lentigo."""
    return [sys.executable, "-c", "from lentigo.cli import main; main()", *map(str, arguments)]


def start(bundle: Path, port: int = 0, **environment: str) -> tuple[subprocess.Popen[str], str]:
    """Start a server; returns its process and address once it says that it is ready.

    Unless it is told to, it does not hand out its bundle: pages then ask it, and fetch nothing large.
    """
    command = lentigo("serve", "--port", str(port), "--bundle", bundle)
    surroundings = {**os.environ, "LENTIGO_HAND_OUT_BUNDLES": "false", **environment}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=surroundings)
    assert process.stdout is not None
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        line = process.stdout.readline()
        if line.startswith(READY):
            return process, line.removeprefix(READY).strip()
        if not line:
            break
    process.kill()
    raise AssertionError("the server did not become ready")


def stop(process: subprocess.Popen[str]) -> int:
    """Ask a server to stop, and wait until it has."""
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=60)


@contextmanager
def running(bundle: Path, **environment: str) -> Iterator[httpx.Client]:
    """A client of a server that runs while this is open."""
    process, address = start(bundle, 0, **environment)
    try:
        with httpx.Client(base_url=address, timeout=30) as client:
            yield client
    finally:
        stop(process)
        assert process.stdout is not None
        process.stdout.close()
