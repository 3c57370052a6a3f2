"""A way to clients without a network: Flower's Grid, on which each client's app runs in a thread."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from flwr.app import Context, Message, RecordDict
from flwr.clientapp import ClientApp
from flwr.proto.node_pb2 import NodeInfo
from flwr.serverapp import Grid
from flwr.supercore.run import Run
from flwr.supercore.task_identity import TaskIdentity

from lentigo.federated.client import create_client_app
from lentigo.federated.supernode import FolderData

Change = Callable[[Message, Message], Message]


@dataclass
class Node:
    """A client: its app, what its training waits for, what it does to its answers, since when it is there, its name."""

    app: ClientApp
    gate: threading.Event | None = None
    change: Change | None = None
    since: str = "2026-01-01T00:00:00+00:00"
    here: bool = True
    name: str = ""


class ThreadGrid(Grid):
    """Nodes by number; answers come when they are ready."""

    def __init__(self, nodes: dict[int, Node]) -> None:
        self.nodes = nodes
        self.replies: dict[str, Message] = {}
        self.asked: list[tuple[int, str]] = []
        TaskIdentity.task_id = TaskIdentity.run_id = TaskIdentity.node_id = 1

    def set_run(self, run: Run) -> None:
        raise NotImplementedError

    @property
    def run(self) -> Run:
        raise NotImplementedError

    def create_message(
        self, content: RecordDict, message_type: str, dst_node_id: int, group_id: str, ttl: float | None = None
    ) -> Message:
        raise NotImplementedError

    def get_node_ids(self) -> Iterable[int]:
        return [number for number, node in self.nodes.items() if node.here]

    def get_nodes(self) -> Iterable[NodeInfo]:
        here = [(number, self.nodes[number]) for number in self.get_node_ids()]
        return [NodeInfo(node_id=number, last_activated_at=one.since, name=one.name) for number, one in here]

    def push_messages(self, messages: Iterable[Message]) -> Iterable[str]:
        sent = []
        for message in messages:
            message.metadata.__dict__["_message_id"] = str(uuid.uuid4())
            sent.append(message.metadata.message_id)
            self.asked.append((message.metadata.dst_node_id, message.metadata.message_type))
            threading.Thread(target=self._work, args=(message,), daemon=True).start()
        return sent

    def _work(self, message: Message) -> None:
        node = self.nodes[message.metadata.dst_node_id]
        if node.gate is not None and message.metadata.message_type == "train":
            node.gate.wait()
        context = Context(1, message.metadata.dst_node_id, {}, RecordDict(), {})
        reply = node.app(message, context)
        if node.change is not None:
            reply = node.change(message, reply)
        self.replies[message.metadata.message_id] = reply

    def pull_messages(self, message_ids: Iterable[str]) -> Iterable[Message]:
        return [self.replies.pop(one) for one in list(message_ids) if one in self.replies]

    def send_and_receive(self, messages: Iterable[Message], *, timeout: float | None = None) -> Iterable[Message]:
        raise NotImplementedError


def node(path: Path, name: str, gate: threading.Event | None = None, change: Change | None = None) -> Node:
    """A client with a dataset."""
    return Node(create_client_app(FolderData(path, name)), gate, change)
