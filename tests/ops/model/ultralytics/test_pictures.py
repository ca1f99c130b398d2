"""The shelf as Ultralytics' trainer reads it, and what is said where its package is not there."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from edge_agent.ops.model.shelf import LABELS, BadShelf
from edge_agent.ops.model.ultralytics import pictures
from tests.ops.model.test_predict import ended


def train(shelf: Path, out: Path) -> list[str]:
    return ["model", "train", "--data", str(shelf), "--sets", str(shelf / "sets.toml"), "--out", str(out)]


def lines(file: Path) -> list[str]:
    return file.read_text("utf-8").splitlines()


def test_every_picture_has_its_boxes_beside_it(shelf_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = pictures.written(shelf_folder, shelf_folder / "sets.toml", (), None, out)
    described = json.loads(said.read_text("utf-8"))
    assert described["names"] == {str(number): label for number, label in enumerate(LABELS)}
    train = lines(out / "train.txt")
    assert len(train) == 6 + 3, "of the set with share 0.5 three of six"
    for path in map(Path, train):
        assert path.read_bytes(), "the link leads to the picture"
        labels = path.parent.parent / "labels" / f"{path.stem}.txt"
        assert {row.split()[0] for row in lines(labels)} <= {"0", "1", "2", "3"}, (
            "no_vest is no label of a detector"
        )
    assert lines(out / "val.txt") == train, "of nine pictures none is held out"
    first = lines(out / "labels" / "drawn--1.txt")
    own = (shelf_folder / "drawn" / "labels" / "1.txt").read_text("ascii").splitlines()
    assert [row.split()[0] for row in first] == [row.split()[0] for row in own]
    for row, same in zip(first, own, strict=True):
        assert [float(word) for word in row.split()] == pytest.approx([float(w) for w in same.split()], abs=2e-6)


def test_boxes_follow_one_convention_and_a_model_stands_in_for_labels(shelf_folder: Path, tmp_path: Path) -> None:
    seen = tmp_path / "taught.json"
    seen.write_text(json.dumps({"heads/0": [[0, 0.9, 0.1, 0.1, 0.5, 0.9], [2, 0.4, 0.2, 0.3, 0.4, 0.5]]}), "ascii")
    pictures.written(shelf_folder, shelf_folder / "sets.toml", ("drawn",), seen, tmp_path / "out")
    rows = lines(tmp_path / "out" / "labels" / "heads--0.txt")
    assert [row.split()[0] for row in rows] == ["3", "0"], "the sure person stands in, the unsure vest does not"
    assert rows[1].split()[1:] == ["0.300000", "0.500000", "0.400000", "0.800000"]


def test_one_of_twenty_is_held_out(shelf_folder: Path, tmp_path: Path) -> None:
    for part in ("images", "labels"):
        for path in list((shelf_folder / "drawn" / part).iterdir()):
            for copy in range(4):
                (path.parent / f"{path.stem}-{copy}{path.suffix}").write_bytes(path.read_bytes())
    pictures.written(shelf_folder, shelf_folder / "sets.toml", ("heads",), None, tmp_path / "out")
    train, val = (set(lines(tmp_path / "out" / f"{part}.txt")) for part in ("train", "val"))
    assert (len(train), len(val)) == (29, 1)
    assert not train & val


def test_a_folder_that_cannot_be_written_is_said(shelf_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", "utf-8")
    with pytest.raises(BadShelf, match="cannot be written"):
        pictures.written(shelf_folder, shelf_folder / "sets.toml", (), None, tmp_path / "out")


@pytest.mark.skipif(find_spec("ultralytics") is not None, reason="their package is there")
def test_without_the_package_it_says_what_to_install(
    shelf_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended([*train(shelf_folder, tmp_path / "run"), "--family", "ultralytics"]) == 69
    assert 'pip install "edge-agent[ultralytics]"' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--yaml", "yolo11n.yaml"], "--family ultralytics"),
        (["--family", "ultralytics", "--persons"], "--persons"),
        (["--eye", "lite"], "--persons"),
    ],
)
def test_options_that_do_not_go_together(
    shelf_folder: Path, tmp_path: Path, more: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended([*train(shelf_folder, tmp_path / "run"), *more]) == 64
    assert said in capsys.readouterr().err
