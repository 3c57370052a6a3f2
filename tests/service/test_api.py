"""The service as a client sees it: a real server on a free port."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from lentigo.service.problems import Problem
from tests.made import photo_bytes
from tests.servers import lentigo, running, start, stop
from tests.test_imaging import huge_png

API = "/api/v1/assessments"


@pytest.fixture(scope="module")
def client(bundle_path: Path) -> Iterator[httpx.Client]:
    with running(bundle_path, LENTIGO_RATE_LIMIT="", LENTIGO_UPLOADS="100", LENTIGO_UPLOADS_PER_CLIENT="100") as opened:
        yield opened


def photo(data: bytes | None = None, name: str = "a.jpg") -> tuple[str, tuple[str, bytes, str]]:
    return ("photo", (name, photo_bytes() if data is None else data, "image/jpeg"))


def assert_problem(response: httpx.Response, status: int, code: str) -> Problem:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = Problem.model_validate(response.json())
    assert problem.code == code
    assert problem.status == status
    assert problem.request_id == response.headers["x-request-id"]
    return problem


def test_a_photo_is_assessed(client: httpx.Client) -> None:
    answers = {"age": "71", "sex": "female", "itches": "yes", "explain": "true", "site": "back"}
    response = client.post(API, files=[photo()], data=answers)
    assert response.status_code == 200
    found = response.json()
    assert found["outcome"] == "assessed"
    assert len(found["diagnoses"]) == 8
    assert {one["answer"] for one in found["evidence"]["answers"]} == {"age", "sex", "itches", "site"}
    assert response.headers["cache-control"] == "no-store"


def test_any_diagnosis_is_explained_and_drawn_when_asked_for(client: httpx.Client) -> None:
    plain = client.post(API, files=[photo()], data={"explain": "bcc"}).json()["evidence"]
    assert (plain["map"]["code"], plain["map"]["overlay"]) == ("bcc", None)
    drawn = client.post(API, files=[photo()] * 2, data={"explain": "true", "overlay": "true"}).json()
    maps = [drawn["evidence"]["map"], *drawn["evidence"]["others"]]
    assert [one["code"] for one in maps] == [drawn["diagnoses"][0]["code"]] * 2
    assert all(base64.b64decode(one["overlay"]).startswith(b"\x89PNG") for one in maps)
    assert drawn["disagreement"]["diagnosis"] is False


def test_without_explain_there_is_no_evidence(client: httpx.Client) -> None:
    assert client.post(API, files=[photo()]).json()["evidence"] is None


def test_three_photos_of_one_spot_are_one_answer_and_four_are_too_many(client: httpx.Client) -> None:
    assert client.post(API, files=[photo()] * 3).status_code == 200
    assert_problem(client.post(API, files=[photo()] * 4), 422, "malformed_request")


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 422, "empty_file"),
        (b"text", 415, "unsupported_format"),
        (b"GIF89a" + bytes(40), 415, "unsupported_format"),
        (photo_bytes()[:-800], 422, "corrupt_image"),
        (b"\x89PNG\r\n\x1a\n" + bytes(30), 422, "corrupt_image"),
        (huge_png(), 413, "too_many_pixels"),
    ],
)
def test_a_file_that_is_no_photo_is_a_problem(client: httpx.Client, data: bytes, status: int, code: str) -> None:
    assert assert_problem(client.post(API, files=[photo(data)]), status, code).hint


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"age": "abc"}, 422, "answer_invalid"),
        ({"age": "999"}, 422, "answer_invalid"),
        ({"sex": "?"}, 422, "answer_invalid"),
        ({"site": "moon"}, 422, "answer_invalid"),
        ({"grew": "maybe"}, 422, "answer_invalid"),
        ({"bundle": "nothing"}, 404, "bundle_not_found"),
        ({"explain": "perhaps"}, 422, "diagnosis_unknown"),
        ({"overlay": "true"}, 422, "malformed_request"),
        ({"explain": "true", "overlay": "perhaps"}, 422, "malformed_request"),
        ({"shoe": "42"}, 422, "malformed_request"),
        ({"age": ["1", "2"]}, 422, "malformed_request"),
        ({"site": "x" * 5000}, 422, "malformed_request"),
    ],
)
def test_a_field_that_is_wrong_is_a_problem(
    client: httpx.Client, fields: dict[str, Any], status: int, code: str
) -> None:
    assert_problem(client.post(API, files=[photo()], data=fields), status, code)


def test_a_request_without_a_photo_is_a_problem(client: httpx.Client) -> None:
    assert_problem(client.post(API, files=[("age", (None, "3"))]), 422, "photo_missing")
    assert_problem(client.post(API, data={"age": "3"}), 422, "malformed_request")
    assert_problem(client.post(API, files=[("other", ("a", b"b", "image/png"))]), 422, "malformed_request")
    broken = client.post(API, content=b"--x\r\nnonsense", headers={"content-type": "multipart/form-data; boundary=x"})
    assert_problem(broken, 422, "photo_missing")
    text = assert_problem(client.post(API, files=[("photo", (None, "abc"))]), 422, "malformed_request")
    assert "'photo' must be a file" in text.detail
    long = assert_problem(client.post(API, files=[("photo", (None, "a" * 5000))]), 422, "malformed_request")
    assert "as files" in long.hint
    unbounded = client.post(API, content=b"x", headers={"content-type": "multipart/form-data"})
    assert_problem(unbounded, 422, "malformed_request")


def test_every_route_answers_a_wrong_method_and_a_wrong_path_alike(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    api = {f"/api/v1/{name}" for name in ("assessments", "referrals", "features", "bundles", "conditions")}
    assert api | {"/healthz", "/readyz", "/metrics"} == set(paths)
    for path in paths:
        assert_problem(client.delete(path), 405, "method_not_allowed")
        assert_problem(client.get(f"{path}/nothing"), 404, "not_found")


def test_bundles_and_conditions_are_listed(client: httpx.Client) -> None:
    bundles = client.get("/api/v1/bundles").json()["bundles"]
    assert [one["name"] for one in bundles] == ["lesions"]
    assert [answer["name"] for answer in bundles[0]["answers"]][:3] == ["age", "sex", "site"]
    assert bundles[0]["quality"][0].keys() >= {"reason", "measure", "good", "limit"}
    assert bundles[0]["privacy"] is None
    conditions = client.get("/api/v1/conditions", params={"locale": "xx"}).json()["conditions"]
    assert {one["code"] for one in conditions} == {one["code"] for one in bundles[0]["diagnoses"]}
    assert all(one["links"] for one in conditions)


def test_texts_are_in_the_language_that_is_wanted_most(client: httpx.Client) -> None:
    wanted = {"accept-language": "pl, fr;q=0.5, nl-BE;q=0.9"}
    dutch = client.post(API, files=[photo()], headers=wanted).json()
    assert dutch["disclaimer"].startswith("Lentigo is geen medisch hulpmiddel")
    french = client.post(API, files=[photo()], data={"locale": "fr-CH"}, headers=wanted).json()
    assert french["disclaimer"].startswith("Lentigo n'est pas")
    names = [one["name"] for one in client.get("/api/v1/conditions", headers=wanted).json()["conditions"]]
    assert "Melanoom" in names
    diagnoses = client.get("/api/v1/bundles", params={"locale": "de"}).json()["bundles"][0]["diagnoses"]
    assert "Muttermal (Nävus)" in [one["name"] for one in diagnoses]


def test_health_readiness_and_metrics(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}
    client.post(API, files=[photo()])
    text = client.get("/metrics").text
    assert 'lentigo_outcomes_total{bundle="lesions",outcome="assessed"}' in text
    assert 'route="/api/v1/assessments"' in text
    assert "a.jpg" not in text


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz"])
def test_a_probe_may_ask_for_the_head_alone(client: httpx.Client, path: str) -> None:
    head, whole = client.head(path), client.get(path)
    assert head.status_code == whole.status_code
    assert head.headers["content-type"] == whole.headers["content-type"]
    assert head.content == b""


def test_every_answer_carries_the_security_headers(client: httpx.Client) -> None:
    for response in (client.get("/healthz"), client.get("/nothing"), client.get("/")):
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert "unsafe-inline" not in response.headers["content-security-policy"]
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert "server" not in response.headers


def test_many_at_once_are_all_answered_or_told_to_wait(client: httpx.Client) -> None:
    data = photo_bytes(size_px=1200)
    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(lambda _: client.post(API, files=[photo(data)]), range(80)))
    assert {answer.status_code for answer in answers} <= {200, 503}
    assert sum(answer.status_code == 200 for answer in answers) >= 18
    for answer in answers:
        if answer.status_code == 503:
            assert_problem(answer, 503, "overloaded")
            assert answer.headers["retry-after"]
    assert client.post(API, files=[photo()]).status_code == 200


def test_a_body_over_the_limit_is_refused_while_it_comes(bundle_path: Path) -> None:
    with running(bundle_path, LENTIGO_MAX_BODY_BYTES="20000") as client:
        assert_problem(client.post(API, files=[photo(bytes(50_000))]), 413, "body_too_large")

        def endless() -> Iterator[bytes]:
            yield b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n'
            for _ in range(40):
                yield bytes(10_000)

        headers = {"content-type": "multipart/form-data; boundary=b"}
        try:
            refused = client.post(API, content=endless(), headers=headers)
        except httpx.TransportError:
            pass  # the server had answered and closed before the client was done sending
        else:
            assert_problem(refused, 413, "body_too_large")
        assert client.get("/healthz").status_code == 200


def test_one_client_that_asks_too_often_is_told_to_wait(bundle_path: Path) -> None:
    with running(bundle_path, LENTIGO_RATE_LIMIT="2/minute", LENTIGO_TRUSTED_PROXIES="1") as client:
        codes = [client.post(API, files=[photo()]).status_code for _ in range(3)]
        assert codes == [200, 200, 429]
        assert_problem(client.post(API, files=[photo()]), 429, "rate_limited")
        # The proxy's own entry is the last; what a client puts before it does not count.
        forged = {"x-forwarded-for": "1.1.1.1, 9.9.9.9"}
        assert [client.post(API, files=[photo()], headers=forged).status_code for _ in range(3)] == [200, 200, 429]
        lines = [("x-forwarded-for", "3.3.3.3"), ("x-forwarded-for", "9.9.9.9")]
        assert client.post(API, files=[photo()], headers=lines).status_code == 429
        again = {"x-forwarded-for": "2.2.2.2, 9.9.9.9"}
        assert client.post(API, files=[photo()], headers=again).status_code == 429


@contextlib.contextmanager
def half_sent(client: httpx.Client, sender: str) -> Iterator[socket.socket]:
    """A request that began to arrive from ``sender``, as a trusted proxy tells, and does not go on."""
    with socket.create_connection((client.base_url.host, client.base_url.port or 80), timeout=30) as slow:
        slow.sendall(
            f"POST {API} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {sender}\r\nContent-Length: 100000\r\n"
            "Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n".encode()
        )
        yield slow


def test_half_sent_requests_block_neither_other_clients_nor_the_work(bundle_path: Path) -> None:
    limits = {"LENTIGO_THREADS": "1", "LENTIGO_QUEUE": "0", "LENTIGO_TRUSTED_PROXIES": "1", "LENTIGO_UPLOADS": "5"}
    with running(bundle_path, **limits) as client, contextlib.ExitStack() as slow:

        def ask(sender: str) -> httpx.Response:
            return client.post(API, files=[photo()], headers={"x-forwarded-for": sender})

        def wait_for(sender: str, status: int) -> httpx.Response:
            deadline = time.monotonic() + 10
            while (answer := ask(sender)).status_code != status and time.monotonic() < deadline:
                time.sleep(0.1)
            return answer

        for _ in range(3):
            slow.enter_context(half_sent(client, "6.6.6.6"))
        assert_problem(wait_for("6.6.6.6", 429), 429, "rate_limited")
        assert ask("7.7.7.7").status_code == 200
        for _ in range(2):
            slow.enter_context(half_sent(client, "8.8.8.8"))
        assert_problem(wait_for("7.7.7.7", 503), 503, "overloaded")
        slow.close()
        assert wait_for("6.6.6.6", 200).status_code == 200


def test_a_client_that_sends_too_slowly_does_not_hold_a_place(bundle_path: Path) -> None:
    with running(bundle_path, LENTIGO_REQUEST_TIMEOUT_S="0.5", LENTIGO_UPLOADS_PER_CLIENT="1") as client:
        with half_sent(client, "6.6.6.6") as slow:
            assert b" 408 " in slow.recv(2000)
        assert client.post(API, files=[photo()]).status_code == 200


def test_a_client_that_goes_away_frees_its_place_and_is_no_failure(bundle_path: Path, capfd: Any) -> None:
    with running(bundle_path, LENTIGO_UPLOADS_PER_CLIENT="1", LENTIGO_LOG_FORMAT="json") as client:
        with half_sent(client, "6.6.6.6"):
            time.sleep(0.2)
        deadline = time.monotonic() + 10
        while (answer := client.post(API, files=[photo()])).status_code == 429 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert answer.status_code == 200
        metrics = client.get("/metrics").text
    log = capfd.readouterr().err
    assert 'status="499"' in metrics
    assert 'status="500"' not in metrics
    assert '"status": 499' in log
    assert "Traceback" not in log
    assert "ClientDisconnect" not in log


def open_files(pid: int) -> Iterator[str]:
    """Targets of a process's open files, deleted ones too, which have no path any more."""
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed since it was listed
            yield os.readlink(handle)  # noqa: PTH115  # Path.readlink would do no more


