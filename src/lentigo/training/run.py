"""A run folder: what training writes, and how it is read again.

RUN/
    config.toml          every choice, the seed among them
    run.json             the dataset, the diagnoses and answers in order, versions
    metrics.jsonl        one line an epoch
    curves.png           the same as a picture
    checkpoints/
        last.safetensors, last.state    where to go on
        best.safetensors                the weights that are evaluated and exported
    calibration.json     temperature, thresholds, novelty: fitted on the validation split
    no_skin.safetensors  what the score of being no skin at all is computed with
    predictions.parquet  calibrated logits on validation and test
    privacy.json         federated runs only: what protected the people in the photos
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from lentigo.card import AnswerSpec, Calibration, CardDiagnosis, Frozen, PrivacyTechniques, TrainingSource
from lentigo.errors import RunError
from lentigo.training.config import TrainConfig, read_config
from lentigo.writing import write_whole

_UNFINISHED = "Finish it: run the same `lentigo train` command again."


class RunRecord(Frozen):
    """``run.json``: what a run is of."""

    schema_version: Literal[1] = 1
    created: str
    lentigo_version: str
    torch_version: str
    timm_version: str
    dataset: str
    dataset_sha256: str
    diagnoses: tuple[CardDiagnosis, ...]
    answers: tuple[AnswerSpec, ...]
    sources: tuple[TrainingSource, ...]
    skin_types: dict[str, int]
    """Training photos of each Fitzpatrick skin type, "1" to "6"; those of unknown type are not counted."""


@dataclass(frozen=True)
class Run:
    """A run folder; its files may not be there yet."""

    path: Path

    @property
    def checkpoints(self) -> Path:
        """Folder of the checkpoints."""
        return self.path / "checkpoints"

    @property
    def best_weights(self) -> Path:
        """The weights that did best on validation."""
        return self.checkpoints / "best.safetensors"

    @property
    def final_weights(self) -> Path:
        """The best weights rounded to 8 bits: what is measured and exported."""
        return self.checkpoints / "final.safetensors"

    @property
    def no_skin_file(self) -> Path:
        """What the score of being no skin at all is computed with."""
        return self.path / "no_skin.safetensors"

    @property
    def predictions_file(self) -> Path:
        """Calibrated logits on validation and test."""
        return self.path / "predictions.parquet"

    @property
    def metrics_file(self) -> Path:
        """One JSON line an epoch."""
        return self.path / "metrics.jsonl"

    @property
    def calibration_file(self) -> Path:
        """Temperature, thresholds and novelty."""
        return self.path / "calibration.json"

    @property
    def config(self) -> TrainConfig:
        """Every choice of the run."""
        self._need("config.toml")
        return read_config(self.path / "config.toml")

    @property
    def record(self) -> RunRecord:
        """What the run is of.

        Raises:
            RunError: Not a run, or one of another version.
        """
        self._need("run.json")
        try:
            return RunRecord.model_validate_json((self.path / "run.json").read_text(encoding="utf-8"))
        except ValidationError as error:
            raise RunError(
                f"{self.path / 'run.json'} was not written by this version of Lentigo.", "Train again."
            ) from error

    @property
    def calibration(self) -> Calibration:
        """Temperature, thresholds and novelty of a finished run.

        Raises:
            RunError: The run is not finished, or the file is damaged.
        """
        self._need("calibration.json")
        try:
            return Calibration.model_validate_json(self.calibration_file.read_text(encoding="utf-8"))
        except ValidationError as error:
            raise RunError(f"{self.calibration_file} is damaged.", _UNFINISHED) from error

    def start(self, config: TrainConfig, record: RunRecord) -> None:
        """Write what does not change while training."""
        self.checkpoints.mkdir(parents=True, exist_ok=True)
        write_whole(self.path / "config.toml", config.to_toml())
        write_whole(self.path / "run.json", record.model_dump_json(indent=2) + "\n")

    def epochs(self) -> list[dict[str, Any]]:
        """The lines of ``metrics.jsonl``."""
        if not self.metrics_file.is_file():
            return []
        return [json.loads(line) for line in self.metrics_file.read_text(encoding="utf-8").splitlines()]

    def write_epochs(self, epochs: list[dict[str, Any]]) -> None:
        """Write ``metrics.jsonl``."""
        write_whole(self.metrics_file, "".join(json.dumps(epoch) + "\n" for epoch in epochs))

    @property
    def privacy(self) -> PrivacyTechniques | None:
        """What protected the people in the training photos; None where nothing did.

        Raises:
            RunError: The file is damaged.
        """
        path = self.path / "privacy.json"
        if not path.is_file():
            return None
        try:
            return PrivacyTechniques.model_validate_json(path.read_text(encoding="utf-8"))
        except ValidationError as error:
            raise RunError(f"{path} is damaged.", "Train again.") from error

    def write_privacy(self, techniques: PrivacyTechniques) -> None:
        """Write ``privacy.json``."""
        write_whole(self.path / "privacy.json", techniques.model_dump_json(indent=2) + "\n")

    def _need(self, name: str) -> None:
        if (self.path / name).is_file():
            return
        if (self.path / "run.json").is_file():
            raise RunError(f"The run {self.path} has no {name} yet.", _UNFINISHED)
        raise RunError(f"{self.path} is not a run (it has no {name}).", "Give a folder that `lentigo train` wrote.")
