"""Bundles that can be trusted are opened; all others are refused with a reason."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import onnx
import pytest
from onnx import TensorProto, helper

from lentigo.card import read_card
from lentigo.errors import BundleAltered, BundleError, BundleNotFound, BundleUnsupported
from lentigo.inference import Predictor, protobuf
from lentigo.inference.bundle import check_graph, open_bundle
from lentigo.inference.verification import verify_answers


@pytest.fixture
def copy(bundle_path: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(bundle_path, tmp_path / "copy"))


def reseal(folder: Path, **changes: object) -> None:
    """Write the card anew as if it had been exported so."""
    card = read_card(folder / "card.json").model_copy(update=changes).sealed()
    (folder / "card.json").write_text(card.to_json(), encoding="utf-8")


def change_graph(folder: Path, change: Callable[[onnx.ModelProto], None]) -> None:
    """Change the graph and make the card fit it, as an attacker could."""
    model = onnx.load(folder / "model.onnx")
    change(model)
    data = model.SerializeToString()
    (folder / "model.onnx").write_bytes(data)
    graph = read_card(folder / "card.json").graph.model_copy(update={"sha256": hashlib.sha256(data).hexdigest()})
    reseal(folder, graph=graph)


def test_a_good_bundle_opens_and_does_what_its_card_says(bundle_path: Path) -> None:
    assert len(list(verify_answers(open_bundle(bundle_path)))) == 3


def test_a_missing_bundle_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleNotFound, match="nowhere"):
        open_bundle(tmp_path / "nowhere")


def test_an_altered_graph_is_refused(copy: Path) -> None:
    data = bytearray((copy / "model.onnx").read_bytes())
    data[len(data) // 2] ^= 1
    (copy / "model.onnx").write_bytes(data)
    with pytest.raises(BundleAltered):
        open_bundle(copy)


def test_a_missing_graph_is_refused(copy: Path) -> None:
    (copy / "model.onnx").unlink()
    with pytest.raises(BundleAltered, match=r"model\.onnx"):
        open_bundle(copy)


def test_an_edited_card_is_refused(copy: Path) -> None:
    fields = json.loads((copy / "card.json").read_text())
    fields["thresholds"]["malignant"]["threshold"] = 0.99
    (copy / "card.json").write_text(json.dumps(fields))
    with pytest.raises(BundleAltered, match="hash"):
        open_bundle(copy)


@pytest.mark.parametrize(
    "content", ["not json", "[]", '{"schema_version": 99}', '{"schema_version": 2}', '{"schema_version": 2, "name": 3}']
)
def test_a_card_of_another_kind_is_refused(copy: Path, content: str) -> None:
    (copy / "card.json").write_text(content)
    with pytest.raises(BundleUnsupported):
        open_bundle(copy)


def test_weights_outside_the_file_are_refused(copy: Path) -> None:
    def point_outside(model: onnx.ModelProto) -> None:
        tensor = model.graph.initializer[0]
        tensor.ClearField("raw_data")
        tensor.data_location = TensorProto.EXTERNAL
        tensor.external_data.add(key="location", value="/etc/passwd")

    change_graph(copy, point_outside)
    with pytest.raises(BundleUnsupported, match="outside its file"):
        open_bundle(copy)


def test_weights_outside_the_file_are_found_inside_attributes_and_inner_graphs() -> None:
    tensor = helper.make_tensor("t", TensorProto.FLOAT, [1], [1.0])
    tensor.ClearField("float_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="x")
    constant = helper.make_node("Constant", [], ["c"], value=tensor)
    inner = helper.make_graph([constant], "inner", [], [helper.make_tensor_value_info("c", TensorProto.FLOAT, [1])])
    branch = helper.make_node("If", ["b"], ["o"], then_branch=inner, else_branch=inner)
    for nodes in ([constant], [branch]):
        graph = helper.make_graph(nodes, "outer", [], [])
        with pytest.raises(BundleUnsupported, match="outside its file"):
            check_graph(helper.make_model(graph).SerializeToString(), Path("x"))


def test_sparse_weights_are_refused_wherever_they_lie() -> None:
    values = helper.make_tensor("v", TensorProto.FLOAT, [1], [1.0])
    values.ClearField("float_data")
    values.data_location = TensorProto.EXTERNAL
    values.external_data.add(key="location", value="/etc/hostname")
    sparse = helper.make_sparse_tensor(values, helper.make_tensor("i", TensorProto.INT64, [1], [0]), [1])
    one, several = helper.make_node("Constant", [], ["c"]), helper.make_node("Constant", [], ["c"])
    one.attribute.append(helper.make_attribute("sparse_value", sparse))
    several.attribute.append(helper.make_attribute("sparse_values", [sparse]))
    weights = helper.make_graph([], "weights", [], [])
    weights.sparse_initializer.append(sparse)
    for graph in (*(helper.make_graph([node], "nodes", [], []) for node in (one, several)), weights):
        with pytest.raises(BundleUnsupported, match="sparse"):
            check_graph(helper.make_model(graph).SerializeToString(), Path("x"))


def test_graphs_may_lie_in_each_other_but_not_without_end() -> None:
    def nested(depth: int) -> bytes:
        graph = helper.make_graph([], "innermost", [], [])
        for _ in range(depth):
            branch = helper.make_node("If", ["b"], ["o"], then_branch=graph)
            graph = helper.make_graph([branch], "outer", [], [])
        return bytes(helper.make_model(graph).SerializeToString())

    check_graph(nested(3), Path("x"))
    with pytest.raises(BundleUnsupported, match="too deep"):
        check_graph(nested(30), Path("x"))


def test_foreign_operators_are_refused(copy: Path) -> None:
    def call_out(model: onnx.ModelProto) -> None:
        model.graph.node.append(helper.make_node("Shell", ["pixels"], ["out"], domain="evil"))
        model.opset_import.append(helper.make_opsetid("evil", 1))

    change_graph(copy, call_out)
    with pytest.raises(BundleUnsupported, match="not ONNX's own"):
        open_bundle(copy)


def test_a_graph_that_breaks_its_contract_is_refused(copy: Path) -> None:
    card = read_card(copy / "card.json")
    reseal(copy, diagnoses=card.diagnoses[:-1])
    with pytest.raises(BundleUnsupported, match="card says"):
        Predictor.load(copy)


@pytest.mark.parametrize("data", [b"", b"text", b"\xff" * 40, b"\x08\x01"])
def test_what_is_no_graph_is_refused(data: bytes) -> None:
    with pytest.raises(BundleError):
        check_graph(data, Path("x"))


def test_messages_are_read_field_by_field() -> None:
    model = helper.make_model(helper.make_graph([], "name", [], []), producer_name="us")
    fields = protobuf.fields(model.SerializeToString())
    assert fields[2] == [b"us"]
    assert protobuf.fields(fields[7][0])[2] == [b"name"]
