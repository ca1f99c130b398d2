"""A training that begins with a shipped model: it knows what the model knows, and does not leap at first."""

import copy
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from edge_agent.ops.model.shelf import BadShelf
from edge_agent.ops.model.training import revive
from edge_agent.ops.model.training.network import Judge, ShippedDetector, ShippedJudge, YoloxNano
from edge_agent.sense.camera import manifest
from edge_agent.sense.camera.detector import Detector
from edge_agent.sense.camera.runtimes.onnx import OnnxRuntime
from tests.ops.model.test_predict import MODELS, ended
from tests.ops.model.training.test_training import train, weights

SAME = 1e-4
DETECTOR, JUDGE = MODELS / "ppe_nano_second.onnx", MODELS / "ppe_nano_second_persons.onnx"


def shown(count: int, height: int, width: int) -> Tensor:
    return torch.from_numpy(np.random.default_rng(3).uniform(0, 255, (count, 3, height, width)).astype(np.float32))


@pytest.mark.parametrize(
    ("file", "network", "shipped", "size"),
    [(DETECTOR, YoloxNano(4), ShippedDetector, (416, 416)), (JUDGE, Judge(), ShippedJudge, (160, 96))],
    ids=["detector", "judge"],
)
def test_the_network_says_what_the_file_says(
    file: Path, network: nn.Module, shipped: type[nn.Module], size: tuple[int, int]
) -> None:
    state = revive.read(file)
    own = network.state_dict()
    assert {name for name in own if "num_batches" not in name} == set(state)
    network.load_state_dict(state, strict=False)
    picture = shown(1, *size)
    said = OnnxRuntime(file.read_bytes()).run(picture.numpy())

    def apart() -> float:
        network.eval()
        with torch.no_grad():
            return float((shipped(network)(picture) - torch.from_numpy(said)).abs().max())

    assert apart() < SAME
    network.train()
    revive.settle(network, [shown(2, *size)])
    assert network.training
    assert apart() < SAME, "settled norms change nothing that comes out"


def test_settled_norms_do_not_leap() -> None:
    """In training a norm goes by its batch: unsettled, the network would say something else altogether."""
    picture = shown(4, 160, 96)
    raw = Judge()
    raw.load_state_dict(revive.read(JUDGE), strict=False)
    settled = copy.deepcopy(raw)
    revive.settle(settled, [picture])
    raw.eval()
    with torch.no_grad():
        wanted = raw.eye(picture)[1]
        apart = []
        for network in (raw, settled):
            network.train()
            apart.append(float((network.eye(picture)[1] - wanted).abs().mean()))
    assert apart[1] < 0.01 * apart[0]


def test_a_run_begins_with_a_model_file(shelf_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    assert train(shelf_folder, out, "--persons", "--epochs", 0.4, "--start", JUDGE) == 0
    assert weights(out)["step"] == 1
    begun, now = revive.read(JUDGE), weights(out)["network"]
    name = "head.1.weight"
    assert 0 < float((now[name] - begun[name]).abs().max()) < 0.1


def test_the_mean_of_two_detectors_lies_between_them(shelf_folder: Path, tmp_path: Path) -> None:
    run, made = tmp_path / "run", tmp_path / "models"
    assert train(shelf_folder, run, "--epochs", 0.4, "--start", DETECTOR, "--rate", 0.02) == 0
    words = ["model", "export", "--run", str(run), "--out", str(made), "--licence", "Apache-2.0"]
    assert ended([*words, "--name", "new"]) == 0
    assert ended([*words, "--name", "mean", "--mean-with", str(DETECTOR)]) == 0
    old, new, mean = (revive.read(file) for file in (DETECTOR, made / "new.onnx", made / "mean.onnx"))
    assert any(not torch.equal(old[name], new[name]) for name in old)
    for name, value in mean.items():
        torch.testing.assert_close(value, (old[name] + new[name]) / 2)
    assert Detector(OnnxRuntime((made / "mean.onnx").read_bytes()), manifest.model(made, "mean"))


def test_another_kind_of_network_has_no_mean() -> None:
    with pytest.raises(BadShelf, match="not the same kind"):
        revive.halfway(DETECTOR.read_bytes(), JUDGE)


def test_what_is_no_model_is_named(shelf_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for content in (b"", b"text"):
        bad = tmp_path / "bad.onnx"
        bad.write_bytes(content)
        assert train(shelf_folder, tmp_path / "run", "--persons", "--epochs", 1, "--start", bad) == 64
        assert "bad.onnx" in capsys.readouterr().err
