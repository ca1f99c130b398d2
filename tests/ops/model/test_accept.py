"""`edge-agent model accept`, as it is typed: on the built-in pictures alone, and on a site's own."""

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge_agent.ops.commands import field
from edge_agent.sense.camera.proof import accepted
from edge_agent.sense.camera.proof.drawn import CANARY, GATE, Scene, Worker, drawn
from tests.ops.model.conftest import yolo
from tests.ops.model.test_predict import MODELS, ended
from tests.support.demo_root import copy_root

SETS = """
[own]
folder = "own"
use = "judge"
origin = "drawn by a test"
licence = "Apache-2.0"
labelled = ["person"]
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of everything, with the real models; its demo site names the first."""
    made = copy_root(tmp_path / "root")
    shutil.rmtree(made / "models")
    shutil.copytree(MODELS, made / "models")
    name(made, "ppe-nano-first")
    monkeypatch.setattr(field, "ROOT", made)
    return made


def name(root: Path, model: str) -> None:
    """Let the site's camera be judged by `model`."""
    site = root / "zones" / "demo-tank" / "site.toml"
    lines = site.read_text("utf-8").splitlines()
    site.write_text(
        "\n".join(f'model = "{model}"' if row.startswith("model = ") else row for row in lines), "utf-8"
    )


def accept(root: Path, *words: object) -> int:
    return ended(["model", "accept", str(root / "zones" / "demo-tank"), *map(str, words)])


def judging(root: Path) -> set[str]:
    record = accepted.read(root / "zones" / "demo-tank" / "state" / "models")
    return {model.name for model in record.cameras.values()}


def own(folder: Path, scenes: tuple[Scene, ...]) -> tuple[object, ...]:
    """Pictures of a site with their labels."""
    (folder / "own" / "images").mkdir(parents=True)
    (folder / "own" / "labels").mkdir()
    (folder / "sets.toml").write_text(SETS, "utf-8")
    for number, scene in enumerate(scenes):
        cv2.imwrite(str(folder / "own" / "images" / f"{number}.png"), drawn(scene))
        boxes = (scene.persons * np.array([640, 480] * 2)).round().astype(int).tolist()
        text = "\n".join(yolo(0, tuple(box), 640, 480) for box in boxes)
        (folder / "own" / "labels" / f"{number}.txt").write_text(text, "ascii")
    return "--data", folder, "--sets", folder / "sets.toml"


