"""A client of a federation: Flower's SuperNode connection, and Lentigo's own app behind it.

Flower's own SuperNode installs and runs whatever program the server sends. This one runs only what is installed here:
messages are answered by :func:`~lentigo.federated.client.create_client_app`, and programs are not even fetched.
"""

from __future__ import annotations

import logging
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from flwr.app import Context, Message, RecordDict
from flwr.app.message import remove_content_from_message
from flwr.clientapp import ClientApp
from flwr.common.constant import HEARTBEAT_DEFAULT_INTERVAL
from flwr.proto.fleet_pb2 import ActivateNodeRequest, DeactivateNodeRequest
from flwr.supercore.inflatable.inflatable_object import (
    get_all_nested_objects,
    get_object_tree,
    no_object_id_recompute,
)
from flwr.supercore.inflatable.inflatable_utils import pull_and_inflate_object_from_tree, push_objects
from flwr.supercore.interceptors import RuntimeVersionHttpInterceptor
from flwr.supercore.primitives.asymmetric import public_key_to_bytes
from flwr.supercore.protobuf.client import ProtobufClientInterceptor
from flwr.supercore.run import RunNotRunningException
from flwr.supernode.fleet_http_client import FleetHttpClient
from flwr.supernode.fleet_http_connection import http_request_response
from flwr.supernode.node_auth_http_interceptor import NodeAuthHttpInterceptor

from lentigo.datasets import Dataset
from lentigo.errors import FederationError, UsageError
from lentigo.federated.client import BYE
from lentigo.federated.keys import ClientKeys

LEDGER = "privacy.jsonl"
_POLL_S = 1.0
_RETRY_S = 5.0
_TOLD_EVERY_S = 60.0


@dataclass(frozen=True)
class FolderData:
    """A dataset in a folder of this machine."""

    path: Path
    client: str

    def name(self, context: Context) -> str:
        """What the client is called."""
        del context
        return self.client

    def open(self, context: Context) -> Dataset:
        """The dataset, read anew: mended data count from the next message on."""
        del context
        return Dataset.open(self.path)

    def ledger(self, context: Context) -> Path:
        """In the dataset's folder: the budget is that of its photos, whoever trains on them."""
        del context
        return self.path / LEDGER


