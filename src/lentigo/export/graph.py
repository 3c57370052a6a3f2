"""The ONNX graph of a trained model, as :class:`lentigo.card.GraphContract` describes it."""

from __future__ import annotations

import contextlib
import io
import logging
import tempfile
import warnings
from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import TensorProto, helper, version_converter
from torch import Tensor, nn

from lentigo.export.quality import QualityMeasures
from lentigo.inference.engine import OUTPUTS
from lentigo.training.model import EvidenceModel
from lentigo.training.no_skin import SkinDistance
from lentigo.training.novelty import energy

OPSET = 20
IR_VERSION = 10


class Answering(nn.Module):
    """One photo's pixels after resizing, and its answers, to all outputs of the graph, without a batch dimension."""

    def __init__(self, model: EvidenceModel, no_skin: SkinDistance, temperature: float, size_px: int) -> None:
        super().__init__()
        self.model, self.no_skin, self.temperature = model, no_skin, temperature
        self.quality = QualityMeasures(size_px)

    def forward(self, channels: Tensor, answers: Tensor) -> tuple[Tensor, ...]:
        """(3, S, S) in 0..255 and (A,) -> the outputs: (C,), (C, h, w), (Q, C), (V, C), (), () and (M,)."""
        evidence = self.model.explain(channels[None], answers[None])
        evidence_map = evidence.map[0] / self.temperature
        answer_evidence = evidence.answers[0] / self.temperature
        photo_logits = evidence_map.sum((1, 2))
        logits = photo_logits + answer_evidence.sum(0)
        view_logits = evidence.views[0] / self.temperature
        novelty, no_skin = energy(photo_logits[None])[0], self.no_skin(evidence.textures)[0]
        return logits, evidence_map, answer_evidence, view_logits, novelty, no_skin, self.quality(channels)


def build_graph(answering: Answering, size_px: int, answer_columns: int) -> onnx.ModelProto:
    """Trace the network and put cropping and resizing in front of it; weights in float32.

    Inputs ``pixels`` uint8 (H, W, 3) and ``answers`` float32 (A,).
    """
    network = _trace(answering, size_px, answer_columns)
    network = onnx.compose.add_prefix(network, "net_", rename_inputs=False, rename_outputs=False)
    model = onnx.compose.merge_models(_preprocessing(size_px), network, io_map=[("channels", "channels")])
    model.producer_name = "lentigo"
    # Names and traces of the exporting machine are no one's business.
    del model.metadata_props[:]
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    del model.graph.value_info[:]
    onnx.checker.check_model(model, full_check=True)
    return model


def _trace(answering: Answering, size_px: int, answer_columns: int) -> onnx.ModelProto:
    inputs = (torch.zeros(3, size_px, size_px), torch.zeros(answer_columns))
    names = ["channels", "answers"]
    with tempfile.TemporaryDirectory() as folder, _quiet():
        path = Path(folder) / "network.onnx"
        torch.onnx.export(
            answering.eval(), inputs, path, input_names=names, output_names=list(OUTPUTS), opset_version=OPSET,
            dynamo=True, external_data=False, optimize=True,
        )  # fmt: skip
        network: onnx.ModelProto = onnx.load(path)
    if network.opset_import[0].version != OPSET:
        network = version_converter.convert_version(network, OPSET)
    network.ir_version = IR_VERSION
    return network


@contextlib.contextmanager
def _quiet() -> Any:
    """Silence the exporter's chatter: it reports its own progress and the deprecations of its own dependencies."""
    loggers = [logging.getLogger(name) for name in ("torch.onnx", "onnxscript", "onnx_ir")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def _preprocessing(size_px: int) -> onnx.ModelProto:
    """The centre square of ``pixels``, resized (antialiased) to float (3, size_px, size_px)."""
    node = helper.make_node
    nodes = [
        node("Shape", ["pixels"], ["shape"], start=0, end=2),
        node("ReduceMin", ["shape", "first_axis"], ["side"], keepdims=1),
        node("Sub", ["shape", "side"], ["margins"]),
        node("Div", ["margins", "two"], ["begin"]),
        node("Add", ["begin", "side"], ["end"]),
        node("Slice", ["pixels", "begin", "end", "rows_and_columns"], ["square"]),
        node("Transpose", ["square"], ["planes"], perm=[2, 0, 1]),
        node("Cast", ["planes"], ["floats"], to=TensorProto.FLOAT),
        # exclude_outside: at the border only weights of pixels that exist count, as in torchvision and Pillow.
        node(
            "Resize", ["floats", "", "", "sizes"], ["channels"], mode="linear", antialias=1, exclude_outside=1,
            coordinate_transformation_mode="half_pixel",
        ),
    ]  # fmt: skip
    constants = {"two": [2], "first_axis": [0], "rows_and_columns": [0, 1], "sizes": [3, size_px, size_px]}
    graph = helper.make_graph(
        nodes,
        "lentigo",
        [helper.make_tensor_value_info("pixels", TensorProto.UINT8, ["height", "width", 3])],
        [helper.make_tensor_value_info("channels", TensorProto.FLOAT, [3, size_px, size_px])],
        [helper.make_tensor(name, TensorProto.INT64, [len(values)], values) for name, values in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
