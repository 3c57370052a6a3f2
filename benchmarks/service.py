"""The server as an operator runs it: start, memory, latency, and throughput against a bare loop.

The photo is a drawn one, which the server also searches for faces; with LENTIGO_BENCH_PHOTOS, a folder of photos of
lesions, it is the first of them, enlarged.
"""

from __future__ import annotations

import io
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import numpy as np
import psutil
from PIL import Image

from lentigo.imaging import EXTENSIONS
from lentigo.inference import Predictor

BUNDLE = os.environ.get("LENTIGO_BENCH_BUNDLE", "lesions")
SINGLE, ROUNDS, PER_ROUND = 40, 5, 60
URL = "/api/v1/assessments"


def measure() -> str:
    """Returns a table of everything that the README states about the server."""
    large, usual = _enlarged(4000, 3000), _enlarged(600, 450)
    process, address, ready_s = start()
    try:
        with httpx.Client(base_url=address, timeout=60) as client:
            fresh = memory_mb(process)
            latency = statistics.median(timed(client, large) for _ in range(SINGLE))
            small_latency = statistics.median(timed(client, usual) for _ in range(SINGLE))
            ratios = {name: throughput(client, data) for name, data in (("12 MP", large), ("600x450", usual))}
            after = memory_mb(process)
    finally:
        process.terminate()
        process.wait()
    rows = "".join(
        f"| requests/s, {name} photos, {workers()} clients | {served:.0f} against {bare:.0f} in a bare loop of "
        f"decoding and onnxruntime: {ratio:.2f} |\n"
        for name, (served, bare, ratio) in ratios.items()
    )
    return (
        "## Service\n\n| figure | measured |\n|---|---|\n"
        f"| ready after | {ready_s:.2f} s |\n"
        f"| resident memory, fresh | {fresh:.0f} MB |\n"
        f"| resident memory, after {2 * SINGLE + 2 * ROUNDS * PER_ROUND} photos | {after:.0f} MB |\n"
        f"| a 12-megapixel JPEG, one client, median | {latency * 1000:.0f} ms |\n"
        f"| a 600x450 JPEG, one client, median | {small_latency * 1000:.0f} ms |\n{rows}"
    )


def workers() -> int:
    """As many as the server uses: one for each core."""
    return os.cpu_count() or 1


def photo_files() -> list[Path]:
    """The photos in the folder LENTIGO_BENCH_PHOTOS, if there is one."""
    folder = os.environ.get("LENTIGO_BENCH_PHOTOS")
    if not folder:
        return []
    return sorted(one for one in Path(folder).rglob("*") if one.suffix.lower() in EXTENSIONS)


def _enlarged(width: int, height: int) -> bytes:
    for path in photo_files()[:1]:
        file = io.BytesIO()
        with Image.open(path) as image:
            image.convert("RGB").resize((width, height), Image.Resampling.BICUBIC).save(file, "JPEG", quality=88)
        return file.getvalue()
    return photo(width, height)


def photo(width: int, height: int) -> bytes:
    """A JPEG with the detail of a phone's photo of skin: soft forms under fine grain."""
    generator = np.random.default_rng(0)
    forms = Image.fromarray(generator.integers(120, 220, (18, 24, 3), dtype=np.uint8))
    smooth = np.asarray(forms.resize((width, height), Image.Resampling.BICUBIC)).astype(np.int16)
    grain = np.asarray(
        Image.fromarray(generator.integers(0, 24, (height // 2, width // 2), dtype=np.uint8)).resize((width, height))
    )
    file = io.BytesIO()
    Image.fromarray(np.clip(smooth + grain[..., None] - 12, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=88)
    return file.getvalue()


def start(**changes: str) -> tuple[subprocess.Popen[str], str, float]:
    """Start the real server, with changes to its environment; how long it took to say that it is ready."""
    command = [sys.executable, "-c", "from lentigo.cli import main; main()", "serve", "--port", "0", "--bundle", BUNDLE]
    environment = {
        **os.environ,
        "LENTIGO_RATE_LIMIT": "",
        "LENTIGO_QUEUE": "64",
        "LENTIGO_UPLOADS_PER_CLIENT": "32",
        **changes,
    }
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
    assert process.stdout is not None  # noqa: S101  # it was asked for above
    line = process.stdout.readline()
    if not line:
        sys.exit("the server did not start")
    return process, line.rpartition(" ")[2].strip(), time.perf_counter() - started


def memory_mb(process: subprocess.Popen[str]) -> float:
    """Resident memory of the server."""
    return float(psutil.Process(process.pid).memory_info().rss) / 1e6


def timed(client: httpx.Client, data: bytes) -> float:
    """Seconds that one request takes."""
    started = time.perf_counter()
    client.post(URL, files={"photo": data}).raise_for_status()
    return time.perf_counter() - started


def throughput(client: httpx.Client, data: bytes) -> tuple[float, float, float]:
    """Requests per second, those of a bare loop on as many threads, and the median ratio of rounds by turns.

    The clients share the machine's cores with the server, so they send the bytes of a request that was made before over
    a plain socket, and read no more than they must: what they cost is the server's loss here.
    """
    request = client.build_request("POST", URL, files={"photo": data})
    body = request.read()
    head = f"POST {URL} HTTP/1.1\r\nHost: {client.base_url.host}\r\nContent-Type: {request.headers['content-type']}\r\n"
    message = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    connections = threading.local()

    def ask(_: int) -> None:
        if not hasattr(connections, "one"):
            connections.one = socket.create_connection((client.base_url.host, client.base_url.port or 80))
        connections.one.sendall(message)
        read_answer(connections.one)

    predictor = Predictor.load(BUNDLE)
    nothing = np.zeros(predictor.card.answer_columns, np.float32)
    served, bare = [], []
    with ThreadPoolExecutor(workers()) as pool:
        for _ in range(ROUNDS):
            served.append(rate(pool, ask))
            bare.append(rate(pool, lambda _: predictor.engine.run(predictor.decode(data).pixels, nothing)))
    ratio = statistics.median(one / other for one, other in zip(served, bare, strict=True))
    return statistics.median(served), statistics.median(bare), ratio


def read_answer(connection: socket.socket) -> None:
    """Read one answer to its end; anything but 200 ends the benchmark."""
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(65536)
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        sys.exit(f"the server answered {head[:40]!r}")
    left = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]) - len(body)
    while left > 0:
        left -= len(connection.recv(left))


def rate(pool: ThreadPoolExecutor, work: object) -> float:
    """How often per second the pool gets the work done."""
    started = time.perf_counter()
    list(pool.map(work, range(PER_ROUND)))  # type: ignore[arg-type]  # a function of one argument
    return PER_ROUND / (time.perf_counter() - started)
