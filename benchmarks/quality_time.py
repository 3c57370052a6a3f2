"""What photo quality costs: the part of the shipped graph that measures it, and the rules."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
from onnx import shape_inference
from onnx.utils import Extractor

from benchmarks.service import BUNDLE
from lentigo.imaging import Photo
from lentigo.inference import Predictor
from lentigo.inference.bundle import open_bundle
from lentigo.inference.quality import problems, quality_of
from lentigo.inference.runtime import onnxruntime

ROUNDS = 60
THREADS = 2
LIMIT_MS = 10


def measure() -> str:
    """Milliseconds on two threads, by turns; returns a table."""
    predictor = Predictor.load(BUNDLE, threads=THREADS)
    card, side = predictor.card, predictor.card.graph.input_size_px
    part = _measuring_part()
    pixels = np.random.default_rng(0).integers(0, 256, (side, side, 3), dtype=np.uint8)
    channels = np.ascontiguousarray(pixels.transpose(2, 0, 1), dtype=np.float32)
    photo = Photo(pixels, side, side, "PNG")
    output = predictor.raw(photo)

    whole, alone, rules = [], [], []
    for _ in range(ROUNDS):
        whole.append(_ms(lambda: predictor.raw(photo)))
        alone.append(_ms(lambda: part.run(None, {"channels": channels})))
        rules.append(_ms(lambda: problems(card, quality_of(card, photo, output))))
    return (
        f"## Photo quality\n\n{side} px, {THREADS} threads, median of {ROUNDS} rounds by turns; the aim is under "
        f"{LIMIT_MS} ms.\n\n| part | ms |\n|---|---|\n"
        f"| measures in the graph | {statistics.median(alone):.2f} |\n"
        f"| rules | {statistics.median(rules):.3f} |\n"
        f"| whole graph, for comparison | {statistics.median(whole):.1f} |\n"
    )


def _measuring_part() -> Any:
    """The graph from the resized pixels to the measures, without the network."""
    model = shape_inference.infer_shapes(onnx.load_from_string(open_bundle(BUNDLE).graph))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    cut = Extractor(model).extract_model(["channels"], ["quality"])
    return onnxruntime.InferenceSession(cut.SerializeToString(), options, providers=["CPUExecutionProvider"])


def _ms(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)
