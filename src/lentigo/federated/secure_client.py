"""A client's side of secure aggregation: the server learns the sum of all clients' weights, and nothing of one's own.

The protocol is SecAgg (Bonawitz et al. 2017) over a graph of neighbours (SecAgg+: Bell et al. 2020, "Secure
single-server aggregation with (poly)logarithmic overhead"), on Flower's key agreement, encryption and secret sharing:

    keys     a fresh pair of keys for masks and one for letters between clients
    letters  shares of the secret of the own mask, and of the key for masks, sealed for each neighbour
    train    trained weights under the own mask and one mask with each neighbour, which cancel in the sum
    reveal   of each neighbour that stayed, a share of its own mask; of each that left, one of its key: never both
"""

from __future__ import annotations

import secrets
from typing import Any

import numpy as np
from flwr.app import Array, ArrayRecord, ConfigRecord, Context, Message, RecordDict
from flwr.common.secure_aggregation.crypto.shamir import create_shares
from flwr.common.secure_aggregation.crypto.symmetric_encryption import decrypt, encrypt, generate_shared_key
from flwr.common.secure_aggregation.secaggplus_utils import share_keys_plaintext_concat, share_keys_plaintext_separate
from flwr.supercore.primitives.asymmetric import (
    bytes_to_private_key,
    bytes_to_public_key,
    generate_key_pairs,
    private_key_to_bytes,
    public_key_to_bytes,
)

from lentigo.errors import FederationError
from lentigo.federated import wire
from lentigo.federated.masking import Floats, Words, encode, mask

KEYS, LETTERS, REVEAL = "query.keys", "query.letters", "query.reveal"
"""The kinds of messages besides training."""
MASKED, SECURE = "masked", "secure"
"""Names of records: masked weights, and what the protocol says."""
FEWEST = 3
"""Clients in a sum: of two, each knows the other's part."""
_STATE = "secure_aggregation"


def make_keys(message: Message, context: Context) -> RecordDict:
    """Begin a round: forget the last one, and make keys that nobody has seen."""
    mask_key, mask_public = generate_key_pairs()
    letter_key, letter_public = generate_key_pairs()
    _remember(
        context,
        round=int(_said(message, "round")),
        mask_key=private_key_to_bytes(mask_key),
        letter_key=private_key_to_bytes(letter_key),
        stage="keys",
    )
    public: dict[str, Any] = {"mask": public_key_to_bytes(mask_public), "letters": public_key_to_bytes(letter_public)}
    return RecordDict({SECURE: ConfigRecord(public)})


def write_letters(message: Message, context: Context) -> RecordDict:
    """Share the own secrets out to the neighbours, sealed so that the server cannot read them.

    Raises:
        FederationError: There are too few neighbours, or the server asks out of turn.
    """
    state = _state(context, message, "keys")
    said = message.content.config_records[SECURE]
    nodes, threshold = _numbers(said["nodes"]), int(str(said["threshold"]))
    own = message.metadata.dst_node_id
    if own not in nodes or len(set(nodes)) != len(nodes) or len(nodes) < FEWEST or 2 * threshold <= len(nodes):
        raise FederationError(
            f"Secure aggregation among {len(nodes)} clients, {threshold} of whom can open a mask, hides too little.",
            "It needs three clients or more, and more than half of them to open a mask.",
        )
    masks, letters = _bytes(said["mask"]), _bytes(said["letters"])
    own_secret = secrets.token_bytes(32)
    of_secret = create_shares(own_secret, threshold, len(nodes))
    of_key = create_shares(bytes(state["mask_key"]), threshold, len(nodes))  # type: ignore[arg-type]  # bytes, as written
    sealed = []
    for place, node in enumerate(nodes):
        plain = share_keys_plaintext_concat(own, node, of_secret[place], of_key[place])
        sealed.append(plain if node == own else encrypt(_between(state["letter_key"], letters[place]), plain))
    place = nodes.index(own)
    _remember(
        context,
        **{**state, "stage": "letters", "nodes": nodes, "threshold": threshold, "own_secret": own_secret},
        mask_public=masks,
        letter_public=letters,
        own_letter=sealed[place],
    )
    others = [number for number in range(len(nodes)) if number != place]
    outgoing: dict[str, Any] = {
        "to": [nodes[number] for number in others],
        "letters": [sealed[number] for number in others],
    }
    return RecordDict({SECURE: ConfigRecord(outgoing)})


