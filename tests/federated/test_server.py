"""The server's rounds: who is left out, why, and that no round is lost."""

from __future__ import annotations

import datetime
import json
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from flwr.app import Array, ArrayRecord, ConfigRecord, Error, Message, MetricRecord, RecordDict

from lentigo.datasets import Dataset
from lentigo.datasets.manifest import write_manifest
from lentigo.errors import FederationError
from lentigo.federated import exchange, local, wire
from lentigo.federated.calibrating import calibrate_at_clients
from lentigo.federated.client import FAMILIAR, HELD_OUT, HELLO, JUDGE, create_client_app
from lentigo.federated.local import Learned
from lentigo.federated.plan import FederationOptions
from lentigo.federated.server import Federation, first_model
from lentigo.federated.strategy import create_strategy, remembered, remind
from lentigo.federated.supernode import FolderData
from lentigo.training.model import EvidenceModel
from lentigo.training.run import Run
from lentigo.training.trainer import describe_run
from tests.federated.grid import Node, ThreadGrid, node
from tests.federated.made import plan_for
from tests.made import make_dataset


@pytest.fixture(scope="module")
def dataset_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A smaller one than the other tests': many clients learn from it."""
    return make_dataset(tmp_path_factory.mktemp("datasets") / "few", per_class=12)


def federation(path: Path, out: Path, nodes: dict[int, Node], rounds: int = 2, **options: Any) -> Federation:
    dataset = Dataset.open(path)
    plan = plan_for(dataset, rounds, "feature_dropout=0")
    run = Run(out)
    run.start(plan.config, describe_run(dataset, plan.config))
    model = first_model(plan.config, len(plan.codes), plan.answers)
    chosen = FederationOptions(**{"wait_s": 20, "slow_floor_s": 2, **options})
    return Federation(ThreadGrid(nodes), plan, chosen, run, model, show_progress=False)


def not_a_number(message: Message, reply: Message) -> Message:
    if wire.WEIGHTS not in reply.content:
        return reply
    weights = {name: array.numpy().copy() for name, array in reply.content.array_records[wire.WEIGHTS].items()}
    weights["head.weight"][0, 0] = np.nan
    reply.content[wire.WEIGHTS] = ArrayRecord({name: Array(one) for name, one in weights.items()})
    del message
    return reply


def failing(message: Message, reply: Message) -> Message:
    if message.metadata.message_type != "train":
        return reply
    return Message(RecordDict({wire.SAID: ConfigRecord({"failed": "the disk is full"})}), reply_to=message)


def test_rounds_are_written_down_with_each_clients_figures(dataset_path: Path, tmp_path: Path) -> None:
    nodes = {1: node(dataset_path, "berlin"), 2: node(dataset_path, "graz")}
    one = federation(dataset_path, tmp_path, nodes)
    one.fit()
    lines = one.run.epochs()
    assert [line["epoch"] for line in lines] == [1, 2]
    for figures in lines[0]["clients"].values():
        assert figures["photos"] == 24
        assert figures["validation_photos"] == 6
    assert set(lines[0]["clients"]) == {"berlin", "graz"}
    assert lines[0]["megabytes"] == pytest.approx(6 * wire.megabytes(wire.pack(one.model, one.names)), rel=0.01)
    assert one.run.best_weights.is_file()


