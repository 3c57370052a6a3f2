"""The server's side of secure aggregation: it carries letters it cannot read, and opens nothing but a sum.

See :mod:`lentigo.federated.secure_client` for the protocol. A client may leave at any step; the sum is then that of the
others, as long as more than half of each client's neighbours stay, and as many clients as make a round. A smaller sum
is never opened: the round is tried again from the same weights, and two sums can differ by just one client's part.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from flwr.app import Array, ArrayRecord, ConfigRecord, Message, RecordDict
from flwr.common.secure_aggregation.crypto.shamir import combine_shares
from flwr.common.secure_aggregation.crypto.symmetric_encryption import generate_shared_key
from flwr.supercore.primitives.asymmetric import bytes_to_private_key, bytes_to_public_key

from lentigo.federated import wire
from lentigo.federated.exchange import Answers
from lentigo.federated.masking import LARGEST, Words, decode, mask
from lentigo.federated.secure_client import FEWEST, KEYS, LETTERS, MASKED, REVEAL, SECURE, add_pairwise

Ask = Callable[[list[Message], Callable[[Message], str | None]], Answers]
Said = dict[str, Any]
"""What a record of the protocol holds."""

_ALL_NEIGHBOURS = 16
"""Up to so many clients, each masks with every other; of more, with a number that grows like their logarithm."""


@dataclass
class SecureRound:
    """One sum.

    Args:
        number: Of the round.
        ask: Sends messages and waits for their replies, of which those are good that a check has nothing against.
        sent: The weights that clients train from.
        shares: How much each client counts, by node; they add up to 1.
        check: Says why what a client tells besides its weights cannot be used; None when it can.
        fewest: Clients whose sum may be opened.
        clip_norm: Longest change of a client's weights; None leaves them as they are.
    """

    number: int
    ask: Ask
    sent: ArrayRecord
    shares: dict[int, float]
    check: Callable[[Message], str | None]
    fewest: int = FEWEST
    clip_norm: float | None = None
    failures: dict[int, str] = field(default_factory=dict)

    def run(self, training: Sequence[Message]) -> Answers:
        """Train and add up.

        Args:
            training: What each client is asked to do, as without secure aggregation.

        Returns:
            The replies of the clients in the sum, each with the sum's mean for its weights, so that strategies work on
            them unchanged; none when too many have left to open it.
        """
        nodes = [message.metadata.dst_node_id for message in training]
        public = self._answered(nodes, KEYS, {node: {} for node in nodes})
        graph = neighbours(list(public))
        written = self._answered(public, LETTERS, {node: _addresses(graph[node], public) for node in graph})
        letters = _delivered(written)
        asked = [
            self._with_letters(message, letters[message.metadata.dst_node_id])
            for message in training
            if message.metadata.dst_node_id in written
        ]
        trained = {reply.metadata.src_node_id: reply for reply in self._ask(asked, self._trouble_with)}
        masked = {node: reply.content.array_records[MASKED]["sum"].numpy() for node, reply in trained.items()}
        if len(masked) < self.fewest:
            return Answers([], self.failures)
        left = set(written) - set(masked)
        wanted = {
            node: {
                "stayed": [one for one in graph[node] if one in masked],
                "left": [one for one in graph[node] if one in left],
            }
            for node in masked
        }
        revealed = self._answered(masked, REVEAL, wanted)
        try:
            total = self._opened(masked, left, graph, public, revealed)
        except (ValueError, TypeError):  # shares that are none, of a client that is broken or means harm
            self.failures |= dict.fromkeys(masked, "the shares that should open the sum do not fit together")
            return Answers([], self.failures)
        if total is None:
            return Answers([], self.failures)
        mean = decode(total) / sum(self.shares[node] for node in masked)
        if np.abs(mean).max(initial=0.0) > 1.001 * LARGEST:
            self.failures |= dict.fromkeys(masked, "the sum that it is part of was spoilt by one of the clients")
            return Answers([], self.failures)
        record = _moved(self.sent, mean)
        for node in masked:
            trained[node].content[wire.WEIGHTS] = record
            del trained[node].content[MASKED]
        return Answers([trained[node] for node in masked], self.failures)

    def _with_letters(self, message: Message, letters: Said) -> Message:
        """A message of its own: Flower's strategies send one and the same content to all."""
        node = message.metadata.dst_node_id
        said: Said = {"round": self.number, "share": self.shares[node], **letters}
        if self.clip_norm is not None:
            said["clip_norm"] = self.clip_norm
        content = RecordDict({**message.content, SECURE: ConfigRecord(said)})
        return Message(content, message_type=message.metadata.message_type, dst_node_id=node)

    def _ask(self, messages: list[Message], check: Callable[[Message], str | None]) -> list[Message]:
        answers = self.ask(messages, check)
        self.failures |= answers.failures
        return answers.good

    def _answered(self, nodes: Iterable[int], kind: str, said: Mapping[int, Said]) -> dict[int, Said]:
        """What the clients say to one step, by node."""
        messages = [
            Message(
                RecordDict({SECURE: ConfigRecord({"round": self.number, **said[node]})}),
                message_type=kind,
                dst_node_id=node,
            )
            for node in nodes
        ]

        def check(reply: Message) -> str | None:
            return _trouble_with_step(kind, reply.content.config_records[SECURE], said[reply.metadata.src_node_id])

        answered = self._ask(messages, check)
        return {reply.metadata.src_node_id: dict(reply.content.config_records[SECURE]) for reply in answered}

    def _trouble_with(self, reply: Message) -> str | None:
        """Why masked weights cannot be used."""
        length = sum(math.prod(array.shape) for array in self.sent.values())
        values = reply.content.array_records[MASKED]["sum"].numpy()
        if values.shape != (length,) or values.dtype != np.uint32:
            return f"its masked weights are {values.dtype} {values.shape}, not uint32 ({length},)"
        return self.check(reply)

    def _opened(
        self,
        masked: dict[int, Words],
        left: set[int],
        graph: dict[int, list[int]],
        public: dict[int, Said],
        revealed: dict[int, Said],
    ) -> Words | None:
        """The sum without masks; None where too few shares came back."""
        shares: dict[int, list[bytes]] = {}
        for said in revealed.values():
            for node, share in zip(said["nodes"], said["shares"], strict=True):
                shares.setdefault(int(node), []).append(bytes(share))
        touching = {node for node in left if set(graph[node]) & set(masked)}
        if not masked or any(len(shares.get(node, [])) < threshold(graph[node]) for node in {*masked, *touching}):
            return None
        total: Words = np.sum(list(masked.values()), axis=0, dtype=np.uint32)
        for node in masked:
            total = total - mask(combine_shares(shares[node]), self.number, len(total))
        for node in touching:
            key = bytes_to_private_key(combine_shares(shares[node]))
            for other in graph[node]:
                if other in masked:
                    common = generate_shared_key(key, bytes_to_public_key(bytes(public[other]["mask"])))
                    total = add_pairwise(total, mask(common, self.number, len(total)), node, other)
        return total