def hide(trained: RecordDict, message: Message, context: Context) -> RecordDict:
    """Put masked changes in the place of a client's weights.

    Raises:
        FederationError: The server sent no letters, or too few, or asks out of turn.
    """
    if SECURE not in message.content:
        raise FederationError("The server asks for bare weights, although secure aggregation was agreed on.")
    state = _state(context, message, "letters")
    said = message.content.config_records[SECURE]
    share, senders = float(str(said["share"])), _numbers(said["from"])
    nodes = _numbers(state["nodes"])
    if len(senders) + 1 < max(FEWEST, int(str(state["threshold"]))):
        raise FederationError(f"Only {len(senders)} other clients are left: their sum would show too much.")
    own = message.metadata.dst_node_id
    letters = {own: bytes(state["own_letter"])}  # type: ignore[arg-type]  # bytes, as written
    for node, letter in zip(senders, _bytes(said["letters"]), strict=True):
        letters[node] = _opened(state, nodes.index(node), node, own, letter)
    moved = _change(trained.array_records[wire.WEIGHTS], message.content.array_records[wire.WEIGHTS])
    change = encode(_cut(moved, said.get("clip_norm")), share)
    number = int(str(state["round"]))
    change += mask(bytes(state["own_secret"]), number, len(change))  # type: ignore[arg-type]
    for node in senders:
        common = _between(state["mask_key"], _bytes(state["mask_public"])[nodes.index(node)])
        change = add_pairwise(change, mask(common, number, len(change)), own, node)
    _remember(context, **{**state, "stage": "train", "senders": list(letters), "opened": list(letters.values())})
    hidden = RecordDict({name: record for name, record in trained.items() if name != wire.WEIGHTS})
    hidden[MASKED] = ArrayRecord({"sum": Array(change)})
    return hidden


def reveal(message: Message, context: Context) -> RecordDict:
    """Help to take the masks away: those of clients in the sum, or those with clients that left.

    Raises:
        FederationError: The server asks for both of one client, for too few, or twice.
    """
    state = _state(context, message, "train")
    said = message.content.config_records[SECURE]
    stayed, left = _numbers(said["stayed"]), _numbers(said["left"])
    known = dict(zip(_numbers(state["senders"]), _bytes(state["opened"]), strict=True))
    own = message.metadata.dst_node_id
    if set(stayed) & set(left) or own not in stayed or not {*stayed, *left} <= set(known):
        raise FederationError("The server asks for more than the sum: nothing is revealed.")
    if len(stayed) < max(FEWEST, int(str(state["threshold"]))):
        raise FederationError(f"Only {len(stayed)} clients are in the sum: it would show too much.")
    parts = {node: share_keys_plaintext_separate(letter) for node, letter in known.items()}
    _remember(context, round=state["round"], stage="revealed")
    shares = [parts[node][2] for node in stayed] + [parts[node][3] for node in left]
    return RecordDict({SECURE: ConfigRecord({"nodes": [*stayed, *left], "shares": shares})})


def add_pairwise(values: Words, common: Words, own: int, other: int) -> Words:
    """Add the mask of a pair of clients, with the sign that makes it cancel in their sum."""
    return values + common if own > other else values - common


def _opened(state: ConfigRecord, place: int, sender: int, own: int, letter: bytes) -> bytes:
    plain = decrypt(_between(state["letter_key"], _bytes(state["letter_public"])[place]), letter)
    if share_keys_plaintext_separate(plain)[:2] != (sender, own):
        raise FederationError("A letter of secure aggregation was delivered to the wrong client.")
    return plain


def _change(trained: ArrayRecord, sent: ArrayRecord) -> Floats:
    return np.concatenate([(trained[name].numpy().astype(np.float64) - sent[name].numpy()).ravel() for name in sent])


def _cut(change: Floats, clip_norm: object) -> Floats:
    """A change no longer than the server's noise can hide: it cannot cut what it cannot see."""
    if clip_norm is None:
        return change
    return change * min(1.0, float(str(clip_norm)) / max(float(np.linalg.norm(change)), 1e-12))


def _between(private: object, public: bytes) -> bytes:
    """The secret that two clients have in common."""
    return generate_shared_key(bytes_to_private_key(bytes(private)), bytes_to_public_key(public))  # type: ignore[call-overload]


def _said(message: Message, name: str) -> str:
    return str(message.content.config_records[SECURE][name])


def _state(context: Context, message: Message, stage: str) -> ConfigRecord:
    state = context.state.config_records.get(_STATE, ConfigRecord())
    if state.get("stage") != stage or str(state.get("round")) != _said(message, "round"):
        raise FederationError("The server asks for a step of secure aggregation out of turn: the round begins anew.")
    return state


def _remember(context: Context, **values: object) -> None:
    context.state.config_records[_STATE] = ConfigRecord(values)  # type: ignore[arg-type]  # numbers, texts, bytes, lists


def _numbers(values: object) -> list[int]:
    return [int(value) for value in values]  # type: ignore[attr-defined]  # a list, as written


def _bytes(values: object) -> list[bytes]:
    return [bytes(value) for value in values]  # type: ignore[attr-defined]  # a list, as written
