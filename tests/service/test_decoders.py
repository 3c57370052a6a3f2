"""Photos that break their decoder, through the real service: each costs one request."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import psutil
import pytest
import uvicorn

from lentigo.errors import CorruptImage, DecodingFailed, TooManyPixels
from lentigo.imaging import ImageLimits, decode
from lentigo.inference import Predictor
from lentigo.service import Settings, create_app
from lentigo.service.decoders import Decoders
from lentigo.service.server import Server, bind
from tests.made import photo_bytes
from tests.servers import start, stop
from tests.test_imaging import huge_png

API = "/api/v1/assessments"

FAULTY = """
import os, sys, time
from lentigo import decoder, imaging

def decode(data, limits, side):
    if data.endswith(b"abort"):
        os.abort()
    if data.endswith(b"leave"):
        sys.exit(0)
    if data.endswith(b"fill"):
        kept = []
        while True:
            kept.append(bytearray(64 * 1024 * 1024))
    if data.endswith(b"compute"):
        while True:
            pass
    if data.endswith(b"sleep"):
        time.sleep(600)
    if data.endswith(b"babble"):
        os.write(1, b"nonsense" * 1000)
    if data.endswith(b"write"):
        with open(sys.argv[1], "wb") as file:
            file.write(data)
    return imaging.decode(data, limits, side)

decoder.CPU_S = 1
decoder.main(decode)
"""
"""A decoder with the faults that libraries have had, each set off by a photo's last bytes."""

GOOD = photo_bytes()
LIMITS = ImageLimits()


def faulty(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-c", FAULTY, *arguments]


@contextmanager
def decoders(count: int = 1, timeout_s: float = 60, **options: list[str]) -> Iterator[Decoders]:
    opened = Decoders(count, timeout_s, **options)
    try:
        yield opened
    finally:
        opened.close()


@pytest.fixture(scope="module")
def client(bundle_path: Path) -> Iterator[httpx.Client]:
    """A server whose decoders are faulty."""
    app = create_app(
        Settings(rate_limit="", uploads_per_client=30),
        {"lesions": Predictor.load(bundle_path)},
        Decoders(2, 60, faulty()),
    )
    with bind("127.0.0.1", 0) as listening:
        server = Server(uvicorn.Config(app, ws="none", log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        with httpx.Client(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", timeout=120) as opened:
            yield opened
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize("fault", ["abort", "leave", "fill", "compute", "babble"])
def test_a_decoder_that_fails_costs_one_request(client: httpx.Client, fault: str) -> None:
    refused = client.post(API, files={"photo": GOOD + fault.encode()})
    assert (refused.status_code, refused.json()["code"]) == (422, "decoding_failed")
    assert refused.json()["hint"]
    assert client.post(API, files={"photo": GOOD}).status_code == 200


def test_those_who_ask_beside_a_failing_photo_are_answered(client: httpx.Client) -> None:
    photos = [GOOD, GOOD + b"abort"] * 4
    with ThreadPoolExecutor(len(photos)) as pool:
        answers = list(pool.map(lambda data: client.post(API, files={"photo": data}).status_code, photos))
    assert answers == [200, 422] * 4


def test_one_photo_of_three_that_breaks_its_decoder_is_told_of(client: httpx.Client) -> None:
    refused = client.post(API, files=[("photo", GOOD), ("photo", GOOD + b"abort")])
    assert refused.json()["code"] == "decoding_failed"


def test_a_decoder_that_stalls_is_ended() -> None:
    with decoders(timeout_s=5, command=faulty()) as opened:
        started = time.monotonic()
        with pytest.raises(DecodingFailed):
            opened.decode(GOOD + b"sleep", LIMITS)
        assert 4 < time.monotonic() - started < 30


def test_a_decoder_can_write_no_file(tmp_path: Path) -> None:
    target = tmp_path / "photo"
    with decoders(command=faulty(str(target))) as opened, pytest.raises(DecodingFailed):
        opened.decode(GOOD + b"write", LIMITS)
    assert target.read_bytes() == b""


def test_pixels_and_errors_come_back_as_they_are_in_one_process() -> None:
    with decoders() as opened:
        for data in (GOOD, photo_bytes(size_px=1600), photo_bytes(image_format="PNG"), photo_bytes(size_px=1)):
            apart, here = opened.decode(data, LIMITS, 200), decode(data, LIMITS, 200)
            assert np.array_equal(apart.pixels, here.pixels)
            assert (apart.width_px, apart.height_px, apart.format) == (here.width_px, here.height_px, here.format)
        with pytest.raises(CorruptImage, match="cut short"):
            opened.decode(GOOD[:-900], LIMITS)
        with pytest.raises(TooManyPixels, match="64 megapixels"):
            opened.decode(huge_png(), LIMITS)


def test_a_decoder_that_ended_between_two_photos_is_started_again() -> None:
    others = set(psutil.Process().children())
    with decoders() as opened:
        opened.decode(GOOD, LIMITS)
        (child,) = set(psutil.Process().children()) - others
        child.kill()
        time.sleep(0.5)
        assert opened.decode(GOOD, LIMITS).width_px == 256
    assert set(psutil.Process().children()) == others


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_decoders_end_with_the_server_however_it_ends(bundle_path: Path, number: signal.Signals) -> None:
    process, address = start(bundle_path, LENTIGO_THREADS="2", LENTIGO_OTHER="x")
    try:
        assert httpx.post(address + API, files={"photo": GOOD}, timeout=60).status_code == 200
        children = psutil.Process(process.pid).children()
        assert len(children) == 2
        assert all("LENTIGO_OTHER" not in child.environ() for child in children)
        process.send_signal(number)
        process.wait(60)
        gone, left = psutil.wait_procs(children, timeout=30)
        assert (len(gone), left) == (2, [])
    finally:
        process.kill()
        stop(process)
        assert process.stdout is not None
        process.stdout.close()
