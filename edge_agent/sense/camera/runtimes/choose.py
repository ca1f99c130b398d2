"""From the name in site.toml ([vision] runtime) to a loaded model."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from edge_agent.domain.words import Words
from edge_agent.sense.camera.manifest import ModelError
from edge_agent.sense.camera.runtimes import Runtime
from edge_agent.sense.camera.runtimes.meanwhile import Meanwhile
from edge_agent.sense.camera.runtimes.onnx import Device, OnnxRuntime, is_there
from edge_agent.sense.camera.runtimes.openvino import OpenvinoRuntime
from edge_agent.sense.camera.runtimes.wanted import PLAIN, Wanted

Build = Callable[[], None]
Loader = Callable[[bytes, Wanted], Runtime]


def _onnx(device: Device) -> Loader:
    def load(weights: bytes, wanted: Wanted) -> Runtime:
        folder = Path(wanted.engines_folder) / hashlib.sha256(weights).hexdigest()
        if device == "tensorrt":
            folder.mkdir(parents=True, exist_ok=True)
        return OnnxRuntime(weights, threads=wanted.threads, device=device, engines=folder)

    return load


LOADERS: dict[str, Loader] = {
    PLAIN: _onnx("cpu"),
    "onnx-cuda": _onnx("cuda"),
    "onnx-tensorrt": _onnx("tensorrt"),
    "openvino-cpu": lambda weights, wanted: OpenvinoRuntime(weights, threads=wanted.threads),
}
ON_A_GRAPHICS_CARD: dict[str, Device] = {"onnx-cuda": "cuda", "onnx-tensorrt": "tensorrt"}


def beside(wanted: Wanted) -> Wanted:
    """Where a small model beside the detector runs: on a graphics card it would wait for an engine of its own."""
    return Wanted(threads=wanted.threads) if wanted.runtime in ON_A_GRAPHICS_CARD else wanted


def load(weights: bytes, wanted: Wanted) -> Runtime:
    """The model in the wanted runtime, ready when this returns. Raises ModelError."""
    if wanted.runtime not in LOADERS:
        known = ", ".join(LOADERS)
        zh = f'没有运行时 "{wanted.runtime}"，可用的有：{known}'
        raise ModelError(Words(zh, f'no runtime "{wanted.runtime}"; known: {known}'))
    return LOADERS[wanted.runtime](weights, wanted)


def begin(weights: bytes, wanted: Wanted, size: tuple[int, int], build: Build) -> Runtime:
    """The model, running at once: on the CPU while a graphics card's engine is built (by `build`) and loaded.

    `size` is the input's width and height. Raises ModelError.
    """
    if wanted.runtime not in ON_A_GRAPHICS_CARD:
        return load(weights, wanted)
    is_there(ON_A_GRAPHICS_CARD[wanted.runtime])
    width, height = size
    probe = np.random.default_rng(1).uniform(0, 1, (1, 3, height, width)).astype(np.float32)

    def later() -> Runtime:
        build()
        return load(weights, wanted)

    return Meanwhile(load(weights, Wanted(threads=wanted.threads)), later, probe)
