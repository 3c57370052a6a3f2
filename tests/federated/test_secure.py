"""Secure aggregation in a federation: the sum is right, whoever leaves, and no client's own weights are ever seen."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flwr.app import Array, ArrayRecord, ConfigRecord, Context, Error, Message, RecordDict

from lentigo.datasets import Dataset
from lentigo.errors import FederationError
from lentigo.federated import secure_client, wire
from lentigo.federated.central import CentralPrivacy
from lentigo.federated.client import create_client_app
from lentigo.federated.plan import FederationOptions
from lentigo.federated.secure_client import KEYS, LETTERS, MASKED, REVEAL, SECURE, make_keys, reveal
from lentigo.federated.server import Federation, first_model
from lentigo.federated.supernode import FolderData
from lentigo.training.run import Run
from lentigo.training.trainer import describe_run
from tests.federated.grid import Node, ThreadGrid, node
from tests.federated.made import plan_for
from tests.made import make_dataset


@pytest.fixture(scope="module")
def dataset_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_dataset(tmp_path_factory.mktemp("datasets") / "few", per_class=12)


class WatchedGrid(ThreadGrid):
    """Clients that remember, one at a time; keeps all that reaches the server; some clients leave at some step."""

    def __init__(self, nodes: dict[int, Node], leaves: dict[int, str] | None = None) -> None:
        super().__init__(nodes)
        self.leaves = leaves or {}
        self.seen: list[tuple[str, dict[str, Any]]] = []
        self.contexts = {number: Context(1, number, {}, RecordDict(), {}) for number in nodes}
        self.one_by_one = threading.Lock()

    def _work(self, message: Message) -> None:
        number, kind = message.metadata.dst_node_id, message.metadata.message_type
        with self.one_by_one:
            if self.leaves.get(number) == kind:
                reply = Message(Error(code=1, reason="it left"), reply_to=message)
            else:
                reply = self.nodes[number].app(message, self.contexts[number])
                change = self.nodes[number].change
                reply = reply if change is None else change(message, reply)
        self.seen.append((kind, {} if reply.has_error() else dict(reply.content)))
        self.replies[message.metadata.message_id] = reply


def federation(
    path: Path, out: Path, secure: bool, leaves: dict[int, str] | None = None, clients: int = 4, **options: Any
) -> Federation:
    dataset = Dataset.open(path)
    plan = plan_for(dataset, 1, "feature_dropout=0").model_copy(update={"secure_aggregation": secure})
    run = Run(out)
    run.start(plan.config, describe_run(dataset, plan.config))
    model = first_model(plan.config, len(plan.codes), plan.answers)
    chosen = FederationOptions(**{"wait_s": 5, "slow_floor_s": 60, "min_clients": 3, **options})
    grid = WatchedGrid({number: node(path, f"c{number}") for number in range(1, clients + 1)}, leaves)
    return Federation(grid, plan, chosen, run, model, show_progress=False)


def watched(one: Federation) -> WatchedGrid:
    assert isinstance(one.grid, WatchedGrid)
    return one.grid


def weights(one: Federation) -> np.ndarray[Any, Any]:
    return flat(wire.pack(one.model, one.names))


def flat(record: ArrayRecord) -> np.ndarray[Any, Any]:
    return np.concatenate([array.numpy().astype(np.float64).ravel() for array in record.values()])


@pytest.fixture(scope="module")
def plain(dataset_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Federation:
    """The same round without secure aggregation. All clients have the same photos, so some have the mean of all."""
    one = federation(dataset_path, tmp_path_factory.mktemp("plain"), secure=False)
    one.fit()
    return one


def test_the_sum_is_that_of_plain_averaging(dataset_path: Path, tmp_path: Path, plain: Federation) -> None:
    one = federation(dataset_path, tmp_path, secure=True)
    one.fit()
    assert np.allclose(weights(one), weights(plain), atol=1e-5)
    privacy = one.run.privacy
    assert privacy is not None
    assert (privacy.secure_aggregation, privacy.clients, privacy.epsilon) == (True, 4, None)


@pytest.mark.parametrize("step", [KEYS, LETTERS, "train", REVEAL])
def test_the_sum_of_the_rest_is_right_when_a_client_leaves(
    dataset_path: Path, tmp_path: Path, plain: Federation, step: str, capsys: pytest.CaptureFixture[str]
) -> None:
    one = federation(dataset_path, tmp_path, secure=True, leaves={2: step})
    one.fit()
    assert np.allclose(weights(one), weights(plain), atol=1e-5)
    (line,) = one.run.epochs()
    assert line["clients"]["c2"].get("failed", "it left") == "it left"
    assert "c2 is left out of round 1: it left" in capsys.readouterr().out


def test_what_the_server_sees_of_a_client_is_noise(dataset_path: Path, tmp_path: Path, plain: Federation) -> None:
    """No bare weights in any message, and the masked ones are like uniform numbers, not like the client's."""
    one = federation(dataset_path, tmp_path, secure=True, leaves={2: "train"})
    before = weights(one)
    one.fit()
    own = weights(plain) - before
    trained = [content for kind, content in watched(one).seen if kind == "train" and content]
    assert len(trained) == 3
    for content in trained:
        assert set(content) == {wire.FIGURES, wire.SAID, MASKED}
        values = content[MASKED]["sum"].numpy()
        assert values.dtype == np.uint32
        counts = np.bincount(values >> 28, minlength=16)
        assert ((counts - len(values) / 16) ** 2 / (len(values) / 16)).sum() < 50
        assert abs(np.corrcoef(values.astype(np.float64), own)[0, 1]) < 0.01
    for kind, content in watched(one).seen:
        if kind in (KEYS, LETTERS, REVEAL) and content:
            assert set(content) == {SECURE}


