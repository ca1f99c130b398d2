"""`edge-agent model evaluate --failures`: the worst cases as pictures that anyone can open."""

import csv
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge_agent.sense.camera.proof.drawn import CANARY, GATE, HEIGHT, WIDTH, drawn
from tests.ops.model.conftest import yolo
from tests.ops.model.test_predict import ended

SETS = """
[own]
folder = "own"
use = "judge"
origin = "drawn by a test"
licence = "Apache-2.0"
labelled = ["person", "hardhat", "vest", "no_hardhat"]
"""
Box = tuple[int, int, int, int]


def head(box: Box) -> Box:
    x1, y1, x2, y2 = box
    return (3 * x1 + x2) // 4, y1, (x1 + 3 * x2) // 4, y1 + (y2 - y1) // 6


def own(folder: Path, lies: Callable[[int], int]) -> Path:
    """The drawn people, with labels of which some are wrong on purpose: `lies` gives the hat's label."""
    (folder / "own" / "images").mkdir(parents=True)
    (folder / "own" / "labels").mkdir()
    (folder / "sets.toml").write_text(SETS, "utf-8")
    for number, scene in enumerate((CANARY, *GATE[1:3])):
        cv2.imwrite(str(folder / "own" / "images" / f"{number}.png"), drawn(scene))
        boxes = (scene.persons * np.array([WIDTH, HEIGHT] * 2)).round().astype(int).tolist()
        rows = [yolo(0, tuple(box), WIDTH, HEIGHT) for box in boxes]
        for worker, box in zip(scene.workers, boxes, strict=True):
            rows.append(yolo(lies(1 if worker.hat else 3), head(tuple(box)), WIDTH, HEIGHT))
        (folder / "own" / "labels" / f"{number}.txt").write_text("\n".join(rows) + "\n", "ascii")
    return folder


def evaluate(folder: Path, *words: object) -> int:
    sets = ["--data", folder, "--sets", folder / "sets.toml", "--failures", folder / "failures"]
    return ended(["model", "evaluate", *map(str, [*sets, *words])])


def cases(folder: Path) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    with (folder / "failures" / "cases.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["kind"], []).append(row)
    return found


def test_who_is_told_what_the_labels_deny_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With every hat labelled as a bare head, and the other way round, the model is wrong about everybody."""
    folder = own(tmp_path, lambda label: 4 - label)
    assert evaluate(folder) == 0
    found = cases(folder)
    assert len(found["helmet_passed"]) >= 3, "helmets that the labels call bare heads"
    assert len(found["helmet_false"]) >= 1, "and the bare head that they call a helmet"
    worst = found["helmet_passed"][0]
    assert (worst["file"], worst["picture"].split("/")[0]) == ("helmet_passed-01.jpg", "own")
    surely = [float(row["words"].split()[-1]) for row in found["helmet_passed"]]
    assert surely == sorted(surely, reverse=True), "the surest mistake first"
    picture = cv2.imread(str(folder / "failures" / worst["file"]))
    assert picture is not None
    assert (picture.astype(int) @ (-1, -1, 1) > 120).any(), "the case is drawn in red"
    page = (folder / "failures" / "index.html").read_text("utf-8")
    said = capsys.readouterr().out
    for rows in found.values():
        for row in rows:
            assert f'src="{row["file"]}"' in page
    assert "未戴安全帽，却判为已戴" in page
    assert "helmet missing, told worn" in said


def test_only_so_many_of_a_kind_are_written_and_all_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = own(tmp_path, lambda label: 4 - label)
    assert evaluate(folder, "--worst", 2) == 0
    assert len(cases(folder)["helmet_passed"]) == 2
    line = next(row for row in capsys.readouterr().out.splitlines() if "told worn: the most" in row)
    assert int(line.split()[0]) >= 3


def test_boxes_that_nobody_labelled_and_labels_that_nobody_found(tmp_path: Path) -> None:
    folder = own(tmp_path, lambda label: label)
    file = folder / "own" / "labels" / "0.txt"
    rows = file.read_text("ascii").splitlines()
    file.write_text("\n".join([*rows[1:], yolo(0, (5, 5, 90, 110), WIDTH, HEIGHT)]) + "\n", "ascii")
    assert evaluate(folder) == 0
    found = cases(folder)
    assert [row["picture"] for row in found["person_extra"]][:1] == ["own/0"], (
        "the tallest worker has no label now"
    )
    assert (found["person_missed"][0]["picture"], found["person_missed"][0]["x1"]) == ("own/0", "5.0")
    assert "vest_extra" in found, "no label names a vest"


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = own(tmp_path, lambda label: label)
    (folder / "failures").mkdir()
    (folder / "failures" / "mine.txt").write_text("mine", "utf-8")
    assert evaluate(folder) == 64
    assert "mine.txt" in capsys.readouterr().err
    assert [path.name for path in (folder / "failures").iterdir()] == ["mine.txt"]
    assert ended(["model", "evaluate", "--films", str(folder), "--failures", str(folder / "other")]) == 64
    assert "--failures needs labelled pictures" in capsys.readouterr().err
