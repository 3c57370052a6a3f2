"""A server and its clients as processes of their own, on loopback, with certificates and keys."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest

from lentigo.errors import FederationError, UsageError
from lentigo.federated.keys import ClientKeys, ServerKeys, make_keys
from lentigo.federated.superlink import superlink
from lentigo.federated.supernode import Address, await_server
from lentigo.training.run import Run
from tests.federated.made import command
from tests.made import make_dataset

PATIENCE_S = 240.0
CLIENTS = ["berlin", "graz", "zurich"]


class Process:
    """A `lentigo` command that writes into a log."""

    def __init__(self, log: Path, *arguments: str | Path) -> None:
        self.log = log
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "OMP_NUM_THREADS": "1"}
        with log.open("a") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "lentigo", *map(str, arguments)], stdout=file, stderr=file, env=environment
            )

    def says(self, words: str) -> None:
        """Wait until the log holds some words."""
        deadline = time.monotonic() + PATIENCE_S
        while words not in self.text():
            assert self.process.poll() is None or words in self.text(), self.text()
            assert time.monotonic() < deadline, f"no '{words}' in:\n{self.text()}"
            time.sleep(0.1)

    def text(self) -> str:
        return self.log.read_text()

    def ends(self) -> int:
        """Wait until it has ended."""
        return self.process.wait(PATIENCE_S)


@pytest.fixture
def processes() -> Iterator[list[Process]]:
    started: list[Process] = []
    yield started
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait(10)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("federation") / "keys"
    make_keys(out, ["localhost", "127.0.0.1"], CLIENTS)
    return out


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.slow
def test_a_killed_client_and_a_stopped_server_lose_no_round(
    keys: Path, tmp_path: Path, processes: list[Process]
) -> None:
    port, out = free_port(), tmp_path / "run"
    serve = command("federated", "server", "--keys", keys / "server", "--out", out, "--port", str(port))
    serve += ["--rounds", "4", "--min-clients", "2", "--diagnoses", "mel,nv,bcc", "--slow-floor", "600"]
    joining: dict[str, list[str | Path]] = {
        name: [
            *("federated", "client", "--data", make_dataset(tmp_path / name, per_class=12, seed=number)),
            *("--keys", keys / name, "--server", f"127.0.0.1:{port}"),
        ]
        for number, name in enumerate(CLIENTS)
    }

    def start(log: str, arguments: Sequence[str | Path]) -> Process:
        processes.append(Process(tmp_path / log, *arguments))
        return processes[-1]

    server = start("server.log", serve)
    clients = {name: start(f"{name}.log", arguments) for name, arguments in joining.items()}
    server.says("zurich: 6 test")
    # Held in the middle of its work, then killed: the server must not wait for it for ever.
    server.says("round 1/4")
    clients["zurich"].process.send_signal(signal.SIGSTOP)
    for name in ("berlin", "graz"):
        clients[name].says("Round 2: Trained")
    clients["zurich"].process.kill()
    clients["zurich"].ends()
    again = start("zurich-again.log", joining["zurich"])
    server.says("zurich is left out of round 2")
    server.says("zurich is back")
    server.says("round 2/4")

    server.process.send_signal(signal.SIGTERM)
    assert server.ends() == 130
    done = [line["epoch"] for line in Run(out).epochs()]
    assert done[:2] == [1, 2]
    server = start("server-again.log", serve)
    assert server.ends() == 0, server.text()
    assert "round 1/4" not in server.text()
    again.says("The federation is done")
    assert all(one.ends() == 0 for one in (clients["berlin"], clients["graz"], again))

    run = Run(out)
    assert [line["epoch"] for line in run.epochs()] == [1, 2, 3, 4]
    assert "failed" in run.epochs()[1]["clients"]["zurich"]
    assert "failed" not in run.epochs()[3]["clients"]["zurich"]
    assert {source.name for source in run.record.sources} >= {"berlin: ham10000", "zurich: ham10000"}
    assert run.calibration.temperature > 0
    assert not list(out.glob("flower.sqlite*"))


def test_only_what_nodes_call_is_served_to_others(keys: Path, tmp_path: Path) -> None:
    port = free_port()
    tls = ssl.create_default_context(cafile=str(keys / "berlin" / "ca.pem"))
    with (
        superlink(ServerKeys(keys / "server"), "127.0.0.1", port, tmp_path / "db.sqlite", print),
        httpx.Client(base_url=f"https://127.0.0.1:{port}", verify=tls) as client,
    ):
        for path in ("/v1/control/start-run", "/v1/runtime/acquire-task", "/docs", "/openapi.json", "/"):
            assert client.post(path, content=b"").status_code == 404, path
        assert client.post("/v1/fleet/activate-node", content=b"").status_code == 403


@pytest.mark.slow
def test_a_stranger_and_a_false_server_are_told_on_both_sides(
    keys: Path, tmp_path: Path, dataset_path: Path, processes: list[Process]
) -> None:
    other = tmp_path / "other"
    make_keys(other, ["127.0.0.1"], ["stranger"])
    lines: list[str] = []
    port = free_port()
    with superlink(ServerKeys(keys / "server"), "127.0.0.1", port, tmp_path / "db.sqlite", lines.append):
        address = Address("127.0.0.1", port)
        with pytest.raises(FederationError, match="cannot be trusted"):
            await_server(address, ClientKeys(other / "stranger"), print)
        # The right authority, but a key that the server was never given.
        (other / "stranger" / "ca.pem").write_bytes((keys / "berlin" / "ca.pem").read_bytes())
        stranger = Process(
            tmp_path / "stranger.log",
            *("federated", "client", "--data", dataset_path, "--keys", other / "stranger", "--server", str(address)),
        )
        processes.append(stranger)
        assert stranger.ends() == 1
    assert "refused this client" in stranger.text()
    assert "Traceback" not in stranger.text()
    assert any("A client at 127.0.0.1 was refused" in line for line in lines)


def test_keys_are_not_overwritten_and_secrets_are_the_owners(keys: Path) -> None:
    assert (keys / "berlin" / "client.key").stat().st_mode & 0o077 == 0
    assert (keys / "server" / "server.key").stat().st_mode & 0o077 == 0
    assert set(ServerKeys(keys / "server").clients()) == set(CLIENTS)
    with pytest.raises(UsageError, match="not empty"):
        make_keys(keys, ["localhost"], ["berlin"])
    with pytest.raises(UsageError, match="client's name"):
        make_keys(keys / "new", ["localhost"], ["../berlin"])


def test_missing_and_false_keys_are_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no .*ca\.pem"):
        _ = ClientKeys(tmp_path).ca
    (tmp_path / "client.key").write_text("nonsense")
    with pytest.raises(UsageError, match="no private key"):
        ClientKeys(tmp_path).private()
    (tmp_path / "ca.pem").write_text("nonsense")
    with pytest.raises(UsageError, match=r"ca\.pem is no certificate"):
        ClientKeys(tmp_path).trusted()
    for name, number in (("one", 1), ("other", 2)):
        make_keys(tmp_path / name, ["localhost"], [f"client{number}"])
    ServerKeys(tmp_path / "one" / "server").check()
    shutil.copy(tmp_path / "other" / "server" / "server.pem", tmp_path / "one" / "server" / "server.pem")
    with pytest.raises(UsageError, match="no certificate and its key"):
        ServerKeys(tmp_path / "one" / "server").check()
    with pytest.raises(UsageError, match="host:port"):
        Address.parse("example.org")