def test_too_few_clients_give_no_sum(dataset_path: Path, tmp_path: Path) -> None:
    one = federation(dataset_path, tmp_path, secure=True, leaves={1: "train", 2: "train"}, min_clients=2, wait_s=0.1)
    with pytest.raises(FederationError, match="Round 1 has the weights of 0 clients"):
        one.fit()


def test_clients_cut_their_changes_themselves(dataset_path: Path, tmp_path: Path) -> None:
    """Central privacy with secure aggregation: the server cannot cut what it cannot see."""
    central = CentralPrivacy(noise_multiplier=1e-6, clip_norm=0.25)
    one = federation(dataset_path, tmp_path, secure=True, central=central)
    before = weights(one)
    one.fit()
    assert np.linalg.norm(weights(one) - before) == pytest.approx(0.25, abs=0.01)


def test_a_client_never_sends_bare_weights_when_sums_were_agreed_on() -> None:
    message = Message(RecordDict(), message_type="train", dst_node_id=1)
    with pytest.raises(FederationError, match="bare weights"):
        secure_client.hide(RecordDict(), message, Context(1, 1, {}, RecordDict(), {}))


def asked(node: int, **said: Any) -> Message:
    return Message(RecordDict({SECURE: ConfigRecord(said)}), message_type="query", dst_node_id=node)


@pytest.mark.parametrize(
    ("stayed", "left", "says"),
    [([1, 2, 3], [3], "more than the sum"), ([1, 2, 9], [], "more than the sum"), ([1], [2], "too much")],
)
def test_a_client_reveals_no_more_than_a_sum(stayed: list[int], left: list[int], says: str) -> None:
    contexts = {number: Context(1, number, {}, RecordDict(), {}) for number in (1, 2, 3)}
    hand_out(contexts)
    with pytest.raises(FederationError, match=says):
        reveal(asked(1, round=1, stayed=stayed, left=left), contexts[1])


def test_a_client_reveals_once(capsys: pytest.CaptureFixture[str]) -> None:
    contexts = {number: Context(1, number, {}, RecordDict(), {}) for number in (1, 2, 3)}
    hand_out(contexts)
    reveal(asked(1, round=1, stayed=[1, 2, 3], left=[]), contexts[1])
    with pytest.raises(FederationError, match="out of turn"):
        reveal(asked(1, round=1, stayed=[1, 2], left=[3]), contexts[1])
    del capsys