def test_photos_never_touch_the_disk(bundle_path: Path, tmp_path: Path) -> None:
    watched = tmp_path / "tmp"
    watched.mkdir()
    seen: set[str] = set()
    done = threading.Event()

    def watch(pid: int) -> None:
        while not done.is_set():
            seen.update(os.listdir(watched))  # noqa: PTH208  # names alone are wanted, and fast
            seen.update(target for target in open_files(pid) if str(watched) in target)

    process, address = start(bundle_path, TMPDIR=str(watched), LENTIGO_RATE_LIMIT="")
    watcher = threading.Thread(target=watch, args=(process.pid,))
    watcher.start()
    try:
        large = photo_bytes(size_px=1500, image_format="PNG")
        assert len(large) > 3_000_000
        for _ in range(5):
            assert httpx.post(address + API, files=[photo(large)], timeout=30).status_code == 200
    finally:
        done.set()
        watcher.join()
        stop(process)
        assert process.stdout is not None
        process.stdout.close()
    assert seen == set()


def test_the_log_tells_nothing_of_the_photo_or_the_person(bundle_path: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = lentigo("serve", "--port", "0", "--bundle", bundle_path)
    with log.open("w") as errors:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env={**os.environ, "LENTIGO_LOG_FORMAT": "json"}
        )
        assert process.stdout is not None
        address = process.stdout.readline().rpartition(" ")[2].strip()
        httpx.post(address + API, files=[photo(name="secret-beach.jpg")], data={"age": "77", "site": "genital"})
        stop(process)
        process.stdout.close()
    text = log.read_text()
    assert '"route": "/api/v1/assessments"' in text
    assert "secret-beach" not in text
    assert "77" not in [part.strip('"') for part in text.split()]
    assert "genital" not in text


def test_a_failure_inside_tells_nothing_of_the_inside(bundle_path: Path) -> None:
    from lentigo.inference import Predictor
    from lentigo.service import Settings, create_app

    predictor = Predictor.load(bundle_path)
    predictor.engine = None  # type: ignore[assignment]  # broken on purpose: what a bug would do
    transport = httpx.ASGITransport(create_app(Settings(), {"lesions": predictor}), raise_app_exceptions=False)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.post(API, files=[photo()])

    # In a thread of its own: the browser tests keep an event loop in this one.
    with ThreadPoolExecutor(1) as pool:
        response = pool.submit(asyncio.run, ask()).result()
    problem = assert_problem(response, 500, "internal_error")
    assert "NoneType" not in response.text
    assert "again" in problem.hint
