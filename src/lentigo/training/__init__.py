"""Training: a dataset in, a run out. Needs the ``train`` extra (torch, timm, accelerate)."""

from lentigo.training.config import PRESETS, TrainConfig, load_config
from lentigo.training.prediction import predict_run
from lentigo.training.run import Run
from lentigo.training.trainer import train

__all__ = ["PRESETS", "Run", "TrainConfig", "load_config", "predict_run", "train"]
