"""From a run to a bundle: one ONNX graph that holds everything after decoding, and the card that explains it."""

from lentigo.export.bundle import ExportOptions, export_run

__all__ = ["ExportOptions", "export_run"]
