"""Flower's SuperLink, as far as a federation needs it.

Flower serves three things on one port: what its nodes call, what its own processes call, and control. Control needs no
password, and whoever reaches it can start any program at every client. So only the nodes' part, whose requests are
signed by each client's key, is open to others; the processes' part is open to this process alone, and control is not
served at all.
"""

from __future__ import annotations

import base64
import logging
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from flwr.common.constant import HEARTBEAT_DEFAULT_INTERVAL, NOOP_ACCOUNT_NAME, NOOP_FLWR_AID, SUPERLINK_NODE_ID
from flwr.server.superlink.linkstate import LinkState
from flwr.serverapp import Grid
from flwr.supercore.constant import FLEET_HTTP_PUBLIC_KEY_HEADER, NOOP_FEDERATION_ID, TaskType
from flwr.supercore.heartbeat import HeartbeatSender
from flwr.supercore.task_identity import TaskIdentity
from flwr.superlink.auth_plugin import NoOpControlAuthnPlugin
from flwr.superlink.cli.flower_superlink import SuperLinkLifespan
from flwr.superlink.config_loader import SuperLinkLifespanConfig
from flwr.superlink.grid import HttpGrid
from flwr.superlink.main import create_app

from lentigo.errors import ServerError
from lentigo.federated.keys import ServerKeys

_KEY_HEADER = FLEET_HTTP_PUBLIC_KEY_HEADER.lower().encode()
NODES, PROCESSES = "/v1/fleet/", "/v1/runtime/"
_STARTUP_S = 30.0


class OnlyPath:
    """An ASGI app of which only paths that begin with ``prefix`` are there.

    With ``keys``, only who shows one of them is passed on (Flower then has it proved); ``on_stranger`` is told the
    address of who does not.
    """

    def __init__(
        self, app: Any, prefix: str, keys: Iterable[bytes] = (), on_stranger: Callable[[str], None] | None = None
    ) -> None:
        self.app, self.prefix, self.on_stranger = app, prefix, on_stranger
        self.keys = {base64.b64encode(key) for key in keys}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] != "http" or not scope["path"].startswith(self.prefix):
            await _end(send, 404)
        elif self.keys and dict(scope["headers"]).get(_KEY_HEADER) not in self.keys:
            if self.on_stranger is not None:
                self.on_stranger(scope["client"][0] if scope.get("client") else "an unknown address")
            await _end(send, 403)
        else:
            await self.app(scope, receive, send)


async def _end(send: Any, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@contextmanager
def superlink(keys: ServerKeys, host: str, port: int, database: Path, tell: Callable[[str], None]) -> Iterator[Grid]:
    """Serve clients over TLS while the context is open; gives the way to them.

    Args:
        keys: Certificate, and the keys of the clients that may take part.
        host: Address to listen on.
        port: Likewise.
        database: A file that keeps who is who, so that clients find the server again after it was started anew.
        tell: Says a line to whoever runs the server.

    Raises:
        ServerError: It cannot listen there.
        UsageError: The keys cannot be used.
    """
    keys.check()
    app = create_app(_config(keys, host, port, database), SuperLinkLifespan)
    state: LinkState = app.state.linkstate_factory.state()
    _register(state, keys)

    def refused(address: str) -> None:
        tell(f"A client at {address} was refused: its key is none of those in {keys.path / 'clients'}.")

    tls = {"ssl_certfile": keys.certificate, "ssl_keyfile": keys.key}
    outside = _listening(OnlyPath(app, NODES, keys.clients().values(), refused), host, port, lifespan="on", **tls)
    inside_port = _free_port()
    inside = _listening(OnlyPath(app, PROCESSES), "127.0.0.1", inside_port, lifespan="off")
    grid, heartbeat, task = _begin(state, inside_port)
    try:
        yield grid
    finally:
        heartbeat.stop()
        grid.close()
        state.finish_task(task, "completed", "")
        for server, thread in (inside, outside):
            server.should_exit = True
            thread.join(timeout=10)


def _config(keys: ServerKeys, host: str, port: int, database: Path) -> SuperLinkLifespanConfig:
    return SuperLinkLifespanConfig(
        control_address="",
        health_server_address=None,
        host=host,
        port=port,
        insecure=False,
        certificates=(keys.ca.read_bytes(), keys.certificate.read_bytes(), keys.key.read_bytes()),
        # Flower's own processes would ask for tasks with it; here nobody may.
        superexec_auth_secret=secrets.token_bytes(32),
        authn_plugin=NoOpControlAuthnPlugin(),
        event_log_plugin=None,
        fleet_event_log_plugin=None,
        enable_event_log=False,
        artifact_provider=None,
        enable_supernode_auth=True,
        fleet_api_type="grpc-rere",
        fleet_api_address=None,
        simulation=False,
        ssl_ca_certfile=str(keys.ca),
        ssl_certfile=str(keys.certificate),
        ssl_keyfile=str(keys.key),
        database=str(database),
        isolation="process",
        runtime_dependency_install=False,
    )


def _register(state: LinkState, keys: ServerKeys) -> None:
    """Let the clients in whose keys are there, and nobody else."""
    allowed = keys.clients()
    for node in state.get_node_info(owner_aids=[NOOP_FLWR_AID]):
        if node.public_key not in allowed.values():
            state.delete_node(NOOP_FLWR_AID, node.node_id)
    for name, key in allowed.items():
        if state.get_node_id_by_public_key(key) is None:
            state.create_node(NOOP_FLWR_AID, NOOP_ACCOUNT_NAME, key, HEARTBEAT_DEFAULT_INTERVAL, name=name)


def _begin(state: LinkState, port: int) -> tuple[HttpGrid, HeartbeatSender, int]:
    """A run of Flower's, without a program to send to anybody, and this process as the one that works on it."""
    run_id = state.create_run(None, None, None, {}, NOOP_FEDERATION_ID, None, NOOP_FLWR_AID, TaskType.SERVER_APP)
    run = state.get_run_info(run_ids=[run_id])[0]
    task = run.primary_task_id
    token = None if task is None else state.claim_task(task)
    if task is None or token is None or not state.activate_task(task):
        raise ServerError("Flower's SuperLink does not begin a run.", "Remove the run's flower.sqlite and try again.")
    TaskIdentity.task_id, TaskIdentity.run_id, TaskIdentity.node_id = task, run_id, SUPERLINK_NODE_ID
    heartbeat = HeartbeatSender(lambda: state.acknowledge_task_heartbeat(task))
    heartbeat.start()
    grid = HttpGrid(f"127.0.0.1:{port}", insecure=True, token=token)
    grid.set_run(run)
    return grid, heartbeat, task


def _listening(app: Any, host: str, port: int, **options: Any) -> tuple[uvicorn.Server, threading.Thread]:
    """A server in a thread of its own, once it listens."""
    server = uvicorn.Server(
        uvicorn.Config(
            app, host=host, port=port, ws="none", log_config=None, access_log=False, log_level="error", **options
        )
    )
    thread = threading.Thread(target=_quietly, args=(server,), daemon=True)
    thread.start()
    deadline = time.monotonic() + _STARTUP_S
    while thread.is_alive() and not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    if not server.started:
        raise ServerError(f"The server cannot listen on {host}:{port}.", "Choose another --host or --port.")
    return server, thread


def _quietly(server: uvicorn.Server) -> None:
    """Run a server; that it could not listen is told by who started it."""
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    try:
        server.run()
    except SystemExit:
        return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
