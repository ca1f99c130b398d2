"""`edge-agent model evaluate`, on pictures whose labels are what the model itself says: everything is right."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from msgspec.structs import replace

from edge_agent.ops.model import eyes, report, shelf
from edge_agent.ops.model.evaluate import evaluate
from edge_agent.ops.model.teach import taught
from edge_agent.sense.camera import manifest
from edge_agent.sense.camera.runtimes.onnx import OnnxRuntime
from edge_agent.sense.camera.runtimes.wanted import Wanted
from tests.ops.model.conftest import yolo
from tests.ops.model.test_predict import MODEL, MODELS, ended, figure
from tests.support.command_line import typed

LABELS = ("person", "hardhat", "vest", "no_hardhat")


@pytest.fixture
def said_by_itself(shelf_folder: Path) -> Path:
    """The shelf with one set more: figures, labelled with every box that the model gives them."""
    folder = shelf_folder / "own"
    (folder / "images").mkdir(parents=True)
    (folder / "labels").mkdir()
    seeing = eyes.named(MODELS, MODEL, Wanted())
    for number in range(3):
        picture = np.roll(figure(), 20 * number, axis=1)
        cv2.imwrite(str(folder / "images" / f"{number}.png"), picture)
        seen = seeing.look(picture, 0.01)
        rows = zip(seen.labels.tolist(), seen.corners.tolist(), strict=True)
        text = [yolo(label, tuple(box), 320, 240) for label, box in rows]
        (folder / "labels" / f"{number}.txt").write_text("\n".join(text) + "\n", "ascii")
    with (shelf_folder / "sets.toml").open("a", encoding="utf-8") as sets:
        sets.write(
            '[own]\nfolder = "own"\nuse = "judge"\norigin = "drawn"\nlicence = "Apache-2.0"\n'
            'labelled = ["person", "hardhat", "vest"]\n'
        )
    return shelf_folder


def test_its_own_boxes_are_all_right(said_by_itself: Path) -> None:
    file = said_by_itself / "figures.json"
    done = typed(
        "model", "evaluate", "--data", said_by_itself, "--sets", said_by_itself / "sets.toml", "--set", "own",
        "--model", MODEL, "--json", file,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("own: 3 pictures\n")
    got = json.loads(file.read_text("utf-8"))["sets"]["own"]
    assert "no_hardhat" not in got["boxes"], "what the set does not label is not judged"
    assert got["boxes"]["person"]["boxes"] > 0
    for row in got["boxes"].values():
        assert row["boxes"] == 0 or row["ap50"] == 1.0


def test_labels_of_another_place_are_all_wrong(said_by_itself: Path) -> None:
    for path in (said_by_itself / "own" / "labels").iterdir():
        path.write_text("0 0.01 0.01 0.02 0.02\n", "ascii")
    source = shelf.sources(said_by_itself / "sets.toml")["own"]
    seeing = eyes.named(MODELS, MODEL, Wanted())
    got = report.figures(seeing, evaluate(seeing, shelf.labelled(said_by_itself, "own", source), source))
    assert got["boxes"]["person"]["ap50"] == 0.0
    assert got["boxes"]["hardhat"]["ap50"] is None, "nothing was to be found"


def test_the_models_own_persons_are_those_whose_boxes_count(said_by_itself: Path) -> None:
    source = shelf.sources(said_by_itself / "sets.toml")["own"]
    entry = replace(manifest.model(MODELS, MODEL), score_threshold=0.02)
    seeing = eyes.Eyes(OnnxRuntime(manifest.weights(MODELS, MODEL)), entry, None, eyes.UNTUNED)
    items = shelf.labelled(said_by_itself, "own", source)
    result = evaluate(seeing, items, source)
    labelled = sum(int((item.boxes[:, 0] == 0).sum()) for item in items)
    seen = [seeing.look(shelf.picture(item.path), 0.02) for item in items]
    counted = sum(int((boxes.labels == 0).sum()) for boxes in seen)
    assert 0 < counted < sum(len(boxes.labels) for boxes in seen)
    assert int((~np.isnan(result.found.boxes[:, 0])).sum()) == counted, "found"
    assert len(result.found.heights) == labelled, "and those who were not found"


def test_a_person_whom_nobody_finds_counts_as_not_told(shelf_folder: Path) -> None:
    """The drawn figures are no persons to the model: given their boxes it may tell, by itself it finds nobody."""
    known = shelf.sources(shelf_folder / "sets.toml")
    seeing = eyes.named(MODELS, MODEL, Wanted())
    result = evaluate(seeing, shelf.labelled(shelf_folder, "drawn", known["drawn"]), known["drawn"])
    found = report.figures(seeing, result)["missing"]["found"]["helmet"]["all"]
    assert (found["known"], found["missing"], found["recall"]) == (6, 3, 0.0)
    assert found["unsure"] == 1.0
    assert len(result.given.heights) == 6
    table = "\n".join(report.table("drawn", report.figures(seeing, result)))
    assert "helmet missing, on given persons" in table
    assert "helmet by boxes: AP of missing" in table


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--set", "othr"], "drawn, heads, judge"),
        (["--every", "0"], "1 or more"),
        (["--sets", "nowhere.toml"], "nowhere.toml"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(
    shelf_folder: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sets = ["--data", str(shelf_folder), "--sets", str(shelf_folder / "sets.toml")]
    assert ended(["model", "evaluate", *sets, *words]) in {64, 2}
    assert said in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_said_before_the_work(
    shelf_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sets = ["--data", str(shelf_folder), "--sets", str(shelf_folder / "sets.toml"), "--set", "judge"]
    assert ended(["model", "evaluate", *sets, "--json", str(shelf_folder / "no" / "figures.json")]) == 64
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "figures.json" in printed.err


def test_training_without_its_extra_says_what_to_install(
    shelf_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where torch is there, the run is stopped by its set instead."""
    sets = ["--data", str(shelf_folder), "--sets", str(shelf_folder / "sets.toml"), "--without", "nothing"]
    code = ended(["model", "train", *sets, "--out", str(tmp_path / "run")])
    said = capsys.readouterr().err
    assert (code, "edge-agent[train]" in said, "nothing" in said) in {(69, True, False), (64, False, True)}


def test_a_teacher_goes_on_where_it_was(said_by_itself: Path, tmp_path: Path) -> None:
    sets = said_by_itself / "sets.toml"
    sets.write_text(sets.read_text("utf-8").replace('folder = "own"\nuse = "judge"', 'folder = "own"'), "utf-8")
    file = tmp_path / "taught.json"
    taught(eyes.named(MODELS, MODEL, Wanted()), said_by_itself, sets, ("heads",), file)
    first = json.loads(file.read_text())
    assert {key.split("/")[0] for key in first} == {"drawn", "own"}
    rows = first["own/0"]
    assert rows
    assert all(
        0 <= row[0] < len(LABELS) and len(row) == 6 and 0 <= min(row[2:]) <= max(row[2:]) <= 1 for row in rows
    )
    file.write_text(json.dumps({"own/0": [[0, 0.5, 0, 0, 1, 1]]}))
    taught(eyes.named(MODELS, MODEL, Wanted()), said_by_itself, sets, ("heads",), file)
    again = json.loads(file.read_text())
    assert again.pop("own/0") == [[0, 0.5, 0, 0, 1, 1]]
    assert again == {key: value for key, value in first.items() if key != "own/0"}
