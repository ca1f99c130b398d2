"""ONNX Runtime: on the CPU, which every board has; with CUDA or TensorRT where the board's own build has them.

The CPU provider is tried on x86-64. CUDA and TensorRT are written against ONNX Runtime's documentation of these
providers and were not tried: no such device was at hand.
"""

from pathlib import Path
from typing import Literal

import numpy as np
import onnxruntime  # type: ignore[import-untyped]

from edge_agent.domain.words import Words
from edge_agent.sense.camera.manifest import ModelError
from edge_agent.sense.camera.runtimes import Description, Shape, Tensor, check

Device = Literal["cpu", "cuda", "tensorrt"]
PROVIDERS: dict[Device, str] = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
}
Provider = str | tuple[str, dict[str, str]]


def providers(device: Device, engines: Path) -> list[Provider]:
    """What to ask ONNX Runtime for, best first: what a provider cannot do is done by the next.

    `engines` is this model's own folder: TensorRT's cache does not look at the weights, and an engine of another
    model must not be taken for this one's. Full precision: the figures of the cards were measured with it.
    """
    cpu, cuda, tensorrt = PROVIDERS["cpu"], PROVIDERS["cuda"], PROVIDERS["tensorrt"]
    match device:
        case "cpu":
            return [cpu]
        case "cuda":
            return [cuda, cpu]
        case "tensorrt":
            cached = {
                "trt_engine_cache_enable": "True",
                "trt_engine_cache_path": str(engines),
                "trt_timing_cache_enable": "True",
                "trt_timing_cache_path": str(engines),
                "trt_fp16_enable": "False",
            }
            return [(tensorrt, cached), cuda, cpu]


class OnnxRuntime:
    """One session, shared by all cameras that use the model."""

    def __init__(
        self, weights: bytes, *, threads: int = 1, device: Device = "cpu", engines: Path = Path()
    ) -> None:
        """`weights` are the bytes whose hash was checked, so that no other file can slip in between.

        Spinning is off: idle threads that spin took half of every other program's core, and with a
        busy core a run took 66 ms instead of 33 (measured on two x86 cores). Raises ModelError.
        """
        is_there(device)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors only
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.add_session_config_entry("session.inter_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(weights, options, providers=providers(device, engines))
        except Exception as fault:  # its many kinds of error share no other base
            raise ModelError(_damaged(fault)) from fault
        self._session.disable_fallback()
        self._device = device
        self._asked_for()
        taken = self._session.get_inputs()[0]
        self._input = taken.name
        self._shape: Shape = tuple(length if isinstance(length, int) else None for length in taken.shape)
        self._output = self._session.get_outputs()[0].name

    def run(self, pictures: Tensor) -> Tensor:
        """The model's raw output."""
        check(pictures, self._shape)
        return np.asarray(self._session.run([self._output], {self._input: pictures})[0], dtype=np.float32)

    def describe(self) -> Description:
        """Version and device."""
        name = f"ONNX Runtime {onnxruntime.__version__}"
        return Description(runtime=name, device=self._device, input=self._shape)

    def _asked_for(self) -> None:
        """ONNX Runtime goes on without a provider that does not start, and only warns: here it is refused."""
        wanted = PROVIDERS[self._device]
        if wanted not in self._session.get_providers():
            zh = f"ONNX Runtime 的 {wanted} 无法启动，请检查驱动及 CUDA、TensorRT 的版本"
            en = f"{wanted} of ONNX Runtime does not start: look at driver, CUDA and TensorRT versions"
            raise ModelError(Words(zh, en))


def is_there(device: Device) -> None:
    """Raise ModelError unless the installed package was built for `device`."""
    known = onnxruntime.get_available_providers()
    if PROVIDERS[device] not in known:
        there = [name for name, provider in PROVIDERS.items() if provider in known]
        zh = (
            f"已安装的 ONNX Runtime 没有 {device}（只有 {'、'.join(there)}），"
            "请改装 onnxruntime-gpu（Jetson 用 NVIDIA 提供的版本），或修改 site.toml 的 vision.runtime"
        )
        en = (
            f"the installed ONNX Runtime has no {device} (it has {', '.join(there)}): put onnxruntime-gpu in its "
            "place (on a Jetson: NVIDIA's build), or change vision.runtime in site.toml"
        )
        raise ModelError(Words(zh, en))


def _damaged(fault: Exception) -> Words:
    said = str(fault).splitlines()[0][:200]
    zh = "ONNX Runtime 无法载入该模型（文件损坏，或含有它不支持的算子），请从发布包恢复或重新导出"
    en = f"ONNX Runtime cannot load the model ({said}): restore it from the release, or export it anew"
    return Words(zh, en)