def test_a_client_with_no_numbers_is_refused_by_name_and_the_round_goes_on(
    dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nodes = {1: node(dataset_path, "a"), 2: node(dataset_path, "b"), 3: node(dataset_path, "c", change=not_a_number)}
    one = federation(dataset_path, tmp_path, nodes, rounds=1)
    one.fit()
    (line,) = one.run.epochs()
    assert "no numbers" in line["clients"]["c"]["failed"]
    assert "c is left out of round 1: its weights were refused" in capsys.readouterr().out
    assert all(np.isfinite(one.model.state_dict()[name].numpy()).all() for name in one.names)


def test_a_failing_clients_own_words_reach_the_server(
    dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nodes = {1: node(dataset_path, "a"), 2: node(dataset_path, "b"), 3: node(dataset_path, "c", change=failing)}
    federation(dataset_path, tmp_path, nodes, rounds=1).fit()
    assert "c is left out of round 1: the disk is full" in capsys.readouterr().out


def test_a_slow_client_does_not_hold_up_the_round_and_is_asked_again_when_free(
    dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gate = threading.Event()
    nodes = {1: node(dataset_path, "a"), 2: node(dataset_path, "b"), 3: node(dataset_path, "slow", gate)}
    one = federation(dataset_path, tmp_path, nodes, rounds=1, slow_floor_s=1)
    one.fit()
    (line,) = one.run.epochs()
    assert "too slow" in line["clients"]["slow"]["failed"]
    assert 3 not in one.clients.usable()
    gate.set()
    deadline = time.monotonic() + 20
    while 3 not in one.clients.usable() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert 3 in one.clients.usable()
    assert "slow is free again" in capsys.readouterr().out


def test_a_client_that_was_started_again_has_lost_its_work(
    dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = node(dataset_path, "c", threading.Event())
    nodes = {1: node(dataset_path, "a"), 2: node(dataset_path, "b"), 3: lost}
    one = federation(dataset_path, tmp_path, nodes, rounds=1, slow_floor_s=50)

    def restart() -> None:
        grid = one.grid
        assert isinstance(grid, ThreadGrid)
        while (3, "train") not in grid.asked:
            time.sleep(0.05)
        lost.since = datetime.datetime.now(datetime.UTC).isoformat()

    threading.Thread(target=restart, daemon=True).start()
    one.fit()
    deadline = time.monotonic() + 20
    while 3 not in one.clients.usable() and time.monotonic() < deadline:
        time.sleep(0.2)
    said = capsys.readouterr().out
    assert "c is left out of round 1: it lost its connection" in said
    assert "c is back" in said


def test_too_few_clients_are_waited_for_and_then_counted(
    dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = federation(dataset_path, tmp_path, {1: node(dataset_path, "a")}, min_clients=3, wait_s=1.5)
    with pytest.raises(FederationError, match="2 of 3 clients are missing"):
        one.fit()
    assert "1 of 3 clients are here" in capsys.readouterr().out


def test_a_refused_client_is_named_with_its_reason(
    dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nodes = {1: node(dataset_path, "a"), 2: node(tmp_path / "nothing", "graz")}
    one = federation(dataset_path, tmp_path / "run", nodes, wait_s=1)
    with pytest.raises(FederationError, match="graz was refused"):
        one.fit()
    assert "graz cannot take part" in capsys.readouterr().out


def test_a_round_that_nobody_could_finish_ends_with_their_reasons(dataset_path: Path, tmp_path: Path) -> None:
    nodes = {number: node(dataset_path, f"c{number}", change=failing) for number in (1, 2)}
    with pytest.raises(FederationError, match="c1: the disk is full"):
        federation(dataset_path, tmp_path, nodes, wait_s=1).fit()


@pytest.mark.parametrize("strategy", ["fedavg", "fedprox", "fedadam", "trimmed-mean", "krum"])
def test_a_run_goes_on_to_the_same_weights(dataset_path: Path, tmp_path: Path, strategy: str) -> None:
    def nodes() -> dict[int, Node]:
        return {number: node(dataset_path, f"c{number}") for number in range(1, 5)}

    options = {"strategy": strategy, "min_clients": 4}
    whole = federation(dataset_path, tmp_path / "whole", nodes(), rounds=2, **options)
    whole.fit()
    first = federation(dataset_path, tmp_path / "parts", nodes(), rounds=2, **options)
    first._round(1)
    second = federation(dataset_path, tmp_path / "parts", nodes(), rounds=2, **options)
    second.fit()
    assert [line["epoch"] for line in second.run.epochs()] == [1, 2]
    for name, tensor in whole.model.state_dict().items():
        assert np.allclose(tensor.numpy(), second.model.state_dict()[name].numpy(), atol=1e-5), name


def test_fedadam_remembers_its_moments() -> None:
    strategy = create_strategy(FederationOptions(strategy="fedadam"))
    strategy.m_t = {"a": np.ones(2, np.float32)}  # type: ignore[attr-defined]  # of FedAdam
    strategy.v_t = {"a": np.zeros(2, np.float32)}  # type: ignore[attr-defined]
    other = create_strategy(FederationOptions(strategy="fedadam"))
    remind(other, remembered(strategy))
    assert other.m_t["a"].tolist() == [1, 1]  # type: ignore[attr-defined]


@pytest.mark.parametrize("strategy", ["trimmed-mean", "krum"])
def test_a_robust_strategy_is_not_moved_by_one_client(dataset_path: Path, tmp_path: Path, strategy: str) -> None:
    def huge(message: Message, reply: Message) -> Message:
        if wire.WEIGHTS in reply.content:
            old = reply.content.array_records[wire.WEIGHTS]
            reply.content[wire.WEIGHTS] = ArrayRecord({name: Array(one.numpy() + 1000) for name, one in old.items()})
        del message
        return reply

    nodes = {number: node(dataset_path, f"c{number}") for number in range(1, 5)}
    nodes[5] = node(dataset_path, "bad", change=huge)
    one = federation(dataset_path, tmp_path, nodes, rounds=1, strategy=strategy, min_clients=5, malicious=1)
    one.fit()
    assert max(float(one.model.state_dict()[name].abs().max()) for name in one.names) < 100


def test_a_model_is_calibrated_from_the_clients_numbers(dataset_path: Path, tmp_path: Path) -> None:
    nodes = {1: node(dataset_path, "berlin"), 2: node(dataset_path, "graz")}
    one = federation(dataset_path, tmp_path, nodes, rounds=1)
    one.fit()
    calibrate_at_clients(one)
    calibration = json.loads(one.run.calibration_file.read_text())
    assert calibration["temperature"] > 0
    assert calibration["novelty"]["chosen_on"] == "validation split of berlin, graz"
    table = pl.read_parquet(one.run.predictions_file)
    assert table.height == 12
    assert not [name for name in table["image"] if name.startswith("images/")], "a file name left the client"
    assert table["age"].null_count() == table.height


def test_a_client_that_could_not_be_greeted_is_named_and_greeted_again(
    dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "_REMIND_S", 0.1)
    greetings = 0

    def deaf_at_first(message: Message, reply: Message) -> Message:
        nonlocal greetings
        if message.metadata.message_type != HELLO:
            return reply
        greetings += 1
        return Message(Error(code=1, reason="out of memory"), reply_to=message) if greetings < 3 else reply

    deaf = node(dataset_path, "graz", change=deaf_at_first)
    deaf.name = "graz"
    one = federation(dataset_path, tmp_path, {1: node(dataset_path, "berlin"), 2: deaf}, rounds=1)
    one.fit()
    said = capsys.readouterr().out
    assert said.count("graz cannot take part: out of memory") == 1
    assert "node 2" not in said
    assert "failed" not in one.run.epochs()[0]["clients"]["graz"]


@pytest.mark.parametrize("kind", [HELLO, "train", JUDGE, FAMILIAR, HELD_OUT])
@pytest.mark.parametrize("nonsense", ["nothing", "other records", "no numbers"])
def test_nonsense_from_one_client_stops_nobody(
    dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, nonsense: str
) -> None:
    def confused(message: Message, reply: Message) -> Message:
        if message.metadata.message_type != kind:
            return reply
        content = RecordDict() if nonsense == "nothing" else reply.content
        for name in list(content):
            if isinstance(content[name], MetricRecord):
                values = {"loss_sum": float("nan"), "confusion": [-1] * 9} if nonsense == "no numbers" else {}
                content[name] = MetricRecord(values)  # type: ignore[arg-type]  # numbers and lists of them
            elif isinstance(content[name], ArrayRecord):
                words = Array(np.array(["no", "numbers"])) if nonsense == "no numbers" else Array(np.zeros(3))
                content[name] = ArrayRecord(dict.fromkeys(content.array_records[name], words))
            elif kind == HELLO:
                content[name] = ConfigRecord({"report": "{}"})
        return Message(content, reply_to=message)

    nodes = {number: node(dataset_path, f"c{number}") for number in (1, 2)}
    nodes[3] = node(dataset_path, "odd", change=confused)
    one = federation(dataset_path, tmp_path, nodes, rounds=1)
    one.fit()
    calibrate_at_clients(one)
    said = capsys.readouterr().out
    assert ("node 3 cannot take part: its answer" if kind == HELLO else "odd is left out of ") in said
    assert one.run.calibration.temperature > 0


def test_a_client_cannot_count_more_than_the_photos_it_came_with(dataset_path: Path, tmp_path: Path) -> None:
    def boasting(message: Message, reply: Message) -> Message:
        if message.metadata.message_type == "train":
            reply.content.metric_records[wire.FIGURES][wire.PHOTOS] = 10**9
        return reply

    nodes = {1: node(dataset_path, "a"), 2: node(dataset_path, "b", change=boasting)}
    one = federation(dataset_path, tmp_path, nodes, rounds=1)
    one.fit()
    assert one.run.epochs()[0]["clients"]["b"]["photos"] == 24


def test_who_was_left_out_is_told_when_it_is_greeted_too(dataset_path: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    odd = Node(create_client_app(FolderData(dataset_path, "odd"), tell=lines.append))
    one = federation(dataset_path, tmp_path, {1: node(dataset_path, "a"), 2: odd}, rounds=1)
    one.clients.gather(2)
    one.clients.blame({2: "it was too slow"}, "round 1")
    odd.since = datetime.datetime.now(datetime.UTC).isoformat()
    one.clients.gather(2)
    assert "Left out of round 1: it was too slow" in lines


def test_who_was_left_out_is_told(dataset_path: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    odd = Node(create_client_app(FolderData(dataset_path, "odd"), tell=lines.append), change=not_a_number)
    nodes = {1: node(dataset_path, "a"), 2: node(dataset_path, "b"), 3: odd}
    federation(dataset_path, tmp_path, nodes, rounds=1).fit()
    assert any(line.startswith("Left out of round 1: its weights were refused") for line in lines)


def test_a_spoilt_model_is_told_by_the_client_itself(
    dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    learn = local.learn

    def spoil(model: EvidenceModel, dataset: Dataset, *others: Any) -> Learned:
        learned = learn(model, dataset, *others)
        if dataset.path == tmp_path / "odd":
            model.head.weight.data[0, 0] = float("nan")  # type: ignore[operator]
        return learned

    monkeypatch.setattr(local, "learn", spoil)
    lines: list[str] = []
    odd = Node(create_client_app(FolderData(make_dataset(tmp_path / "odd", 12), "odd"), tell=lines.append))
    nodes = {1: node(dataset_path, "a"), 2: node(dataset_path, "b"), 3: odd}
    federation(dataset_path, tmp_path / "run", nodes, rounds=1).fit()
    assert any(line.startswith("Failed: Training spoilt the model: its weights head.weight") for line in lines)
    assert "odd is left out of round 1: Training spoilt the model" in capsys.readouterr().out


def test_a_client_that_is_gone_is_not_waited_for(
    dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = node(dataset_path, "c", threading.Event())
    nodes = {1: node(dataset_path, "a"), 2: node(dataset_path, "b"), 3: gone}
    one = federation(dataset_path, tmp_path, nodes, rounds=1, slow_floor_s=50)

    def leave() -> None:
        grid = one.grid
        assert isinstance(grid, ThreadGrid)
        while (3, "train") not in grid.asked:
            time.sleep(0.05)
        gone.here = False

    threading.Thread(target=leave, daemon=True).start()
    one.fit()
    assert "c is left out of round 1: it lost its connection" in capsys.readouterr().out


def test_who_has_trained_is_not_asked_again_when_another_failed(
    dataset_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "_REMIND_S", 0.1)
    tries = 0

    def fails_once(message: Message, reply: Message) -> Message:
        nonlocal tries
        tries += message.metadata.message_type == "train"
        return failing(message, reply) if tries == 1 else reply

    nodes = {1: node(dataset_path, "a"), 2: node(dataset_path, "b", change=fails_once)}
    one = federation(dataset_path, tmp_path, nodes, rounds=1)
    one.fit()
    grid = one.grid
    assert isinstance(grid, ThreadGrid)
    assert [number for number, kind in grid.asked if kind == "train"].count(1) == 1
    assert not any("failed" in figures for figures in one.run.epochs()[0]["clients"].values())


def test_a_round_that_nobody_judged_at_first_is_judged_again(
    dataset_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "_REMIND_S", 0.1)
    asked: set[int] = set()

    def fails_at_first(message: Message, reply: Message) -> Message:
        if message.metadata.message_type != JUDGE or reply.metadata.src_node_id in asked:
            return reply
        asked.add(reply.metadata.src_node_id)
        return Message(RecordDict({wire.SAID: ConfigRecord({"failed": "out of memory"})}), reply_to=message)

    nodes = {number: node(dataset_path, f"c{number}", change=fails_at_first) for number in (1, 2)}
    one = federation(dataset_path, tmp_path, nodes, rounds=1)
    one.fit()
    grid = one.grid
    assert isinstance(grid, ThreadGrid)
    assert [kind for _, kind in grid.asked].count("train") == 2
    assert len(one.run.epochs()) == 1


def test_nobody_trains_for_a_model_that_nobody_can_judge(tmp_path: Path) -> None:
    path = make_dataset(tmp_path / "data", per_class=12)
    manifest = pl.read_parquet(path / "manifest.parquet")
    write_manifest(manifest.with_columns(pl.lit("train").alias("split")), path)
    one = federation(path, tmp_path / "run", {1: node(path, "a"), 2: node(path, "b")}, rounds=1)
    with pytest.raises(FederationError, match="No client has validation photos"):
        one.fit()
    grid = one.grid
    assert isinstance(grid, ThreadGrid)
    assert "train" not in [kind for _, kind in grid.asked]


def test_a_client_that_tries_whether_it_is_let_in_is_not_called_lost(
    dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It connects, parts and connects again; what was sent to it in between is lost."""
    trying = node(dataset_path, "graz")
    trying.name, trying.since = "graz", datetime.datetime.now(datetime.UTC).isoformat()
    lost: list[Message] = []

    def late(message: Message, reply: Message) -> Message:
        if not lost:
            lost.append(reply)
            trying.since = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=0.1)).isoformat()
            time.sleep(2)
        del message
        return reply

    trying.change = late
    one = federation(dataset_path, tmp_path, {1: node(dataset_path, "berlin"), 2: trying}, rounds=1)
    one.fit()
    said = capsys.readouterr().out
    assert "lost its connection" not in said
    assert "node 2" not in said
    assert said.count("graz: 6 test") == 1


def test_a_calibration_that_failed_at_first_is_tried_again(
    dataset_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "_REMIND_S", 0.1)
    failed: list[str] = []

    def fails_once(message: Message, reply: Message) -> Message:
        kind = message.metadata.message_type
        if kind not in (FAMILIAR, HELD_OUT) or kind in failed:
            return reply
        failed.append(kind)
        return Message(RecordDict({wire.SAID: ConfigRecord({"failed": "out of memory"})}), reply_to=message)

    nodes = {1: node(dataset_path, "a"), 2: node(dataset_path, "b", change=fails_once)}
    one = federation(dataset_path, tmp_path, nodes, rounds=1)
    one.fit()
    calibrate_at_clients(one)
    assert failed == [FAMILIAR, HELD_OUT]
    assert one.run.calibration.temperature > 0
