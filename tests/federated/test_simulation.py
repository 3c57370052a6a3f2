"""From one dataset to an answer, federated, in Flower's simulation engine: the command line from end to end."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import timm
from PIL import Image
from safetensors.torch import save_file

from lentigo.cli import run
from lentigo.federated.record import FILE
from lentigo.federated.state import load_state
from lentigo.training.prediction import load_model
from lentigo.training.run import Run
from tests.federated.made import command, lentigo


@pytest.mark.slow
def test_simulate_evaluate_export_predict(dataset_path: Path, tmp_path: Path) -> None:
    out, bundle = tmp_path / "run", tmp_path / "bundle"
    simulate = [*command("federated", "simulate", dataset_path, "--by", "source", "--out", out), "--rounds", "2"]
    first = lentigo(*simulate)
    assert first.returncode == 0, first.stderr
    assert "ham10000: 6 test" in first.stdout
    assert "round 2/2: validation balanced accuracy" in first.stdout
    finished = Run(out)
    assert [line["epoch"] for line in finished.epochs()] == [1, 2]
    assert set(finished.epochs()[0]["clients"]) == {"ham10000", "pad-ufes-20"}
    record = json.loads((out / FILE).read_text())
    assert (record["by"], record["options"]["strategy"]) == ("source", "fedavg")
    state = load_state(finished, load_model(finished))
    assert state is not None
    assert state.round == 2

    other = lentigo(*simulate, "--strategy", "fedprox")
    assert other.returncode == 2
    assert "another strategy" in other.stderr

    assert run(["evaluate", str(out), "--data", str(dataset_path), "--resamples", "100"]) == 0
    assert run(["export", str(out), "--data", str(dataset_path), "--out", str(bundle)]) == 0
    photo = dataset_path / "images" / "mel_0.jpg"
    assert run(["predict", str(photo), "--bundle", str(bundle), "--json"]) == 0


@pytest.mark.slow
def test_a_stopped_simulation_goes_on_after_its_last_round(dataset_path: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    simulate = [*command("federated", "simulate", dataset_path, "--by", "source", "--out", out), "--rounds", "6"]
    process = subprocess.Popen([sys.executable, "-m", "lentigo", *simulate], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if "round 2/6" in line:
            process.send_signal(signal.SIGINT)
            break
    process.stdout.read()
    assert process.wait(120) == 130
    process.stdout.close()
    done = len(Run(out).epochs())
    assert 2 <= done < 6
    again = lentigo(*simulate)
    assert again.returncode == 0, again.stderr
    assert f"round {done}/6" not in again.stdout
    assert f"round {done + 1}/6" in again.stdout
    assert [line["epoch"] for line in Run(out).epochs()] == [1, 2, 3, 4, 5, 6]


def test_what_cannot_be_begun_is_said_before_ray_starts(
    dataset_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    simulate = command("federated", "simulate", dataset_path, "--out", tmp_path / "run")
    for more, says in (
        (["--by", "moon"], "cannot be dealt out by 'moon'"),
        (["--by", "source", "--min-clients", "3"], "There are 2 clients"),
        (["--by", "source", "--server-learning-rate", "-1", "--strategy", "fedadam"], "--server-learning-rate"),
        (["--by", "source", "--norm", "frozen"], "norm=group"),
        (["--by", "dirichlet:100", "--clients", "8"], "cannot take part: There are"),
    ):
        assert run([*simulate, *more]) in (1, 2)
        assert says in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_a_run_of_train_is_not_gone_on_with(dataset_path: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    out.mkdir()
    (out / "something").write_text("else")
    assert run(command("federated", "simulate", dataset_path, "--by", "source", "--out", out)) == 2


@pytest.mark.slow
@pytest.mark.parametrize("preset", ["cnn", "efficientnet"])
def test_any_two_folders_train_from_scratch_and_from_pretrained_weights(tmp_path: Path, preset: str) -> None:
    generator = np.random.default_rng(0)
    for name, brightness in (("cats", 180), ("dogs", 70)):
        (tmp_path / "photos" / name).mkdir(parents=True)
        for number in range(24):
            pixels = np.clip(generator.normal(brightness, 40, (48, 48, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(tmp_path / "photos" / name / f"{number}.jpg")
    data, out = tmp_path / "data", tmp_path / "run"
    assert run(["prepare", "folders", str(tmp_path / "photos"), "--out", str(data)]) == 0
    simulate = command("federated", "simulate", data, "--by", "dirichlet:100", "--clients", "2", "--out", out)
    simulate[simulate.index("--preset") + 1] = preset
    if preset == "efficientnet":
        weights = timm.create_model("tf_efficientnet_lite0", pretrained=False, num_classes=0).state_dict()
        save_file(weights, tmp_path / "lite0.safetensors")
        simulate += ["--weights", str(tmp_path / "lite0.safetensors"), "--set", "start_size_px=none"]
    done = lentigo(*simulate, "--rounds", "1")
    assert done.returncode == 0, done.stderr
    assert [one.code for one in Run(out).record.diagnoses] == ["cats", "dogs"]
    assert run(["evaluate", str(out), "--data", str(data), "--resamples", "100"]) == 0
