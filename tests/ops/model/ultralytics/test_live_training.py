"""A real run of Ultralytics' trainer on drawn pictures: trained, begun again, exported, read by our own reader."""

from pathlib import Path

import numpy as np
import onnx
import pytest
import ultralytics
from ultralytics.engine.trainer import BaseTrainer

from edge_agent.ops.model import eyes
from edge_agent.ops.model.shelf import BadShelf
from edge_agent.ops.model.ultralytics import training
from edge_agent.sense.camera.runtimes.wanted import Wanted
from tests.ops.model.test_predict import ended

pytestmark = pytest.mark.filterwarnings("default")  # their package and torch's exporter warn of their own insides


class Killed(Exception):  # noqa: N818 - what happens to it
    """As if the power had gone."""


def typed(*words: object) -> int:
    return ended(["model", *map(str, words)])


def train(shelf: Path, out: Path, *words: object) -> int:
    sets = ("--data", shelf, "--sets", shelf / "sets.toml", "--no-teacher")
    told = ("--side", 64, "--epochs", 2, "--batch", 3)
    return typed("train", "--family", "ultralytics", *sets, "--out", out, *told, *words)


@pytest.mark.parametrize("yaml", ["yolo11n.yaml", "yolo26n.yaml"])
def test_it_trains_from_a_yaml_and_is_read_by_our_reader(
    shelf_folder: Path, tmp_path: Path, yaml: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run, models = tmp_path / "run", tmp_path / "models"
    assert train(shelf_folder, run, "--yaml", yaml) == 0
    assert "AGPL-3.0" in capsys.readouterr().err
    assert ultralytics.settings["sync"] is False, "it reports nothing to its makers"
    assert (
        typed("export", "--run", run, "--out", models, "--name", "mine", "--side", 64, "--licence", "AGPL-3.0")
        == 0
    )
    seeing = eyes.named(models, "mine", Wanted())
    assert (seeing.entry.head, seeing.entry.colour, seeing.entry.letterbox) == ("ultralytics", "rgb", "centre")
    seen = seeing.look(np.zeros((48, 64, 3), np.uint8), 0.0001)
    assert np.isfinite(seen.corners).all()
    capsys.readouterr()
    assert train(shelf_folder, run, "--yaml", yaml) == 0
    assert "the training is finished" in capsys.readouterr().err
    assert train(shelf_folder, run, "--yaml", yaml, "--seed", 2) == 64
    assert "another training was begun here" in capsys.readouterr().err


def test_a_run_that_was_stopped_goes_on(shelf_folder: Path, tmp_path: Path) -> None:
    """Stopped after its first epoch, as a kill would."""
    run, save = tmp_path / "run", BaseTrainer.save_model

    def once(trainer: BaseTrainer) -> None:
        save(trainer)
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseTrainer, "save_model", once)
        with pytest.raises(Killed):
            train(shelf_folder, run)
    assert training.weights(run).exists()
    assert train(shelf_folder, run) == 0
    rows = (run / training.RUN / "results.csv").read_text("utf-8").splitlines()
    assert [row.split(",")[0].strip() for row in rows[1:]] == ["1", "2"], "the second epoch alone was left"


@pytest.mark.parametrize(
    ("shape", "head"),
    [((1, 8, 525), "ultralytics"), ((1, 300, 6), "end_to_end"), ((1, 9, 525), None), ((8, 525), None)],
)
def test_what_reads_an_output_follows_from_its_shape(shape: tuple[int, ...], head: str | None) -> None:
    out = onnx.helper.make_tensor_value_info("output0", onnx.TensorProto.FLOAT, shape)
    content = onnx.helper.make_model(onnx.helper.make_graph([], "made by a test", [], [out])).SerializeToString()
    if head is None:
        with pytest.raises(BadShelf, match="of this shape"):
            training.head(content)
    else:
        assert training.head(content) == ("output0", head)


def test_a_yaml_that_is_not_there_is_named(
    shelf_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(shelf_folder, tmp_path / "run", "--yaml", "yolo99n.yaml") == 64
    assert "yolo99n.yaml" in capsys.readouterr().err
