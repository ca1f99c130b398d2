"""Only the model that was reviewed is loaded; everything else is refused with the remedy."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from edge_agent.sense.camera import manifest
from edge_agent.sense.camera.manifest import ModelError
from tests.vision.conftest import MODEL, MODELS


def test_the_shipped_model_is_the_one_its_manifest_names() -> None:
    entry = manifest.model(MODELS, MODEL)
    assert entry.labels == ("person", "hardhat", "vest", "no_hardhat")
    assert len(manifest.weights(MODELS, MODEL)) > 1_000_000


def changed(text: str, before: str, after: str) -> str:
    assert before in text
    return text.replace(before, after)


FAULTS: dict[str, tuple[Callable[[str], str], str]] = {
    "another head": (lambda t: changed(t, 'head = "yolox"', 'head = "yolo99"'), "head"),
    "no threshold": (lambda t: changed(t, "score_threshold =", "scorethreshold ="), "score_threshold"),
    "threshold above one": (
        lambda t: changed(t, "score_threshold = 0.35", "score_threshold = 35"),
        "score_threshold",
    ),
    "input not a multiple of 32": (lambda t: changed(t, "input = [416, 416]", "input = [416, 400]"), "input"),
    "no persons": (lambda t: changed(t, '"person", ', ""), "person"),
    "a path out of the folder": (
        lambda t: changed(t, '"ppe_nano_first.onnx"', '"../ppe_nano_first.onnx"'),
        "file",
    ),
    "a file that is not there": (lambda t: changed(t, '"ppe_nano_first.onnx"', '"other.onnx"'), "other.onnx"),
    "another hash": (lambda t: changed(t, 'sha256 = "', 'sha256 = "0'), "sha256"),
    "not TOML": (lambda t: t + "\n[", "restore"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_manifest_is_refused_in_words(tmp_path: Path, fault: str) -> None:
    edit, word = FAULTS[fault]
    (tmp_path / "manifest.toml").write_text(edit((MODELS / "manifest.toml").read_text()))
    shutil.copy(MODELS / "ppe_nano_first.onnx", tmp_path)
    with pytest.raises(ModelError, match=word):
        manifest.weights(tmp_path, MODEL)


def test_another_file_under_the_same_name_is_refused(tmp_path: Path) -> None:
    shutil.copy(MODELS / "manifest.toml", tmp_path)
    content = bytearray((MODELS / "ppe_nano_first.onnx").read_bytes())
    content[len(content) // 2] ^= 1  # one bit
    (tmp_path / "ppe_nano_first.onnx").write_bytes(content)
    with pytest.raises(ModelError, match=r"not the file that the manifest names.*restore"):
        manifest.weights(tmp_path, MODEL)


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ModelError, match=MODEL):
        manifest.model(MODELS, "ppe-huge")


def test_a_folder_without_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"manifest\.toml: cannot be read"):
        manifest.model(tmp_path, MODEL)
