"""OpenVINO on the CPU (extra [openvino]): see models/README.md. Tried on x86-64, not on ARM."""

import sys
from typing import Any

import numpy as np

from edge_agent.domain.words import Words
from edge_agent.sense.camera.manifest import ModelError
from edge_agent.sense.camera.runtimes import Description, Shape, Tensor, check

TELEMETRY = "openvino_telemetry"


def _package() -> Any:
    """The package, without the part that would report to its maker: a box on site talks to nobody unasked."""
    sys.modules.setdefault(TELEMETRY, None)  # type: ignore[arg-type] # "may not be imported"; it has a stand-in
    try:
        import openvino  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as absent:
        if absent.name != "openvino":
            raise
        zh = '缺少 openvino：请用 pip 安装 "edge-agent[openvino]"，或修改 site.toml 的 vision.runtime'
        en = 'openvino is not installed: pip install "edge-agent[openvino]", or change vision.runtime in site.toml'
        raise ModelError(Words(zh, en)) from absent
    return openvino


class OpenvinoRuntime:
    """One compiled model, shared by all cameras that use it."""

    def __init__(self, weights: bytes, *, threads: int = 1) -> None:
        """`weights` are the bytes whose hash was checked. Raises ModelError.

        Full precision: left to itself it takes halves where the processor has them, and the figures of the cards
        were not measured so.
        """
        package = _package()
        how = {
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": "1",
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "f32",
            "ENABLE_CPU_PINNING": False,  # every program of the box would be pinned to the same cores
        }
        try:
            core = package.Core()
            self._compiled = core.compile_model(core.read_model(model=weights), "CPU", how)
        except RuntimeError as fault:
            raise ModelError(_damaged(fault)) from fault
        self._request = self._compiled.create_infer_request()
        self._output = self._compiled.output(0)
        partial = self._compiled.input(0).partial_shape
        self._shape: Shape = tuple(None if side.is_dynamic else int(side.get_length()) for side in partial)
        self._version = str(package.__version__).split("-", maxsplit=1)[0]

    def run(self, pictures: Tensor) -> Tensor:
        """The model's raw output."""
        check(pictures, self._shape)
        said = self._request.infer({0: pictures}, share_inputs=True)[self._output]
        return np.asarray(said, dtype=np.float32)

    def describe(self) -> Description:
        """Version and device."""
        return Description(runtime=f"OpenVINO {self._version}", device="cpu", input=self._shape)


def _damaged(fault: RuntimeError) -> Words:
    said = str(fault).splitlines()[-1][:200]
    zh = "OpenVINO 无法载入该模型（文件损坏，或含有它不支持的算子），请从发布包恢复或重新导出"
    return Words(zh, f"OpenVINO cannot load the model ({said}): restore it from the release, or export it anew")
