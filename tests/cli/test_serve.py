"""`lentigo serve` at its borders: ports, bundles, signals."""

from __future__ import annotations

import errno
import signal
import socket
import subprocess
from pathlib import Path

import httpx
import pytest

from lentigo.errors import ServerError
from lentigo.service.server import bind, listen_hint
from tests.made import photo_bytes
from tests.servers import lentigo, running, start


def fail(*arguments: str | Path, **environment: str) -> tuple[int, str]:
    finished = subprocess.run(lentigo(*arguments), capture_output=True, text=True, timeout=60, check=False)
    del environment
    return finished.returncode, finished.stderr


def test_two_servers_on_one_port_give_one_clear_line(bundle_path: Path) -> None:
    with running(bundle_path) as client:
        code, errors = fail("serve", "--port", str(client.base_url.port), "--bundle", bundle_path)
    assert code == 2
    assert errors.count("\n") == 1
    assert f"127.0.0.1:{client.base_url.port}" in errors
    assert "PORT=" in errors


@pytest.mark.parametrize(
    ("host", "hint"),
    [("nosuch.invalid", "known by that name"), ("a..b", "known by that name"), ("192.0.2.1", "not this machine's")],
)
def test_an_address_that_cannot_be_listened_on_says_why(host: str, hint: str) -> None:
    with pytest.raises(ServerError, match=hint) as caught:
        bind(host, 0)
    assert "port" not in caught.value.hint


def test_the_hint_follows_the_cause() -> None:
    assert "permission" in listen_hint(PermissionError(errno.EACCES, "Permission denied"), 80)
    taken = OSError(errno.EADDRINUSE, "Address already in use")
    assert "PORT=8001" in listen_hint(taken, 8000)
    assert "PORT=65534" in listen_hint(taken, 65535)
    assert "--host" in listen_hint(OSError(errno.EAFNOSUPPORT, "no IPv6"), 8000)


def test_a_port_that_is_taken_is_said_to_be() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(ServerError, match="Another program"):
        bind("127.0.0.1", other.getsockname()[1])


def test_a_missing_bundle_gives_one_clear_line(tmp_path: Path) -> None:
    code, errors = fail("serve", "--port", "0", "--bundle", tmp_path / "nothing")
    assert code == 2
    assert errors.startswith("Error: There is no bundle")
    assert errors.count("\n") == 1


def test_an_altered_bundle_gives_one_clear_line(bundle_path: Path, tmp_path: Path) -> None:
    (tmp_path / "card.json").write_bytes((bundle_path / "card.json").read_bytes())
    (tmp_path / "model.onnx").write_bytes(b"something else")
    code, errors = fail("serve", "--port", "0", "--bundle", tmp_path)
    assert code == 1
    assert "is not the graph that the card was written for" in errors
    assert errors.count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_cleanly(bundle_path: Path, number: signal.Signals) -> None:
    process, address = start(bundle_path)
    assert httpx.post(f"{address}/api/v1/assessments", files={"photo": photo_bytes()}).status_code == 200
    process.send_signal(number)
    assert process.wait(timeout=60) in (0, -number, 128 + number)
    assert process.stdout is not None
    process.stdout.close()


def test_the_port_is_read_from_the_environment(bundle_path: Path) -> None:
    with running(bundle_path, PORT="1") as client:
        assert client.base_url.port != 1, "the command line goes before the environment"
    assert fail("serve", "--port", "70000")[0] == 2
