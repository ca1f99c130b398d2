"""ONNX Runtime on the CPU: the runtime that every board has."""

import numpy as np
import onnxruntime  # type: ignore[import-untyped]

from edge_agent.sense.camera.runtimes import Tensor


class OnnxRuntime:
    """One session, shared by all cameras that use the model."""

    def __init__(self, weights: bytes, *, threads: int = 1) -> None:
        """`weights` are the bytes whose hash was checked, so that no other file can slip in between.

        Spinning is off: idle threads that spin took half of every other program's core, and with a
        busy core a run took 66 ms instead of 33 (measured on two x86 cores).
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors only
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.add_session_config_entry("session.inter_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        self._output = self._session.get_outputs()[0].name

    def run(self, pictures: Tensor) -> Tensor:
        """The model's raw output."""
        return np.asarray(self._session.run([self._output], {self._input: pictures})[0], dtype=np.float32)
