"""Weights stored in 8 bits and computed in float: a DequantizeLinear before each convolution and matrix product.

The weights already lie on 255 levels a channel (:mod:`lentigo.training.rounding`), and folding a batch norm into a
convolution, as torch's exporter does, scales whole channels: nothing is lost here.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper, numpy_helper

from lentigo.training.rounding import LEVELS

_SMALLEST = 1024
"""Weights with fewer numbers stay in float32: their size does not matter."""


def store_in_8_bits(model: onnx.ModelProto) -> None:
    """Replace the float weights of every Conv by int8 and a DequantizeLinear, in place."""
    graph = model.graph
    constants = {tensor.name: tensor for tensor in graph.initializer}
    wanted = dict.fromkeys(node.input[1] for node in graph.node if node.op_type == "Conv")
    added = []
    for name in wanted:
        tensor = constants.get(name)
        if tensor is None or np.prod(tensor.dims) < _SMALLEST:
            continue
        levels, step = to_levels(numpy_helper.to_array(tensor))
        tensor.CopyFrom(numpy_helper.from_array(levels, f"{name}_int8"))
        graph.initializer.append(numpy_helper.from_array(step, f"{name}_step"))
        added.append(helper.make_node("DequantizeLinear", [f"{name}_int8", f"{name}_step"], [name], axis=0))
    for node in reversed(added):
        graph.node.insert(0, node)
    onnx.checker.check_model(model, full_check=True)


def to_levels(weight: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """(O, ...) float -> the same in int8, and the step (O,) of each output channel."""
    flat = weight.reshape(len(weight), -1)
    step = np.maximum(np.abs(flat).max(1), np.finfo(np.float32).tiny) / LEVELS
    levels = np.clip(np.rint(flat / step[:, None]), -LEVELS, LEVELS).astype(np.int8)
    return levels.reshape(weight.shape), step.astype(np.float32)
