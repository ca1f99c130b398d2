"""What models/manifest.toml says of a model is true of its file."""

import hashlib
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
import pytest

from edge_agent.sense.camera.persons import crops

MODELS = Path(__file__).parents[2] / "models"
MANIFEST: dict[str, dict[str, Any]] = tomllib.loads((MODELS / "manifest.toml").read_text("utf-8"))


def test_every_model_file_is_listed_once() -> None:
    judges = {model["wearing"]["judge"] for model in MANIFEST.values() if "judge" in model.get("wearing", {})}
    detectors = sorted(model["file"] for model in MANIFEST.values())
    assert sorted([*detectors, *judges]) == sorted(path.name for path in MODELS.glob("*.onnx"))


@pytest.mark.parametrize("name", MANIFEST)
class TestEveryModel:
    def test_its_hash_is_that_of_the_file(self, name: str) -> None:
        content = (MODELS / MANIFEST[name]["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == MANIFEST[name]["sha256"]

    def test_its_shapes_and_labels_are_those_of_the_file(self, name: str) -> None:
        model = MANIFEST[name]
        session = ort.InferenceSession(MODELS / model["file"], providers=["CPUExecutionProvider"])
        width, height = model["input"]
        empty = np.full((1, 3, height, width), model["pad"], np.float32)
        (out,) = session.run([model["output_name"]], {model["input_name"]: empty})
        cells = sum((height // stride) * (width // stride) for stride in model["strides"])
        assert out.shape == (1, cells, 4 + 1 + len(model["labels"]))
        scores = out[0, :, 4:5] * out[0, :, 5:]
        assert scores.max() < model["score_threshold"], "it sees something in an empty picture"

    def test_its_judge_of_persons_is_the_named_one_and_tells_two_shares(self, name: str) -> None:
        wearing = MANIFEST[name].get("wearing", {})
        if "judge" not in wearing:
            pytest.skip("boxes alone tell what its persons wear")
        content = (MODELS / wearing["judge"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == wearing["judge_sha256"]
        session = ort.InferenceSession(content, providers=["CPUExecutionProvider"])
        (out,) = session.run(None, {"images": np.zeros((1, 3, crops.HEIGHT, crops.WIDTH), np.float32)})
        assert out.shape == (1, 2)
        assert ((out >= 0) & (out <= 1)).all()
        assert wearing["judge"] in (MODELS.parent / "NOTICE").read_text("utf-8")

    def test_its_card_and_licence_are_there(self, name: str) -> None:
        model = MANIFEST[name]
        assert (MODELS / model["card"]).read_text("utf-8").startswith(f"# {Path(model['file']).stem}\n")
        assert model["file"] in (MODELS.parent / "NOTICE").read_text("utf-8")
        assert model["licence"] == "Apache-2.0"

    def test_its_figures_belong_to_its_labels(self, name: str) -> None:
        model = MANIFEST[name]
        assert set(model["hints"]) < set(model["labels"])
        for label in set(model["labels"]) & set(model["measured"]):
            assert all(0 < figure <= 1 for figure in model["measured"][label])
