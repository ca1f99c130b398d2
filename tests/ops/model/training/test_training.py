"""Training on drawn pictures, as it is typed: it learns, goes on where it was, and exports what it learned."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from edge_agent.ops.model import eyes
from edge_agent.ops.model.shelf import BadShelf
from edge_agent.ops.model.training import detector, loop, persons
from edge_agent.ops.model.training.loop import Loop, Schedule
from edge_agent.ops.model.training.network import YoloxNano, fitting
from edge_agent.ops.model.training.plan import Plan
from edge_agent.sense.camera.manifest import ModelError
from edge_agent.sense.camera.persons import crops
from edge_agent.sense.camera.runtimes.wanted import Wanted
from tests.ops.model.test_predict import MODEL, MODELS, ended


def typed(*words: object) -> int:
    return ended([str(word) for word in words])


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same network on smaller pictures."""
    monkeypatch.setattr(detector, "SIZES", (96, 128))


def train(shelf: Path, out: Path, *words: object) -> int:
    sets = ("--sets", shelf / "sets.toml", "--no-teacher")
    return typed("model", "train", "--data", shelf, *sets, "--out", out, "--batch", 3, *words)


def weights(out: Path) -> dict[str, Any]:
    return torch.load(out / "last.pth", weights_only=True)


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(torch.equal(value, other[name]) for name, value in one.items())


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("kind", [(), ("--persons",)], ids=["detector", "persons"])
def test_a_run_that_was_stopped_is_the_run_that_was_not(
    shelf_folder: Path, tmp_path: Path, kind: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half-way a picture cannot be read; it is mended, and the same command goes on."""
    whole, halves = tmp_path / "whole", tmp_path / "halves"
    assert train(shelf_folder, whole, *kind, "--epochs", 4) == 0
    monkeypatch.setattr(loop, "SAVE_S", -1.0)  # after every step
    where, name = (persons, "batch") if kind else (detector.Pictures, "show")
    show = getattr(where, name)

    def broken(*args: Any) -> Any:
        if 5 in args:
            raise BadShelf("5.png: not a picture")
        return show(*args)

    with monkeypatch.context() as patch:
        patch.setattr(where, name, broken)
        assert train(shelf_folder, halves, *kind, "--epochs", 4) == 64
    assert weights(halves)["step"] == 5
    assert train(shelf_folder, halves, *kind, "--epochs", 4) == 0
    assert same(weights(whole)["network"], weights(halves)["network"])
    assert same(weights(whole)["model"], weights(halves)["model"])
    assert not same(weights(whole)["network"], weights(whole)["model"]), "the mean is another"


def test_a_loop_goes_on_with_everything_it_had(tmp_path: Path) -> None:
    """Stopped after each step and begun anew, against one that went through."""

    def made(folder: str, steps: int) -> tuple[nn.Module, Loop[torch.Tensor]]:
        torch.manual_seed(7)
        network = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 1))
        (tmp_path / folder).mkdir(exist_ok=True)
        return network, Loop(network, tmp_path / folder, Schedule(steps=steps, rate=0.05, warm=2, falling=1e-9))

    def through(folder: str, steps: int) -> nn.Module:
        network, going = made(folder, steps)
        show = lambda step: torch.from_numpy(np.random.default_rng(step).normal(size=(8, 3)).astype(np.float32))  # noqa: E731
        going.run(show, lambda x: ((network(x) - x.sum(1, keepdim=True)).square().mean(), {"wrong": 0.0}))
        return network

    straight = through("straight", 6).state_dict()
    for steps in range(1, 7):
        piecewise = through("piecewise", steps).state_dict()
    assert same(straight, piecewise)
    assert same(weights(tmp_path / "straight")["model"], weights(tmp_path / "piecewise")["model"])
    assert weights(tmp_path / "piecewise")["step"] == 6


def test_the_rate_rises_stays_and_falls() -> None:
    schedule = Schedule(steps=1000, rate=0.1, warm=100, falling=0.3)
    rates = [schedule.rate_at(step) for step in range(1000)]
    assert rates[0] == pytest.approx(0.001)
    assert rates[100] == rates[699] == pytest.approx(0.1)
    assert rates[-1] < 0.003
    assert rates[700:] == sorted(rates[700:], reverse=True)


@pytest.mark.usefixtures("quick")
@pytest.mark.filterwarnings("default")  # torch's exporter warns of its own insides
def test_it_learns_what_is_drawn_and_exports_it(
    shelf_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, judge, models = tmp_path / "run", tmp_path / "judge", tmp_path / "models"
    assert train(shelf_folder, run, "--epochs", 27, "--rate", 0.01) == 0
    assert train(shelf_folder, judge, "--persons", "--epochs", 75) == 0
    log = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    assert log[-1]["there"] + log[-1]["box"] < 0.9 * (log[0]["there"] + log[0]["box"])
    told = [json.loads(line) for line in (judge / "log.jsonl").read_text().splitlines()]
    assert told[-1]["helmet"] < 0.9 * told[0]["helmet"]

    words = ("model", "export", "--run", run, "--persons-run", judge, "--out", models, "--licence", "Apache-2.0")
    assert typed(*words, "--name", "my-model") == 0
    assert typed(*words, "--name", "my-model") == 64
    assert typed(*words, "--name", "my-small-model", "--side", 320) == 0
    assert eyes.named(models, "my-small-model", Wanted()).entry.input == (320, 320)
    assert typed(*words, "--name", "odd", "--side", 300) == 2
    assert "already" in capsys.readouterr().err
    seeing = eyes.named(models, "my-model", Wanted())
    assert seeing.judges
    _, wearer = seeing.on_site()
    shares = wearer.judged(np.zeros((200, 260, 3), np.uint8), np.array([[10, 10, 60, 160]], np.float32))
    assert shares.shape == (1, 2)
    assert ((shares >= 0) & (shares <= 1)).all()
    assert typed("model", "predict", "--images", shelf_folder / "drawn" / "images", "--json", "--persons",
                 "--models", models, "--model", "my-model") == 0  # fmt: skip
    assert len(capsys.readouterr().out.splitlines()) == 6
    (models / "my_model_persons.onnx").write_bytes(b"another")
    with pytest.raises(ModelError):
        eyes.named(models, "my-model", Wanted())


@pytest.mark.usefixtures("quick")
def test_a_folder_belongs_to_one_training(
    shelf_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    assert train(shelf_folder, run, "--epochs", 0.5) == 0
    assert train(shelf_folder, run, "--epochs", 0.5, "--without", "heads") == 64
    assert "without = ()" in capsys.readouterr().err
    assert train(shelf_folder, run, "--epochs", 1) == 0, "it may be made longer"


@pytest.mark.usefixtures("quick")
def test_a_teacher_and_a_start_that_are_not_there(
    shelf_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start = tmp_path / "none.pth"
    assert train(shelf_folder, tmp_path / "a", "--start", start) == 64
    assert "none.pth" in capsys.readouterr().err
    start.write_bytes(b"nothing")
    assert train(shelf_folder, tmp_path / "b", "--start", start) == 64
    assert "none.pth" in capsys.readouterr().err
    assert typed("model", "export", "--run", tmp_path / "nowhere", "--out", tmp_path / "m", "--name", "x",
                 "--licence", "Apache-2.0") == 64  # fmt: skip
    assert "no checkpoint" in capsys.readouterr().err


@pytest.mark.usefixtures("quick")
def test_a_run_begun_from_another_leaves_the_first_layers(shelf_folder: Path, tmp_path: Path) -> None:
    first, second, judge = tmp_path / "first", tmp_path / "second", tmp_path / "judge"
    assert train(shelf_folder, first, "--epochs", 1) == 0
    assert train(shelf_folder, second, "--epochs", 2, "--start", first / "last.pth") == 0
    assert train(shelf_folder, judge, "--epochs", 2, "--persons", "--start", first / "last.pth") == 0
    before, after, eye = weights(first)["model"], weights(second)["model"], weights(judge)["model"]
    stem = "backbone.backbone.stem.conv.conv.weight"
    assert torch.equal(before[stem], after[stem])
    assert torch.equal(before[stem], eye["eye.stem.conv.conv.weight"])
    third = tmp_path / "third"
    assert train(shelf_folder, third, "--epochs", 0.2, "--persons", "--start", judge / "last.pth") == 0
    assert torch.equal(weights(third)["model"]["head.1.weight"], eye["head.1.weight"]), "a judge may go on too"
    late = "backbone.backbone.dark5.0.dconv.conv.weight"
    assert not torch.equal(before[late], after[late])


def test_another_number_of_labels_keeps_everything_but_the_last_layer() -> None:
    two, four = YoloxNano(2), YoloxNano(4)
    kept = fitting(two.state_dict(), four)
    assert len(two.state_dict()) - len(kept) == 6  # weight and bias at three levels
    assert all("cls_preds" not in name for name in kept)


def test_crops_of_persons_carry_what_is_true_of_them(shelf_folder: Path, tmp_path: Path) -> None:
    plan = Plan(data=str(shelf_folder), sets=str(shelf_folder / "sets.toml"), start=None, taught=None, epochs=1,
                batch=2, rate=0.1)  # fmt: skip
    found = persons.gathered(plan, tmp_path)
    assert found.states.tolist() == [[n % 2, int(n % 3 > 0)] for n in range(6)]
    again = persons.gathered(plan, tmp_path)
    assert again.pictures == found.pictures
    shown = persons.shown(found.pictures[0], np.random.default_rng(1))
    assert shown.shape == (crops.HEIGHT, crops.WIDTH, 3)
    weight = persons.balance(np.array([[0, 1], [1, 1], [0, -1]], np.int8))
    np.testing.assert_allclose(weight.numpy(), [[0.75, 1.5], [1.0, 0.5]])


def test_what_is_unknown_of_a_person_is_not_asked() -> None:
    raw = torch.tensor([[9.0, 9.0], [-9.0, -9.0]], requires_grad=True)
    total, _ = persons.wrongness(raw, torch.tensor([[1, -1], [1, -1]]), torch.ones((2, 2)))
    (gradient,) = torch.autograd.grad(total, raw)
    assert gradient[:, 1].tolist() == [0.0, 0.0]
    assert gradient[1, 0] < -0.4


def test_the_shipped_model_is_a_teacher(shelf_folder: Path, tmp_path: Path) -> None:
    """Its boxes are written before the first step (here there is none to take)."""
    code = typed("model", "train", "--data", shelf_folder, "--sets", shelf_folder / "sets.toml", "--out",
                 tmp_path / "run", "--epochs", 0.01, "--models", MODELS, "--model", MODEL)  # fmt: skip
    assert code == 0
    taught = json.loads((tmp_path / "run" / "taught.json").read_text())
    assert sorted(taught) == [f"{name}/{n}" for name in ("drawn", "heads") for n in range(6)]
