"""onnxruntime, with its telemetry off.

onnxruntime's wheels for Linux report to their maker (seen in 1.31): importing them writes an identifier to the
temporary folder and opens an uploader, before any call could stop it. Only the environment can, and only before the
import (its pull requests 27379 and 29843). So this module sets it, and is the one place that imports onnxruntime; a
test watches that nothing is written.
"""

from __future__ import annotations

import os

# Two names: 1.31 goes by the first, its later documentation by the second.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
os.environ["ORT_TELEMETRY_DISABLED"] = "1"

import onnxruntime  # only after the environment is set

__all__ = ["onnxruntime"]
