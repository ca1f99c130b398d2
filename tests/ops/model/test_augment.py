"""However a picture is shown, each box stays on its thing, and what is cut away is never "nothing here"."""

import cv2
import numpy as np
import pytest
from numpy.random import default_rng

from edge_agent.ops.model import augment
from edge_agent.ops.model.claims import Claims
from edge_agent.ops.model.other_camera import another_camera
from edge_agent.sense.camera.tracker import overlaps
from tests.ops.model.conftest import BLUE, GREEN, RED

SIZE = 320
THINGS = ((0, BLUE, (20, 30, 60, 150)), (1, GREEN, (100, 20, 140, 60)), (2, RED, (150, 90, 230, 170)))


def things() -> tuple[np.ndarray, Claims]:
    """Three plain ellipses on grey, and their labels."""
    picture = np.full((180, 250, 3), 128, np.uint8)
    boxes = []
    for label, colour, (x1, y1, x2, y2) in THINGS:
        cv2.ellipse(picture, (((x1 + x2) / 2, (y1 + y2) / 2), (x2 - x1, y2 - y1), 0), colour, -1)
        boxes.append([label, x1 / 250, y1 / 180, x2 / 250, y2 / 180])
    return picture, Claims(np.array(boxes, np.float32), np.zeros((0, 4), np.float32))


def painted(picture: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray | None:
    """Corners of what has this colour."""
    ys, xs = np.nonzero((np.abs(picture.astype(int) - colour) < 60).all(2))
    return np.array([[xs.min(), ys.min(), xs.max() + 1, ys.max() + 1]], float) if len(xs) > 20 else None


@pytest.mark.parametrize("seed", range(40))
def test_boxes_stay_on_their_things(seed: int) -> None:
    made = augment._placed(SIZE, *things(), default_rng(seed), calm=False)
    assert made.picture.shape == (SIZE, SIZE, 3)
    for label, *corners in made.boxes.tolist():
        there = painted(made.picture, THINGS[int(label)][1])
        assert there is not None
        assert overlaps(np.array([corners]), there)[0, 0] > 0.8


@pytest.mark.parametrize("seed", range(40))
def test_everything_shown_is_either_told_or_doubtful(seed: int) -> None:
    made = augment._placed(SIZE, *things(), default_rng(seed), calm=False)
    for label, colour, _ in THINGS:
        there = painted(made.picture, colour)
        if there is not None and label not in made.boxes[:, 0]:
            assert overlaps(made.doubtful.astype(float), there).max(initial=0) > 0.5


@pytest.mark.parametrize("seed", range(10))
def test_four_pictures_stay_whole(seed: int) -> None:
    rng = default_rng(seed)
    made = augment._four(SIZE, [augment._placed(SIZE // 2, *things(), rng, calm=True) for _ in range(4)])
    assert sorted(made.boxes[:, 0].tolist()) == [0] * 4 + [1] * 4 + [2] * 4
    for label, x1, y1, x2, y2 in made.boxes.tolist():
        middle = made.picture[round((y1 + y2) / 2), round((x1 + x2) / 2)]
        assert np.abs(middle.astype(int) - THINGS[int(label)][1]).max() < 30


def test_a_pasted_person_brings_its_labels_and_hides_nobody() -> None:
    wall = augment.Sample(
        np.full((SIZE, SIZE, 3), 128, np.uint8), np.zeros((0, 5), np.float32), np.zeros((0, 4), np.float32)
    )
    pasted = 0
    for seed in range(20):
        made = augment._pasted(wall, *things(), default_rng(seed))
        there = painted(made.picture, BLUE)
        assert there is not None
        (box,) = made.boxes
        assert overlaps(box[None, 1:].astype(float), there)[0, 0] > 0.8
        full = augment.Sample(wall.picture, np.array([[0, 0, 0, SIZE, SIZE]], np.float32), wall.doubtful)
        pasted += len(augment._pasted(full, *things(), default_rng(seed)).boxes) > 1
        small = augment.Sample(wall.picture, np.array([[0, *box[1:]]], np.float32), wall.doubtful)
        assert len(augment._pasted(small, *things(), default_rng(seed)).boxes) == 1
    assert pasted > 0, "a person in front of something large hides too little to be left out"


def test_a_quarter_turn_takes_the_boxes_along() -> None:
    picture, claims = augment._turned(*things())
    assert picture.shape == (250, 180, 3)
    for label, *corners in claims.boxes.tolist():
        there = painted(picture, THINGS[int(label)][1])
        assert there is not None
        assert overlaps(np.array([corners]) * (180, 250, 180, 250), there)[0, 0] > 0.95


def test_the_same_number_gives_the_same_picture_and_another_gives_another() -> None:
    first, again, other = (augment.sample(SIZE, things, default_rng(seed)) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first.picture, again.picture)
    np.testing.assert_array_equal(first.boxes, again.boxes)
    assert (first.picture != other.picture).any()


def test_another_camera_changes_the_light_and_leaves_the_shape() -> None:
    picture = default_rng(0).integers(0, 255, (40, 50, 3), dtype=np.uint8)
    before = picture.copy()
    changed = 0
    for seed in range(60):
        made = another_camera(picture, default_rng(seed))
        assert (made.shape, made.dtype) == (picture.shape, picture.dtype)
        changed += bool((made != picture).any())
    assert changed > 55
    np.testing.assert_array_equal(picture, before)