def hand_out(contexts: dict[int, Context]) -> None:
    """All steps up to training, without a server."""
    public = {one: make_keys(asked(one, round=1), context) for one, context in contexts.items()}
    nodes = sorted(contexts)
    keys = {
        name: [public[one].config_records[SECURE][name] for one in nodes] for name in ("mask", "letters")
    }  # fmt: skip
    written = {
        one: secure_client.write_letters(asked(one, round=1, nodes=nodes, threshold=2, **keys), context)
        for one, context in contexts.items()
    }
    record = ArrayRecord([np.zeros(3, np.float32)])
    for one, context in contexts.items():
        letters = dict(incoming(written, one))
        message = asked(one, round=1, share=0.3, **{"from": list(letters), "letters": list(letters.values())})
        message.content[wire.WEIGHTS] = record
        secure_client.hide(RecordDict({wire.WEIGHTS: record}), message, context)


def incoming(written: dict[int, RecordDict], node: int) -> Iterable[tuple[int, Any]]:
    for sender, content in written.items():
        said: Any = content.config_records[SECURE]
        yield from ((sender, letter) for to, letter in zip(said["to"], said["letters"], strict=True) if to == node)


def test_two_clients_are_too_few() -> None:
    context = Context(1, 1, {}, RecordDict(), {})
    make_keys(asked(1, round=1), context)
    with pytest.raises(FederationError, match="hides too little"):
        secure_client.write_letters(
            asked(1, round=1, nodes=[1, 2], threshold=2, mask=[b"", b""], letters=[b"", b""]), context
        )


def test_a_sum_that_makes_no_round_is_not_even_opened(dataset_path: Path, tmp_path: Path) -> None:
    """The round is tried again from the same weights: with one client more, the difference would be that client's."""
    one = federation(dataset_path, tmp_path, secure=True, leaves={1: "train"}, clients=5, min_clients=5, wait_s=0.1)
    with pytest.raises(FederationError, match="Round 1 has the weights of 0 clients"):
        one.fit()
    assert not [kind for _, kind in watched(one).asked if kind == REVEAL]


@pytest.mark.parametrize(("kind", "says"), [(KEYS, "cannot be read"), (LETTERS, "protocol"), (REVEAL, "protocol")])
def test_a_client_that_breaks_the_protocol_is_left_out(
    dataset_path: Path, tmp_path: Path, plain: Federation, kind: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    broken: dict[str, dict[str, Any]] = {
        KEYS: {"mask": b"no key", "letters": b"no key"},
        LETTERS: {"to": [99], "letters": [b""]},
        REVEAL: {"nodes": [99], "shares": [b""]},
    }
    one = federation(dataset_path, tmp_path, secure=True)
    watched(one).nodes[2].change = lambda message, reply: (
        Message(RecordDict({SECURE: ConfigRecord(broken[kind])}), reply_to=message)
        if message.metadata.message_type == kind
        else reply
    )
    one.fit()
    assert np.allclose(weights(one), weights(plain), atol=1e-5)
    said = capsys.readouterr().out
    assert "c2 is left out of round 1" in said
    assert says in said


def test_a_spoilt_sum_is_refused_and_so_are_false_shares(
    dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def noise(message: Message, reply: Message) -> Message:
        if message.metadata.message_type == "train":
            length = reply.content.array_records[MASKED]["sum"].shape[0]
            values = np.random.default_rng(0).integers(0, 2**32, length, np.uint32)
            reply.content[MASKED] = ArrayRecord({"sum": Array(values)})
        return reply

    def false_shares(message: Message, reply: Message) -> Message:
        if message.metadata.message_type == REVEAL:
            said: dict[str, Any] = dict(reply.content.config_records[SECURE])
            said["shares"] = [share[:4] + bytes(len(share) - 4) for share in said["shares"]]
            reply.content[SECURE] = ConfigRecord(said)
        return reply

    for number, (change, says) in enumerate([(noise, "spoilt by one"), (false_shares, "round 1: the s")]):
        one = federation(dataset_path, tmp_path / str(number), secure=True, wait_s=0.1)
        watched(one).nodes[2].change = change
        with pytest.raises(FederationError, match="has the weights of 0 clients"):
            one.fit()
        assert says in capsys.readouterr().out


def test_what_fails_in_a_step_is_told_by_the_client_too() -> None:
    lines: list[str] = []
    app = create_client_app(FolderData(Path("nowhere"), "c"), tell=lines.append)
    message = asked(1, round=1, stayed=[1], left=[])
    message.metadata.__dict__["_message_type"] = REVEAL
    app(message, Context(1, 1, {}, RecordDict(), {}))
    assert lines == ["Failed: The server asks for a step of secure aggregation out of turn: the round begins anew."]