def wearing(folder: Path) -> tuple[object, ...]:
    """Thirty workers with helmet and vest and as many without: enough to compare what is told of them."""
    (folder / "own" / "images").mkdir(parents=True)
    (folder / "own" / "labels").mkdir()
    (folder / "sets.toml").write_text(SETS.replace('"person"', '"person", "hardhat", "no_hardhat"'), "utf-8")
    for number in range(15):
        places = ((90, 440), (240, 450), (400, 440), (550, 450))
        workers = tuple(
            Worker(x + number, y, 210) if at % 2 else Worker(x + number, y, 210, None, None)
            for at, (x, y) in enumerate(places, number)
        )
        scene = Scene(workers=workers, seed=number)
        cv2.imwrite(str(folder / "own" / "images" / f"{number}.png"), drawn(scene))
        boxes = (scene.persons * np.array([640, 480] * 2)).round().astype(int).tolist()
        rows = [yolo(0, tuple(box), 640, 480) for box in boxes]
        for worker, (x1, y1, x2, y2) in zip(workers, boxes, strict=True):
            head = ((3 * x1 + x2) // 4, y1, (x1 + 3 * x2) // 4, y1 + (y2 - y1) // 7)
            rows.append(yolo(1 if worker.hat else 3, head, 640, 480))
        (folder / "own" / "labels" / f"{number}.txt").write_text("\n".join(rows), "ascii")
    return "--data", folder, "--sets", folder / "sets.toml"


def told_otherwise(root: Path, helmet: str) -> None:
    """The third model, as `told-otherwise`, with other lines for helmets: its boxes are the same."""
    manifest = root / "models" / "manifest.toml"
    before, third = manifest.read_text("utf-8").split("[ppe-nano-third]")
    table = "[told-otherwise]" + third.replace("[ppe-nano-third.", "[told-otherwise.")
    lines = [f"helmet = {helmet}" if row.startswith("helmet = ") else row for row in table.splitlines()]
    manifest.write_text(before + "[ppe-nano-third]" + third + "\n" + "\n".join(lines) + "\n", "utf-8")


def misread(root: Path) -> None:
    """The second model is given its pictures in a way that it did not learn."""
    manifest = root / "models" / "manifest.toml"
    before, second = manifest.read_text("utf-8").split("[ppe-nano-second]")
    manifest.write_text(before + "[ppe-nano-second]" + second.replace('"0-255"', '"0-1"', 1), "utf-8")


def test_the_first_needs_no_data_and_a_better_one_takes_its_place(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert accept(root) == 0
    assert judging(root) == {"ppe-nano-first"}
    name(root, "ppe-nano-second")
    assert accept(root) == 0
    assert judging(root) == {"ppe-nano-second"}
    assert "ppe-nano-second (onnx-cpu)" in capsys.readouterr().out


def test_what_is_refused_is_told_with_the_reason(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert accept(root) == 0
    name(root, "ppe-nano-second")
    misread(root)
    capsys.readouterr()
    assert accept(root) == 1
    assert judging(root) == {"ppe-nano-first"}
    assert "ppe-nano-second was refused, ppe-nano-first goes on" in capsys.readouterr().out


def test_own_pictures_decide_where_there_are_enough(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert accept(root) == 0
    name(root, "ppe-nano-second")
    few = own(tmp_path / "few", (CANARY,))
    assert accept(root, *few) == 1
    assert "a label needs 20 boxes" in capsys.readouterr().out
    enough = own(tmp_path / "enough", (*GATE, *GATE))
    assert accept(root, *enough) == 0
    assert "person: AP50" in capsys.readouterr().out
    assert judging(root) == {"ppe-nano-second"}


def test_one_that_is_worse_on_own_pictures_stays_refused_without_them(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name(root, "ppe-nano-second")
    assert accept(root) == 0
    name(root, "ppe-nano-first")
    enough = own(tmp_path / "enough", (*GATE, *GATE))
    assert accept(root, *enough) == 1, "it finds 20 of 22, and the second finds all"
    assert "worse on your pictures" in capsys.readouterr().out
    assert accept(root) == 1
    assert judging(root) == {"ppe-nano-second"}


def test_what_it_tells_of_people_decides_too(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its boxes are as good as the live one's, but whoever has no helmet is told to wear one."""
    name(root, "ppe-nano-second")
    assert accept(root) == 0
    data = wearing(tmp_path / "wearing")
    told_otherwise(root, "{ missing_below = 0.0, worn_from = 0.02 }")
    name(root, "told-otherwise")
    capsys.readouterr()
    assert accept(root, *data) == 1
    said = capsys.readouterr().out
    assert "worse at telling of people on your pictures" in said
    assert "of 30 without, 30 with" in said
    assert judging(root) == {"ppe-nano-second"}
    name(root, "ppe-nano-third")
    assert accept(root, *data) == 0
    assert judging(root) == {"ppe-nano-third"}
    assert "vest missing: not compared, of 0 without, 0 with; 20 of each are needed" in capsys.readouterr().out


def test_one_that_tells_nobody_anything_is_no_gain(root: Path, tmp_path: Path) -> None:
    name(root, "ppe-nano-second")
    assert accept(root) == 0
    told_otherwise(root, "{ missing_below = 0.0, worn_from = 1.0 }")
    name(root, "told-otherwise")
    assert accept(root, *wearing(tmp_path / "wearing")) == 1
    assert judging(root) == {"ppe-nano-second"}


def test_pictures_that_are_not_there_are_named(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert accept(root, "--data", tmp_path, "--sets", tmp_path / "none.toml") == 64
    assert "none.toml" in capsys.readouterr().err
