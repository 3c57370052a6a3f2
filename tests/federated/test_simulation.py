"""From one dataset to an answer, federated, in Flower's simulation engine: the command line from end to end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lentigo.cli import run
from lentigo.federated.record import FILE
from lentigo.federated.state import load_state
from lentigo.training.prediction import load_model
from lentigo.training.run import Run
from tests.federated.made import command


@pytest.mark.slow
def test_simulate_evaluate_export_predict(
    dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, bundle = tmp_path / "run", tmp_path / "bundle"
    simulate = command("federated", "simulate", dataset_path, "--by", "source", "--out", out)
    assert run([*simulate, "--rounds", "2"]) == 0
    said = capsys.readouterr().out
    assert "ham10000: 12 test" in said
    assert "round 2/2: validation balanced accuracy" in said
    finished = Run(out)
    assert [line["epoch"] for line in finished.epochs()] == [1, 2]
    assert set(finished.epochs()[0]["clients"]) == {"ham10000", "pad-ufes-20"}
    record = json.loads((out / FILE).read_text())
    assert (record["by"], record["options"]["strategy"]) == ("source", "fedavg")
    state = load_state(finished, load_model(finished))
    assert state is not None
    assert state.round == 2

    assert run([*simulate, "--rounds", "2"]) == 0, "a finished run is not begun again"
    assert "round 1/2" not in capsys.readouterr().out
    assert run([*simulate, "--rounds", "2", "--strategy", "fedprox"]) == 2
    assert "another strategy" in capsys.readouterr().err

    assert run(["evaluate", str(out), "--data", str(dataset_path), "--resamples", "100"]) == 0
    assert run(["export", str(out), "--data", str(dataset_path), "--out", str(bundle)]) == 0
    photo = dataset_path / "images" / "mel_0.jpg"
    assert run(["predict", str(photo), "--bundle", str(bundle), "--json"]) == 0


def test_what_cannot_be_begun_is_said_before_ray_starts(
    dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    simulate = command("federated", "simulate", dataset_path, "--out", tmp_path / "run")
    for more, says in (
        (["--by", "moon"], "cannot be dealt out by 'moon'"),
        (["--by", "source", "--min-clients", "3"], "There are 2 clients"),
        (["--by", "source", "--server-learning-rate", "-1", "--strategy", "fedadam"], "--server-learning-rate"),
        (["--by", "source", "--norm", "frozen"], "norm=group"),
    ):
        assert run([*simulate, *more]) == 2
        assert says in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_a_run_of_train_is_not_gone_on_with(dataset_path: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    out.mkdir()
    (out / "something").write_text("else")
    assert run(command("federated", "simulate", dataset_path, "--by", "source", "--out", out)) == 2