def _trouble_with_step(kind: str, reply: ConfigRecord, asked: Said) -> str | None:
    """Why a step of the protocol cannot be used: it answers something else than was asked."""
    said: Said = dict(reply)
    if kind == KEYS:
        for name in ("mask", "letters"):
            bytes_to_public_key(said[name])
        right = True
    elif kind == LETTERS:
        right = set(said["to"]) < set(asked["nodes"]) and len(said["to"]) == len(said["letters"])
    else:
        right = said["nodes"] == [*asked["stayed"], *asked["left"]] and len(said["shares"]) == len(said["nodes"])
    return None if right else "it does not follow the protocol of secure aggregation"


def neighbours(nodes: list[int]) -> dict[int, list[int]]:
    """Whom each client shares masks with, itself included: the next ones on a ring in random order."""
    count = len(nodes)
    each_side = count if count <= _ALL_NEIGHBOURS else max(_ALL_NEIGHBOURS // 2, 2 * math.ceil(math.log2(count)))
    if 2 * each_side + 1 >= count:
        return {node: sorted(nodes) for node in nodes}
    ring = random.sample(nodes, count)
    return {
        node: sorted(ring[(place + step) % count] for step in range(-each_side, each_side + 1))
        for place, node in enumerate(ring)
    }


def threshold(nodes: Sequence[int]) -> int:
    """How many of a client's neighbours open its mask: more than half, so that no two groups can be told two tales."""
    return len(nodes) // 2 + 1


def _addresses(nodes: list[int], public: dict[int, Said]) -> Said:
    return {
        "nodes": nodes,
        "threshold": threshold(nodes),
        "mask": [public[node]["mask"] for node in nodes],
        "letters": [public[node]["letters"] for node in nodes],
    }


def _delivered(written: dict[int, Said]) -> dict[int, Said]:
    """The letters to each client that wrote some itself."""
    boxes: dict[int, dict[str, list[object]]] = {node: {"from": [], "letters": []} for node in written}
    for sender, said in written.items():
        for node, letter in zip(said["to"], said["letters"], strict=True):
            if node in boxes:
                boxes[int(node)]["from"].append(sender)
                boxes[int(node)]["letters"].append(letter)
    return {node: dict(box) for node, box in boxes.items()}


def _moved(sent: ArrayRecord, change: np.ndarray[tuple[int], np.dtype[np.float64]]) -> ArrayRecord:
    """Weights after a change (P,)."""
    moved, start = {}, 0
    for name, array in sent.items():
        size = math.prod(array.shape)
        step = change[start : start + size].reshape(array.shape)
        moved[name] = Array(np.asarray(array.numpy().astype(np.float64) + step, np.float32))
        start += size
    return ArrayRecord(moved)
