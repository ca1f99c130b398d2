"""What every runtime must do: see the same, refuse in words, take no damaged model. Found in choose.LOADERS."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from edge_agent.domain.words import WordsError
from edge_agent.sense.camera import inference, manifest
from edge_agent.sense.camera.detector import Detector
from edge_agent.sense.camera.lines import InferenceOrder, WatchedCamera
from edge_agent.sense.camera.manifest import ModelError
from edge_agent.sense.camera.runtimes import BadPictures, Runtime
from edge_agent.sense.camera.runtimes.choose import LOADERS, ON_A_GRAPHICS_CARD, load
from edge_agent.sense.camera.runtimes.meanwhile import Meanwhile
from edge_agent.sense.camera.runtimes.onnx import OnnxRuntime, is_there
from edge_agent.sense.camera.runtimes.wanted import PLAIN, Wanted
from edge_agent.settings.site_cameras import RUNTIMES, VisionTable
from tests.support.languages import faults
from tests.vision.conftest import MODELS, QUICK
from tests.vision.test_detector import synthetic_picture

EVERY_MODEL = ("ppe-nano-first", "ppe-nano-second", "ppe-nano-third")
MODEL = EVERY_MODEL[1]
SAME_PIXELS = 0.5  # of the input: what two runtimes' boxes may lie apart


def wanted(name: str, folder: Path) -> Wanted:
    """The runtime, or a skip on a machine whose graphics card or package is not there."""
    if name in ON_A_GRAPHICS_CARD:
        try:
            is_there(ON_A_GRAPHICS_CARD[name])
        except ModelError as absent:
            pytest.skip(absent.words.en)
    return Wanted(runtime=name, engines_folder=str(folder))


@pytest.fixture(scope="module", params=LOADERS)
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Wanted:
    return wanted(request.param, tmp_path_factory.mktemp("engines"))


@pytest.fixture(scope="module")
def runtime(asked: Wanted) -> Runtime:
    return load(manifest.weights(MODELS, MODEL), asked)


def said(refused: pytest.ExceptionInfo[WordsError]) -> str:
    assert faults(refused.value.words) == []
    return refused.value.words.en


LOADS = """
import sys
from pathlib import Path
from edge_agent.sense.camera import manifest
from edge_agent.sense.camera.runtimes.choose import load
from edge_agent.sense.camera.runtimes.wanted import Wanted
load(manifest.weights(Path(sys.argv[1]), sys.argv[2]), Wanted(runtime=sys.argv[3]))
"""


def test_a_runtime_keeps_no_number_of_the_machine_to_tell_its_maker(asked: Wanted, tmp_path: Path) -> None:
    """ONNX Runtime does, and reports to its maker, unless it is told not to before it is loaded."""
    # As on a box: it keeps quiet by itself where it believes to run in somebody's tests.
    box = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    command = [sys.executable, "-c", LOADS, str(MODELS), MODEL, asked.runtime]
    subprocess.run(command, check=True, capture_output=True, env=box, cwd=MODELS.parent)
    assert list(tmp_path.rglob("*")) == []


class TestEveryRuntime:
    @pytest.mark.parametrize("name", EVERY_MODEL)
    def test_sees_the_same_boxes_in_the_same_picture(self, asked: Wanted, name: str) -> None:
        entry, weights = manifest.model(MODELS, name), manifest.weights(MODELS, name)
        plain, other = (Detector(load(weights, one), entry) for one in (Wanted(runtime=PLAIN), asked))
        found = []
        for detector in (plain, other):
            detector.fit(synthetic_picture())
            found.append(detector.look(0.02))
        assert len(found[0].scores) > 1
        orders = [np.lexsort((boxes.corners[:, 0], boxes.labels)) for boxes in found]
        first, second = (boxes.only(order) for boxes, order in zip(found, orders, strict=True))
        assert first.labels.tolist() == second.labels.tolist()
        np.testing.assert_allclose(first.corners * 416, second.corners * 416, atol=SAME_PIXELS)
        np.testing.assert_allclose(first.scores, second.scores, atol=0.005)

    def test_is_what_the_inference_program_loads(self, asked: Wanted) -> None:
        camera = WatchedCamera(id="cam-1", frames_fd=-1, model=MODEL, areas=())
        order = InferenceOrder(
            cameras=(camera,), bell_fd=-1, models_folder=str(MODELS), runtime_folder="", parent=0, limits=QUICK,
            wanted=asked,
        )  # fmt: skip
        detector = inference.load(order).by_camera["cam-1"].detector
        assert asked.runtime.startswith("onnx") is isinstance(detector._runtime, OnnxRuntime | Meanwhile)
        detector.fit(synthetic_picture())
        assert len(detector.look().scores)

    def test_says_the_same_twice_and_keeps_no_buffer_of_the_caller(self, runtime: Runtime) -> None:
        picture = np.random.default_rng(1).uniform(0, 255, (1, 3, 416, 416)).astype(np.float32)
        before = runtime.run(picture)
        kept = before.copy()
        runtime.run(np.zeros_like(picture))
        np.testing.assert_array_equal(before, kept, "the next picture must not change what was said of this one")
        np.testing.assert_allclose(runtime.run(picture), kept, rtol=1e-4, atol=1e-4)

    def test_says_what_it_is(self, asked: Wanted, runtime: Runtime) -> None:
        what = runtime.describe()
        assert asked.runtime.endswith(what.device)
        assert what.input == (1, 3, 416, 416)
        assert any(digit.isdigit() for digit in what.runtime), "its version"

    @pytest.mark.parametrize("shape", [(1, 3, 320, 320), (1, 1, 416, 416), (3, 416, 416), (2, 3, 416, 416)])
    def test_refuses_another_shape_in_words(self, runtime: Runtime, shape: tuple[int, ...]) -> None:
        with pytest.raises(BadPictures) as refused:
            runtime.run(np.zeros(shape, np.float32))
        assert "1 x 3 x 416 x 416 float32" in said(refused)
        assert " x ".join(map(str, shape)) in said(refused)

    @pytest.mark.parametrize("kind", [np.uint8, np.float64])
    def test_refuses_another_kind_of_number_in_words(self, runtime: Runtime, kind: type) -> None:
        with pytest.raises(BadPictures) as refused:
            runtime.run(np.zeros((1, 3, 416, 416), kind))
        assert np.dtype(kind).name in said(refused)

    @pytest.mark.parametrize("kept", [0, 1000, -1000])
    def test_refuses_a_damaged_model_in_words(self, asked: Wanted, kept: int) -> None:
        with pytest.raises(ModelError) as refused:
            load(manifest.weights(MODELS, MODEL)[:kept], asked)
        assert "restore it from the release" in said(refused)

    def test_is_given_only_a_file_whose_hash_is_in_the_manifest(self, asked: Wanted, tmp_path: Path) -> None:
        """A model of another hash would run: nothing but the hash tells."""
        shutil.copy(MODELS / "manifest.toml", tmp_path)
        other = MODELS / manifest.model(MODELS, EVERY_MODEL[0]).file
        shutil.copy(other, tmp_path / manifest.model(MODELS, MODEL).file)
        assert load(other.read_bytes(), asked).describe().input == (1, 3, 416, 416)
        with pytest.raises(ModelError) as refused:
            load(manifest.weights(tmp_path, MODEL), asked)
        assert "not the file that the manifest names" in said(refused)


def test_the_settings_know_the_same_runtimes() -> None:
    assert set(RUNTIMES) == set(LOADERS)
    assert VisionTable().runtime == PLAIN


def test_a_missing_package_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)  # as where it is not installed
    with pytest.raises(ModelError) as refused:
        load(manifest.weights(MODELS, MODEL), Wanted(runtime="openvino-cpu"))
    assert 'pip install "edge-agent[openvino]"' in said(refused)


def test_openvino_reports_to_nobody() -> None:
    """In a program of its own: here another test may have imported the package first."""
    code = "\n".join((
        "import sys",
        "from pathlib import Path",
        "from edge_agent.sense.camera import manifest",
        "from edge_agent.sense.camera.runtimes.openvino import OpenvinoRuntime",
        f"OpenvinoRuntime(manifest.weights(Path({str(MODELS)!r}), {MODEL!r}))",
        "print([name for name in sys.modules if name.startswith('openvino_telemetry') and sys.modules[name]])",
    ))  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_runtime_is_refused_with_those_there_are() -> None:
    with pytest.raises(ModelError) as refused:
        load(b"", Wanted(runtime="onnx-vulkan"))
    for name in ("onnx-vulkan", *LOADERS):
        assert name in said(refused)
