"""Differential privacy in a federation: what is shown, what stops, what is written for the card."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flwr.app import Array, ArrayRecord, Message, MetricRecord, RecordDict
from flwr.serverapp.strategy import FedAvg

from lentigo.cli import run as run_command
from lentigo.datasets import Dataset
from lentigo.errors import FederationError
from lentigo.federated import wire
from lentigo.federated.budget import Ledger, LocalPrivacy, Release, epsilon_of
from lentigo.federated.central import AdaptiveClipping, CentralPrivacy, FixedClipping, with_central_privacy
from lentigo.federated.client import create_client_app
from lentigo.federated.demands import Demands
from lentigo.federated.dpsgd import release_of
from lentigo.federated.exchange import Answers, Stopped
from lentigo.federated.plan import FederationOptions
from lentigo.federated.server import Federation, first_model
from lentigo.federated.strategy import remembered, remind
from lentigo.federated.supernode import FolderData
from lentigo.training.run import Run
from lentigo.training.trainer import describe_run
from tests.federated.grid import ThreadGrid, node
from tests.federated.made import command, lentigo, plan_for
from tests.made import make_dataset


@pytest.fixture
def dataset_path(tmp_path: Path) -> Path:
    return make_dataset(tmp_path / "few", per_class=12)


def federation(path: Path, out: Path, rounds: int, privacy: LocalPrivacy | None = None, **options: Any) -> Federation:
    dataset = Dataset.open(path)
    plan = plan_for(dataset, rounds).model_copy(update={"privacy": privacy})
    run = Run(out)
    run.start(plan.config, describe_run(dataset, plan.config))
    model = first_model(plan.config, len(plan.codes), plan.answers)
    chosen = FederationOptions(**{"wait_s": 0.1, "slow_floor_s": 60, "min_clients": 1, **options})
    return Federation(ThreadGrid({1: node(path, "berlin")}), plan, chosen, run, model, show_progress=False)


def test_epsilon_is_shown_after_each_round_and_the_budget_is_used_up(
    dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = federation(dataset_path, tmp_path / "run", 3, LocalPrivacy(epsilon_budget=5))
    one.fit()
    lines = one.run.epochs()
    spent = [line["epsilon"] for line in lines]
    assert len(lines) == 3
    assert spent == sorted(spent)
    assert 4.9 < spent[-1] <= 5
    assert lines[0]["train_loss"] is None
    assert lines[1]["clients"]["berlin"]["epsilon"] == pytest.approx(spent[1], abs=1e-4)
    assert f"epsilon {spent[0]:.2f} of 5 per photo (berlin {spent[0]:.2f}), delta 1e-05" in capsys.readouterr().out
    privacy = one.run.privacy
    assert privacy is not None
    assert (privacy.epsilon, privacy.delta) == (spent[-1], 1e-5)
    assert len(Ledger(dataset_path / "privacy.jsonl").releases()) == 3


def test_training_stops_before_the_budget_is_exceeded_and_the_run_is_usable(
    dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = federation(dataset_path, tmp_path / "run", 5, LocalPrivacy(epsilon_budget=9, noise_multiplier=1.0))
    one.fit()
    done = one.run.epochs()
    assert 0 < len(done) < 5
    assert done[-1]["epsilon"] <= 9 < done[-1]["epsilon_next"]
    assert f"Training ends after round {len(done)}. Another round would bring epsilon" in capsys.readouterr().out
    assert one.run.best_weights.is_file()
    one.fit()
    assert len(one.run.epochs()) == len(done), "nor does it go on when called again"


def test_a_run_ends_well_when_broken_off_rounds_have_used_up_the_budget(
    dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    privacy = LocalPrivacy(epsilon_budget=5)
    one = federation(dataset_path, tmp_path / "run", 3, privacy, wait_s=60)
    one._round(1)
    release = release_of(one.plan, privacy, 24)
    for _ in range(2):
        Ledger(dataset_path / "privacy.jsonl").spend(release, privacy)
    one.fit()
    assert len(one.run.epochs()) == 1
    assert "Training ends after round 1. berlin: Another round would bring epsilon" in capsys.readouterr().out


def test_a_client_refuses_a_server_that_asks_for_more_than_the_budget(dataset_path: Path, tmp_path: Path) -> None:
    privacy = LocalPrivacy(epsilon_budget=9, noise_multiplier=1.0)
    federation(dataset_path, tmp_path / "run", 5, privacy).fit()
    again = federation(dataset_path, tmp_path / "other", 5, privacy)
    with pytest.raises(FederationError, match="berlin: Another round would bring epsilon to"):
        again.fit()


def reply(values: np.ndarray[Any, Any]) -> Message:
    content = RecordDict(
        {
            wire.WEIGHTS: ArrayRecord({"w": Array(values.astype(np.float32))}),
            wire.FIGURES: MetricRecord({wire.ALIKE: 1, wire.PHOTOS: 10}),
        }
    )
    asked = Message(RecordDict(), message_type="train", dst_node_id=1)
    return Message(content, reply_to=asked)


def aggregated(privacy: CentralPrivacy, updates: list[np.ndarray[Any, Any]]) -> tuple[np.ndarray[Any, Any], Any]:
    common = FedAvg(weighted_by_key=wire.ALIKE, arrayrecord_key=wire.WEIGHTS, configrecord_key=wire.SAID)
    strategy = with_central_privacy(common, privacy, rounds=10)
    assert isinstance(strategy, FixedClipping | AdaptiveClipping)
    strategy.current_arrays = ArrayRecord({"w": Array(np.zeros_like(updates[0], dtype=np.float32))})
    arrays, _ = strategy.aggregate_train(1, [reply(one) for one in updates])
    assert arrays is not None
    return arrays["w"].numpy(), strategy


def test_central_privacy_cuts_each_client_and_adds_the_noise_that_is_counted() -> None:
    updates = [np.full(20_000, 7.0), np.zeros(20_000)]
    mean, _ = aggregated(CentralPrivacy(noise_multiplier=3.0, clip_norm=0.5), updates)
    assert mean.std() == pytest.approx(3.0 * 0.5 / 2, rel=0.03)
    quiet, _ = aggregated(CentralPrivacy(noise_multiplier=1e-9, clip_norm=0.5), updates)
    assert np.linalg.norm(quiet) == pytest.approx(0.25, rel=0.01)


def test_an_adaptive_length_grows_when_all_are_cut_and_shrinks_when_none_is() -> None:
    long, short = [np.full(100, 5.0)] * 4, [np.full(100, 1e-6)] * 4
    privacy = CentralPrivacy(noise_multiplier=1e-3)
    _, grown = aggregated(privacy, long)
    _, shrunk = aggregated(privacy, short)
    assert shrunk.clipping_norm < 1 < grown.clipping_norm


def test_the_noise_of_an_adaptive_length_is_for_the_length_that_was_cut_to() -> None:
    mean, strategy = aggregated(CentralPrivacy(noise_multiplier=3.0), [np.full(20_000, 1e-6)] * 4)
    assert strategy.clipping_norm < 1
    assert mean.std() == pytest.approx(strategy.noise_multiplier * 1.0 / 4, rel=0.03)


def test_a_round_that_is_repeated_after_a_stop_is_spent_twice(dataset_path: Path, tmp_path: Path) -> None:
    central = CentralPrivacy(noise_multiplier=5.0)

    def stopped(number: int) -> Answers:
        del number
        raise Stopped

    first = federation(dataset_path, tmp_path / "run", 2, central=central)
    first._judge = stopped  # type: ignore[method-assign]
    with pytest.raises(Stopped):
        first.fit()
    again = federation(dataset_path, tmp_path / "run", 2, central=central)
    again.fit()
    spent = [line["epsilon"] for line in again.run.epochs()]
    release = central.release(2)
    assert spent == pytest.approx([epsilon_of([release] * times, 1e-5) for times in (2, 3)], abs=1e-4)


def test_a_client_that_left_has_spent_all_the_same(dataset_path: Path, tmp_path: Path) -> None:
    """The model goes on from weights that its photos are in."""
    path = make_dataset(tmp_path / "fewer", per_class=10)
    privacy = LocalPrivacy(noise_multiplier=1.0)
    one = federation(dataset_path, tmp_path / "run", 2, privacy)
    assert isinstance(one.grid, ThreadGrid)
    one.grid.nodes[2] = node(path, "graz")
    one.clients.options = one.options = one.options.model_copy(update={"min_clients": 2})
    Ledger(path / "privacy.jsonl").spend(Release(noise_multiplier=0.7, sample_rate=0.4, steps=9), privacy)
    one._round(1)
    one.grid.nodes[2].here = False
    one.clients.options = one.options = one.options.model_copy(update={"min_clients": 1})
    one._round(2)
    first, second = one.run.epochs()
    assert first["clients"]["graz"]["epsilon"] > second["clients"]["berlin"]["epsilon"]
    assert second["epsilon"] == first["epsilon"]
    assert one.run.privacy is not None
    assert one.run.privacy.clients == 2


def test_an_adaptive_length_goes_on_after_a_stop() -> None:
    _, before = aggregated(CentralPrivacy(noise_multiplier=1e-3), [np.full(100, 5.0)] * 4)
    _, after = aggregated(CentralPrivacy(noise_multiplier=1e-3), [np.full(100, 1e-6)] * 4)
    remind(after, remembered(before))
    assert after.clipping_norm == pytest.approx(before.clipping_norm, rel=1e-6)


def test_central_privacy_in_rounds(dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    central = CentralPrivacy(epsilon_budget=50, noise_multiplier=0.3)
    one = federation(dataset_path, tmp_path / "run", 9, central=central)
    one.fit()
    lines = one.run.epochs()
    assert lines[-1]["epsilon"] <= 50 < lines[-1]["epsilon_next"]
    assert "of 50 per client" in capsys.readouterr().out


@pytest.mark.slow
def test_a_private_simulation_from_the_command_line_to_the_card(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dataset_path = make_dataset(tmp_path / "more")
    out, bundle = tmp_path / "run", tmp_path / "bundle"
    simulate = command("federated", "simulate", dataset_path, "--by", "dirichlet:5", "--clients", "3", "--out", out)
    private = ["--dp", "client", "--dp-epsilon-budget", "8", "--secure-aggregation", "--min-clients", "3"]
    done = lentigo(*simulate, "--rounds", "2", *private)
    assert done.returncode == 0, done.stderr
    assert "of 8 per photo" in done.stdout
    assert run_command(["evaluate", str(out), "--data", str(dataset_path), "--membership", "--resamples", "100"]) == 0
    assert "membership_auroc" in capsys.readouterr().out
    assert run_command(["evaluate", str(out), "--data", str(dataset_path), "--membership", "--split", "all"]) == 2
    assert run_command(["export", str(out), "--data", str(dataset_path), "--out", str(bundle)]) == 0
    privacy = json.loads((bundle / "card.json").read_text())["privacy"]
    assert (privacy["federated"], privacy["clients"], privacy["secure_aggregation"]) == (True, 3, True)
    assert 0 < privacy["epsilon"] <= 8


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--dp-noise", "1"], "--dp-noise goes with --dp"),
        (["--dp", "client"], "a budget of epsilon"),
        (["--dp", "client", "--dp-epsilon-budget", "-1"], "--dp-epsilon-budget"),
        (["--dp", "client", "--dp-noise", "1", "--norm", "batch"], "Batch norm"),
        (["--secure-aggregation"], "needs 3 clients"),
        (["--secure-aggregation", "--min-clients", "4", "--strategy", "krum"], "krum compares"),
        (["--strategy", "krum", "--min-clients", "3"], "krum against 1 malicious needs --min-clients 4"),
        (["--strategy", "trimmed-mean", "--malicious", "2"], "needs --min-clients 5"),
        (["--dp", "central", "--dp-noise", "1", "--strategy", "fedadam"], "which fedadam is not"),
        (["--secure-aggregation", "--min-clients", "3", "--dp", "central", "--dp-noise", "1"], "--dp-clip"),
        (["--dp", "central", "--dp-noise", "1", "--strategy", "trimmed-mean", "--min-clients", "3"], "in a mean"),
    ],
)
def test_what_cannot_hold_together_is_said_first(
    dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], says: str
) -> None:
    out = tmp_path / "run"
    assert run_command([*command("federated", "simulate", dataset_path, "--by", "source", "--out", out), *more]) == 2
    assert says in capsys.readouterr().err
    assert not out.exists()


def test_clients_may_send_changes_in_8_bits(dataset_path: Path, tmp_path: Path) -> None:
    plain = federation(dataset_path, tmp_path / "plain", 1)
    packed = federation(dataset_path, tmp_path / "packed", 1)
    packed.plan = packed.clients.plan = packed.plan.model_copy(update={"compress": True})
    plain.fit()
    packed.fit()
    before, after = (one.run.epochs()[0]["megabytes"] for one in (plain, packed))
    assert after < before - 0.7 * wire.megabytes(wire.pack(plain.model, plain.names))
    for name, weights in plain.model.state_dict().items():
        assert np.allclose(weights.numpy(), packed.model.state_dict()[name].numpy(), atol=5e-3), name


@pytest.mark.parametrize(
    ("demands", "says"),
    [
        (Demands(secure_aggregation=True), "with secure aggregation only"),
        (Demands(epsilon=4), "privacy budget of at most 4; the server has one of 5"),
        (Demands(epsilon=5), None),
    ],
)
def test_a_client_takes_part_with_the_protection_it_insists_on(
    dataset_path: Path, tmp_path: Path, demands: Demands, says: str | None
) -> None:
    one = federation(dataset_path, tmp_path / "run", 1, LocalPrivacy(epsilon_budget=5))
    assert isinstance(one.grid, ThreadGrid)
    one.grid.nodes[1].app = create_client_app(FolderData(dataset_path, "berlin"), demands=demands)
    if says is None:
        one.fit()
        return
    with pytest.raises(FederationError, match=says):
        one.fit()


def test_a_delta_that_gives_a_photo_away_is_refused(dataset_path: Path, tmp_path: Path) -> None:
    one = federation(dataset_path, tmp_path / "run", 1, LocalPrivacy(epsilon_budget=5, delta=0.1))
    with pytest.raises(FederationError, match="one of 24 photos"):
        one.fit()