@dataclass(frozen=True)
class Address:
    """Where the server is."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Address:
        """From ``host:port``.

        Raises:
            UsageError: It is not.
        """
        host, _, port = text.rpartition(":")
        if not host or not port.isdigit():
            raise UsageError(f"'{text}' is no server's address.", "Write host:port, such as lentigo.example.org:9092.")
        return cls(host.strip("[]"), int(port))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def serve(app: ClientApp, address: Address, keys: ClientKeys, tell: Callable[[str], None]) -> None:
    """Answer the server until it says that the federation is done.

    Raises:
        FederationError: The server is not the one whose authority is known here, or refuses this client's key.
        KeyboardInterrupt: The user stopped it.
    """
    logging.getLogger("flwr").setLevel(logging.CRITICAL)
    key = keys.private()
    while True:
        await_server(address, keys, tell)
        await_entry(address, keys, tell)
        try:
            with http_request_response(
                str(address), insecure=False, root_certificates=keys.ca.read_bytes(),
                authentication_keys=(key, key.public_key()), max_retries=2,
            ) as connection:  # fmt: skip
                tell(f"Connected to {address}.")
                if _answer_until_done(app, connection, tell):
                    return
        except (httpx.HTTPError, RuntimeError) as error:
            tell(f"The connection to {address} was lost ({error}); trying again.")
        time.sleep(_RETRY_S)


def await_entry(address: Address, keys: ClientKeys, tell: Callable[[str], None]) -> None:
    """Wait until the server lets this client in: Flower's connection ends the whole process where it is not.

    Raises:
        FederationError: The server does not know this client's key.
    """
    key = keys.private()
    interceptors: list[ProtobufClientInterceptor] = [
        RuntimeVersionHttpInterceptor(component_name="SuperNode"),
        NodeAuthHttpInterceptor(key, key.public_key()),
    ]
    asking = ActivateNodeRequest(
        public_key=public_key_to_bytes(key.public_key()), heartbeat_interval=HEARTBEAT_DEFAULT_INTERVAL
    )
    told = False
    while True:
        try:
            with FleetHttpClient.from_server_address(
                str(address), False, keys.ca.read_bytes(), interceptors=interceptors
            ) as client:
                node = client.ActivateNode(asking)
                client.DeactivateNode(DeactivateNodeRequest(node_id=node.node_id))
                return
        except httpx.HTTPStatusError as error:
            if error.response.status_code == httpx.codes.FORBIDDEN:
                raise FederationError(
                    f"The server {address} refused this client: it does not know its key.",
                    "Its operator has to put this client's public key into the server's clients/ folder.",
                ) from error
            if not told:
                tell("The server still counts this client as connected, after a sudden end; trying for a minute or so.")
            told = True
        except httpx.TransportError:
            await_server(address, keys, tell)
        time.sleep(_RETRY_S)


def await_server(address: Address, keys: ClientKeys, tell: Callable[[str], None]) -> None:
    """Wait until the server listens, and see that it is the right one.

    Raises:
        FederationError: It shows a certificate that the known authority did not sign, or one for another name.
    """
    tls = keys.trusted()
    told = float("-inf")
    while True:
        try:
            with (
                socket.create_connection((address.host, address.port), timeout=10) as plain,
                tls.wrap_socket(plain, server_hostname=address.host),
            ):
                return
        except ssl.SSLCertVerificationError as error:
            raise FederationError(
                f"The server {address} cannot be trusted: {error.verify_message}.",
                f"{keys.ca} must be the authority that signed its certificate, which must name {address.host}.",
            ) from error
        except OSError as error:
            if time.monotonic() - told > _TOLD_EVERY_S:
                told = time.monotonic()
                tell(f"The server {address} does not answer ({error.strerror or error}); trying again.")
            time.sleep(_RETRY_S)


def _answer_until_done(app: ClientApp, connection: Any, tell: Callable[[str], None]) -> bool:
    """Answer messages; True when the server said that the federation is done."""
    _, receive, *_ = connection
    contexts: dict[int, Context] = {}
    while True:
        received = receive()
        if received is None:
            time.sleep(_POLL_S)
            continue
        try:
            if _answer(app, connection, received, contexts) == BYE:
                return True
        except RunNotRunningException:
            tell("The server was started again in the meantime and no longer waits for this answer.")


def _answer(app: ClientApp, connection: Any, received: Any, contexts: dict[int, Context]) -> str:
    """Fetch one message whole, and answer it; gives its kind."""
    node_id, _, send, _, _, pull_object, push_object, confirm_received = connection
    envelope, tree = received
    run_id = envelope.metadata.run_id
    message = pull_and_inflate_object_from_tree(
        tree,
        lambda object_id: bytes(pull_object(run_id, object_id)),
        lambda object_id: confirm_received(run_id, object_id),
        return_type=Message,
    )
    message.metadata.__dict__["_message_id"] = tree.object_id
    context = contexts.setdefault(run_id, Context(run_id, node_id, {}, RecordDict(), {}))
    started = time.monotonic()
    reply = app(message, context)
    _push(reply, send, push_object, time.monotonic() - started)
    return str(message.metadata.message_type)


def _push(reply: Message, send: Any, push_object: Any, seconds: float) -> None:
    """Send a reply: first its outline, then what the server has not got yet."""
    reply.metadata.__dict__["_message_id"] = reply.object_id
    run_id = reply.metadata.run_id
    with no_object_id_recompute():
        tree = get_object_tree(reply)
        objects = get_all_nested_objects(reply)
        missing, session = send(remove_content_from_message(reply), tree, seconds)
        push_objects(
            objects,
            lambda object_id, content: push_object(run_id, session, object_id, content),
            object_ids_to_push=missing,
        )
