"""What a set does not label is never taught as "not there"."""

from pathlib import Path

import numpy as np
import pytest

from edge_agent.ops.model.claims import claims, taught
from edge_agent.ops.model.shelf import BadShelf, Labelled, Source

PERSON, HARDHAT, VEST = 0, 1, 2
HEADS = Source(folder="x", origin="", licence="", labelled=("hardhat", "no_hardhat"))
OWN = np.array([[HARDHAT, 0.1, 0.1, 0.2, 0.2], [4, 0.1, 0.3, 0.3, 0.5]], np.float32)  # 4: no_vest, not a label
ITEM = Labelled(Path("x.png"), "x", OWN)


def seen(label: int, score: float, *corners: float) -> np.ndarray:
    return np.array([[label, score, *corners]], np.float32)


def test_without_a_teacher_the_labels_stand_alone() -> None:
    made = claims(ITEM, HEADS, None)
    np.testing.assert_array_equal(made.boxes, OWN[:1])
    assert made.doubtful.shape == (0, 4)


def test_a_sure_box_stands_in_where_the_set_does_not_label() -> None:
    made = claims(ITEM, HEADS, seen(PERSON, 0.8, 0.1, 0.1, 0.3, 0.9))
    np.testing.assert_allclose(made.boxes[1], [PERSON, 0.1, 0.1, 0.3, 0.9])
    assert len(made.doubtful) == 0


def test_an_unsure_box_there_is_doubtful() -> None:
    made = claims(ITEM, HEADS, seen(VEST, 0.2, 0.1, 0.4, 0.3, 0.6))
    assert len(made.boxes) == 1
    np.testing.assert_allclose(made.doubtful, [[0.1, 0.4, 0.3, 0.6]])


@pytest.mark.parametrize(("score", "doubtful"), [(0.9, 1), (0.29, 0)])
def test_a_box_that_nobody_labelled_where_the_set_labels_is_doubtful_if_likely(
    score: float, doubtful: int
) -> None:
    made = claims(ITEM, HEADS, seen(HARDHAT, score, 0.6, 0.6, 0.7, 0.7))
    assert (len(made.boxes), len(made.doubtful)) == (1, doubtful)


def test_a_box_that_is_labelled_adds_nothing() -> None:
    made = claims(ITEM, HEADS, seen(HARDHAT, 0.9, 0.11, 0.1, 0.2, 0.2))
    assert (len(made.boxes), len(made.doubtful)) == (1, 0)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    assert taught(None) == {}
    for content in ("[1, 2]", '{"a": [[1, 2]]}', "{"):
        (tmp_path / "taught.json").write_text(content)
        with pytest.raises(BadShelf, match=r"taught\.json.*cannot be used"):
            taught(tmp_path / "taught.json")
