"""While another runtime is made ready the CPU's goes on, and it takes over again whatever happens to the other."""

import os
import threading
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from edge_agent.sense.camera import manifest
from edge_agent.sense.camera.manifest import ModelError
from edge_agent.sense.camera.runtimes import BadPictures, Description, Runtime, Tensor, choose, engine, onnx
from edge_agent.sense.camera.runtimes.meanwhile import Meanwhile
from edge_agent.sense.camera.runtimes.onnx import OnnxRuntime
from edge_agent.sense.camera.runtimes.openvino import OpenvinoRuntime
from edge_agent.sense.camera.runtimes.wanted import Wanted
from tests.support.languages import faults
from tests.vision.conftest import MODEL, MODELS, PATIENCE_S

PICTURE = np.random.default_rng(1).uniform(0, 255, (1, 3, 416, 416)).astype(np.float32)


@pytest.fixture(scope="module")
def weights() -> bytes:
    return manifest.weights(MODELS, MODEL)


@pytest.fixture(scope="module")
def cpu(weights: bytes) -> OnnxRuntime:
    return OnnxRuntime(weights)


@pytest.fixture(scope="module")
def other(weights: bytes) -> OpenvinoRuntime:
    return OpenvinoRuntime(weights)


class Wrong:
    """A runtime that works, and says a little of another thing."""

    def __init__(self, sound: Runtime, *, change: float = 0.0) -> None:
        self.sound, self.change, self.broken = sound, change, False

    def run(self, pictures: Tensor) -> Tensor:
        if self.broken:
            raise RuntimeError("the device was lost")
        return self.sound.run(pictures) + np.float32(self.change)

    def describe(self) -> Description:
        return Description(runtime="wrong 1", device="card", input=(1, 3, 416, 416))


def settled(one: Meanwhile) -> Meanwhile:
    assert one.settled.wait(PATIENCE_S)
    assert faults(one.describe().remark) == []
    return one


def test_the_first_works_until_the_other_is_ready_then_the_other(cpu: OnnxRuntime, other: OpenvinoRuntime) -> None:
    may_come = threading.Event()

    def later() -> Runtime:
        assert may_come.wait(PATIENCE_S)
        return other

    both = Meanwhile(cpu, later, PICTURE)
    np.testing.assert_array_equal(both.run(PICTURE), cpu.run(PICTURE))
    assert both.describe() == cpu.describe()
    may_come.set()
    assert settled(both).describe() == other.describe()
    np.testing.assert_array_equal(both.run(PICTURE), other.run(PICTURE))


@pytest.mark.parametrize("change", [0.05, np.nan])
def test_one_that_says_something_else_never_comes_to_work(cpu: OnnxRuntime, change: float) -> None:
    both = settled(Meanwhile(cpu, lambda: Wrong(cpu, change=change), PICTURE))
    assert both.describe().runtime == cpu.describe().runtime
    assert "something else" in both.describe().remark.en
    np.testing.assert_array_equal(both.run(PICTURE), cpu.run(PICTURE))


def test_one_that_cannot_be_loaded_leaves_the_first_at_work(cpu: OnnxRuntime, weights: bytes) -> None:
    both = settled(Meanwhile(cpu, lambda: OnnxRuntime(weights[:100]), PICTURE))
    assert "cannot load the model" in both.describe().remark.en
    np.testing.assert_array_equal(both.run(PICTURE), cpu.run(PICTURE))


def test_one_that_fails_at_work_is_not_asked_again(cpu: OnnxRuntime) -> None:
    fragile = Wrong(cpu)
    both = settled(Meanwhile(cpu, lambda: fragile, PICTURE))
    assert both.describe().device == "card"
    fragile.broken = True
    np.testing.assert_array_equal(both.run(PICTURE), cpu.run(PICTURE))
    fragile.broken = False
    assert both.describe().device == "cpu"
    assert "the device was lost" in both.describe().remark.en


def test_a_wrong_picture_is_refused_by_both(cpu: OnnxRuntime, other: OpenvinoRuntime) -> None:
    both = settled(Meanwhile(cpu, lambda: other, PICTURE))
    with pytest.raises(BadPictures):
        both.run(PICTURE[:, :1])


def test_the_program_that_builds_engines_loads_and_runs_the_model() -> None:
    engine.build(MODELS, MODEL, Wanted(runtime="openvino-cpu"))


def test_a_build_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"onnx-cpu ended with 1: .*manifest\.toml"):
        engine.build(tmp_path, MODEL, Wanted())


def test_that_program_builds_for_nobody_but_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getpid", lambda: 1)
    engine.build(MODELS, MODEL + "-unknown", Wanted())  # it ends at once, without a look at the model


def test_tensorrt_keeps_each_models_engines_apart_and_falls_to_what_is_there() -> None:
    (name, how), *rest = onnx.providers("tensorrt", Path("/engines/abc"))
    assert (name, rest) == ("TensorrtExecutionProvider", ["CUDAExecutionProvider", "CPUExecutionProvider"])
    assert how["trt_engine_cache_path"] == how["trt_timing_cache_path"] == "/engines/abc"
    assert onnx.providers("cuda", Path()) == ["CUDAExecutionProvider", "CPUExecutionProvider"]


@pytest.mark.parametrize("name", choose.ON_A_GRAPHICS_CARD)
def test_a_card_that_the_package_knows_nothing_of_is_refused_at_once(name: str, weights: bytes) -> None:
    if onnx.PROVIDERS[choose.ON_A_GRAPHICS_CARD[name]] in onnxruntime.get_available_providers():
        pytest.skip("this machine's ONNX Runtime knows it")

    def never() -> None:
        raise AssertionError("nothing is built for what cannot run")

    with pytest.raises(ModelError) as refused:
        choose.begin(weights, Wanted(runtime=name), (416, 416), never)
    assert faults(refused.value.words) == []
    assert "onnxruntime-gpu" in refused.value.words.en
    assert "it has cpu" in refused.value.words.en
