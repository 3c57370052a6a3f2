"""From a bundle and a photo to an :class:`Assessment`. Runs without torch."""

from lentigo.inference.assessment import Assessment
from lentigo.inference.engine import RawOutput
from lentigo.inference.predictor import Predictor

__all__ = ["Assessment", "Predictor", "RawOutput"]
