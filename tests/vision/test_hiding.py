"""Who is hidden in the copy for everybody: heads, strangers whole, everything where nobody can tell."""

import os
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge_agent.domain.zone import PictureArea
from edge_agent.sense.camera import frames, hiding
from edge_agent.sense.camera.hiding import EVERYTHING, Hidden, masked, of_head, of_person
from edge_agent.sense.camera.judging import CameraJudge
from edge_agent.sense.camera.picture_areas import outlines
from edge_agent.sense.camera.runtimes import Tensor
from edge_agent.sense.camera.still import masked_name, still_name
from tests.vision.conftest import moving
from tests.vision.test_judging import OnePerson, judge, look, show

SIDE = 416
HERE = (72 / SIDE, 24 / SIDE, 136 / SIDE, 184 / SIDE)  # where OnePerson sees him, within the area LEFT
LEFT = PictureArea(id="left", area="tank", corners=((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)))


def noise(seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, (SIDE, SIDE, 3), np.uint8)


def changed(one: np.ndarray, other: np.ndarray, box: tuple[float, ...]) -> float:
    """The share of pixels that differ within a box."""
    x1, y1, x2, y2 = (round(part * SIDE) for part in box)
    return float((one != other)[y1:y2, x1:x2].any(axis=2).mean())


def test_the_head_of_who_stands_in_an_area_and_all_of_a_stranger() -> None:
    inside, outside = (0.1, 0.2, 0.2, 0.9), (0.7, 0.2, 0.8, 0.9)
    assert of_person(inside, outlines((LEFT,)))[3] == pytest.approx(0.2 + hiding.HEAD * 0.7)
    assert of_person(outside, outlines((LEFT,)))[3] > 0.9
    assert of_person(outside, ())[3] == pytest.approx(0.2 + hiding.HEAD * 0.7)  # no areas: nobody is a stranger
    assert of_head((0.1, 0.1, 0.2, 0.2))[3] == pytest.approx(0.3)  # the face below the helmet


@pytest.mark.parametrize("box", [HERE, (-0.2, -0.2, 0.1, 0.1), (0.9, 0.9, 1.4, 1.4)])
def test_what_is_hidden_cannot_be_brought_back(box: tuple[float, float, float, float]) -> None:
    """A hidden part keeps so few colours that no face is in it; the rest is as it was."""
    before = noise()
    after = masked(before, Hidden(parts=(box,)))
    x1, y1, x2, y2 = (min(SIDE, max(0, round(part * SIDE))) for part in box)
    assert len(np.unique(after[y1:y2, x1:x2].reshape(-1, 3), axis=0)) <= hiding.BLOCKS**2
    after[y1:y2, x1:x2] = before[y1:y2, x1:x2]
    assert np.array_equal(after, before)


def test_where_nobody_can_tell_everything_is_hidden() -> None:
    after = masked(noise(), EVERYTHING)
    assert len(np.unique(after.reshape(-1, 3), axis=0)) <= hiding.WHOLE_BLOCKS**2
    assert EVERYTHING
    assert not Hidden()


@pytest.fixture
def fd() -> Iterator[int]:
    descriptor = frames.create("cam-1")
    yield descriptor
    os.close(descriptor)


def stills(one: CameraJudge, fd: int, folder: Path, at_s: float, picture: np.ndarray) -> list[np.ndarray]:
    """What is written after one more picture: with faces, and masked."""
    show(fd, picture, at_s)
    frame = one.unseen()
    assert frame is not None
    found = one.judge(frame)
    assert found is not None
    one.picture_if_due(frame, found, folder, "12:00")
    return [cv2.imread(str(folder / name("cam-1"))) for name in (still_name, masked_name)]


def begun(fd: int, runtime: OnePerson) -> CameraJudge:
    """A camera whose view is clear."""
    one = judge(fd, runtime)
    for n, picture in enumerate(moving(3, SIDE, SIDE)):
        show(fd, picture, n * 0.1)
        look(one)
    return one


class Loses(OnePerson):
    """Sees him until he is lost."""

    lost = False

    def run(self, pictures: Tensor) -> Tensor:
        raw = super().run(pictures)
        return np.zeros_like(raw) if self.lost else raw


HEAD = (HERE[0], HERE[1] + 0.01, HERE[2], HERE[1] + 0.25 * (HERE[3] - HERE[1]))
FEET = (HERE[0] + 0.02, HERE[3] - 0.1, HERE[2] - 0.02, HERE[3] - 0.02)


def test_the_copy_for_everybody_has_no_head_and_still_has_its_caption_and_boxes(fd: int, tmp_path: Path) -> None:
    bare, copy = stills(begun(fd, OnePerson()), fd, tmp_path, 0.3, noise())
    assert changed(bare, copy, HEAD) > 0.9
    assert np.abs(bare.astype(int) - copy)[round(FEET[1] * SIDE) :].mean() < 8  # encoded, no more
    blue, _, red = copy[170, 72].astype(int)  # the left edge of his box
    assert blue - red > 60


def test_a_face_that_the_model_loses_for_a_moment_stays_hidden(fd: int, tmp_path: Path) -> None:
    runtime = Loses()
    one = begun(fd, runtime)
    runtime.lost = True
    bare, copy = stills(one, fd, tmp_path, 0.2 + hiding.HOLD_S / 2, noise())
    assert changed(bare, copy, HEAD) > 0.9
    later = moving(4, SIDE, SIDE)[3]
    bare, copy = stills(one, fd, tmp_path, 0.2 + 5 * hiding.HOLD_S, later)
    assert np.array_equal(bare, copy)


def test_a_picture_that_is_not_judged_shows_nobody_to_everybody(fd: int, tmp_path: Path) -> None:
    one = judge(fd)
    bare, copy = stills(one, fd, tmp_path, 0.0, noise())  # the first picture: the camera starts
    assert changed(bare, copy, (0.1, 0.2, 0.9, 0.9)) > 0.9
