"""Labels are read as they are meant, brought to one convention, and refused in words."""

from pathlib import Path

import numpy as np
import pytest

from edge_agent.ops.model import shelf
from edge_agent.ops.model.shelf import BadShelf

ROOT = Path(__file__).parents[3]


def test_the_public_sets_are_described() -> None:
    known = shelf.sources(ROOT / "models" / "sets.toml")
    judging = {(source.folder, source.pictures) for source in known.values() if source.use == "judge"}
    teaching = {(source.folder, source.pictures) for source in known.values() if source.use == "train"}
    assert judging == {("hats", "hats_0[4-9]*"), ("dev_aditya", "*"), ("dev", "*")}
    assert {folder for folder, _ in judging & teaching} == set()
    assert ("hats", "hats_0[0-3]*") in teaching, "other pictures of the same set"


def test_boxes_are_corners_and_shares(shelf_folder: Path) -> None:
    source = shelf.sources(shelf_folder / "sets.toml")["drawn"]
    first = shelf.labelled(shelf_folder, "drawn", source)[0]
    assert first.key == "drawn/0"
    person, hat, _ = first.boxes
    assert person[0] == 0
    assert hat[0] == 3
    np.testing.assert_allclose((person[3:] - person[1:3]) * (260, 200), (60, 140), atol=1e-3)


def test_a_box_around_the_head_becomes_that_of_the_hat(shelf_folder: Path) -> None:
    known = shelf.sources(shelf_folder / "sets.toml")
    whole = shelf.labelled(
        shelf_folder, "heads", shelf.Source(folder="heads", origin="", licence="", labelled=())
    )[1].boxes[0]
    hat = shelf.labelled(shelf_folder, "heads", known["heads"])[1].boxes[0]
    assert hat[2] == whole[2]
    wide = whole[3] - whole[1]
    np.testing.assert_allclose(hat[[1, 3]] - whole[[1, 3]], [0.04 * wide, -0.04 * wide], atol=1e-6)
    assert hat[4] - hat[2] == pytest.approx(shelf.HAT_OF_HEAD * (whole[4] - whole[2]))


def test_hair_becomes_the_head_and_stays_in_the_picture() -> None:
    source = shelf.Source(folder="x", origin="", licence="", labelled=(), no_hardhat_box="hair")
    boxes = np.array([[3, 0.1, 0.2, 0.2, 0.3], [3, 0.1, 0.9, 0.2, 1.0], [1, 0.1, 0.2, 0.2, 0.3]], np.float32)
    made = shelf.one_convention(boxes, source)
    np.testing.assert_allclose(made[:, 4], [0.36, 1.0, 0.3], atol=1e-6)
    assert boxes[0, 4] == np.float32(0.3), "the labels themselves are left as they are"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("0 0.5 0.5 0.1", "5 numbers"),
        ("0 0.5 0.5 0.1 helmet", "5 numbers"),
        ("7 0.5 0.5 0.1 0.1", "0 to 4"),
        ("0 nan 0.5 0.1 0.1", "0 to 4"),
    ],
)
def test_a_label_file_that_cannot_be_used_is_named(shelf_folder: Path, content: str, said: str) -> None:
    path = shelf_folder / "drawn" / "labels" / "3.txt"
    path.write_text(content + "\n", "ascii")
    with pytest.raises(BadShelf, match=said) as fault:
        shelf.labelled(shelf_folder, "drawn", shelf.sources(shelf_folder / "sets.toml")["drawn"])
    assert str(path) in str(fault.value)


def test_no_label_file_is_a_fault_and_an_empty_one_is_a_picture_of_nothing(shelf_folder: Path) -> None:
    source = shelf.sources(shelf_folder / "sets.toml")["drawn"]
    path = shelf_folder / "drawn" / "labels" / "3.txt"
    path.write_text("", "ascii")
    assert len(shelf.labelled(shelf_folder, "drawn", source)[3].boxes) == 0
    path.unlink()
    with pytest.raises(BadShelf, match=r"3\.txt.*cannot be read"):
        shelf.labelled(shelf_folder, "drawn", source)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('use = "judge"', 'use = "jugde"', "use"),
        ('labelled = ["person", "hardhat", "vest"]', 'labelled = ["person", "helmet"]', "helmet"),
        ("share = 0.5", "share = 0", "share"),
        ("[judge]", "[judge", "sets.toml"),
    ],
)
def test_a_sets_file_that_cannot_be_used_is_named(shelf_folder: Path, before: str, after: str, said: str) -> None:
    file = shelf_folder / "sets.toml"
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), "utf-8")
    with pytest.raises(BadShelf, match=said):
        shelf.sources(file)


def test_a_set_that_is_not_there_cannot_be_left_out(shelf_folder: Path) -> None:
    assert set(shelf.teaching(shelf_folder / "sets.toml", ("heads",))) == {"drawn"}
    with pytest.raises(BadShelf, match=r"haeds.*drawn, heads, judge"):
        shelf.teaching(shelf_folder / "sets.toml", ("haeds",))


def test_an_empty_folder_and_a_broken_picture_are_named(shelf_folder: Path) -> None:
    source = shelf.Source(folder="empty", origin="", licence="", labelled=())
    with pytest.raises(BadShelf, match=r"empty.*no pictures"):
        shelf.labelled(shelf_folder, "empty", source)
    for content in (b"", b"not a picture"):
        (shelf_folder / "broken.png").write_bytes(content)
        with pytest.raises(BadShelf, match=r"broken\.png.*not a picture"):
            shelf.picture(shelf_folder / "broken.png")
