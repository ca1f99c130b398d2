"""One camera's judgement, picture by picture, with a model whose answer is known."""

import os
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge_agent.domain.observation import View
from edge_agent.domain.zone import PictureArea
from edge_agent.sense.camera import frames, manifest
from edge_agent.sense.camera.detector import Detector
from edge_agent.sense.camera.frames import FrameWriter
from edge_agent.sense.camera.inference import Round
from edge_agent.sense.camera.judging import CameraJudge, Look
from edge_agent.sense.camera.lines import InferenceOrder, WatchedCamera
from edge_agent.sense.camera.runtimes import Tensor
from edge_agent.sense.camera.still import still_name
from tests.vision.conftest import MODEL, MODELS, QUICK, moving
from tests.vision.test_canary import Session, accepted

NOWHERE = Path("/nowhere")  # a scene is kept after more seconds than most of these tests last
LEFT = PictureArea(id="left", area="tank", corners=((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)))


class OnePerson:
    """Sees one person, 64 x 160 pixels of the input, centred at (104, 104), in every picture."""

    fails = False

    def run(self, pictures: Tensor) -> Tensor:
        if self.fails:
            raise RuntimeError("out of order")
        raw = np.zeros((1, 3549, 9), np.float32)
        raw[0, 13 * 52 + 13] = (0, 0, np.log(64 / 8), np.log(160 / 8), 0.9, 1, 0, 0, 0)
        assert pictures.shape == (1, 3, 416, 416)
        return raw


@pytest.fixture
def fd() -> Iterator[int]:
    descriptor = frames.create("cam-1")
    yield descriptor
    os.close(descriptor)


def camera(fd: int, name: str = "cam-1") -> WatchedCamera:
    return WatchedCamera(id=name, frames_fd=fd, model=MODEL, areas=(LEFT,))


def judge(fd: int, runtime: OnePerson | None = None, folder: Path = NOWHERE) -> CameraJudge:
    detector = Detector(runtime or OnePerson(), manifest.model(MODELS, MODEL))
    return CameraJudge(camera(fd), detector, QUICK, first_track=1_000_001, folder=folder)


def show(fd: int, picture: np.ndarray, at_s: float) -> None:
    FrameWriter(fd).write(picture.reshape(picture.shape[0], -1), at_s, at_s)


def look(one: CameraJudge) -> Look:
    frame = one.unseen()
    assert frame is not None
    found = one.judge(frame)
    assert found is not None
    return found


def test_the_person_is_told_with_number_box_score_and_place(fd: int) -> None:
    one = judge(fd)
    for n, picture in enumerate(moving(4, 416, 416)):
        show(fd, picture, n * 0.1)
        found = look(one).judged
    assert (found.camera, found.seq, found.view, found.arrived_s) == ("cam-1", 4, View.CLEAR, pytest.approx(0.3))
    (person,) = found.persons
    assert person.track == 1_000_001
    assert person.zones == ("tank",)
    assert person.score == pytest.approx(0.9)
    assert person.box == pytest.approx((72 / 416, 24 / 416, 136 / 416, 184 / 416), abs=1e-4)


def test_nobody_is_told_on_a_picture_that_cannot_be_trusted(fd: int) -> None:
    one = judge(fd)
    show(fd, moving(1)[0], 0.0)
    assert (look(one).judged.view, look_persons(one, fd)) == (View.STARTING, ())


def look_persons(one: CameraJudge, fd: int) -> tuple[object, ...]:
    show(fd, np.zeros((240, 320, 3), np.uint8), 0.1)
    found = look(one).judged
    assert found.view is View.DARK
    return found.persons


def test_a_picture_overwritten_while_it_is_read_is_not_judged(fd: int) -> None:
    one = judge(fd)
    show(fd, moving(1)[0], 0.0)
    frame = one.unseen()
    assert frame is not None
    for n in range(2):
        show(fd, moving(3)[n], 0.1 * n)
    assert one.judge(frame) is None
    assert look(one).judged.seq == 3  # the newest is still to be had


def test_the_still_shows_box_and_caption_and_is_not_made_too_often(fd: int, tmp_path: Path) -> None:
    one = judge(fd)
    pictures = moving(3, 416, 416)
    for n in range(2):
        show(fd, pictures[n], n * 0.1)
        frame = one.unseen()
        assert frame is not None
        found = one.judge(frame)
        assert found is not None
    one.picture_if_due(frame, found, tmp_path, "12:00")
    path = tmp_path / still_name("cam-1")
    still = cv2.imread(str(path))
    assert still.shape == (416, 416, 3)
    blue, _, red = still[100, 72].astype(int)  # the left edge of the person's box
    assert blue - red > 100
    assert np.median(still[0:8, 0:60]) < 60  # the caption's bar
    for written in tmp_path.iterdir():
        written.unlink()
    one.picture_if_due(frame, found, tmp_path, "12:00")
    assert list(tmp_path.iterdir()) == []


class Standing:
    """A clock for the stills."""

    def monotonic(self) -> float:
        return 0.0

    def instant(self) -> object:
        raise OSError("no clock")  # the still is lost, nothing else


def test_one_camera_whose_judging_fails_is_unjudged_and_the_others_are_not(
    fd: int, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    other = frames.create("cam-2")
    broken, sound = Session(MODEL), Session(MODEL)
    cameras = (camera(fd), camera(other, "cam-2"))
    order = InferenceOrder(
        cameras=cameras, bell_fd=-1, models_folder="", runtime_folder=str(tmp_path), parent=0, limits=QUICK
    )
    turns = Round(order, {"cam-1": accepted(broken, MODEL), "cam-2": accepted(sound, MODEL)}, Standing())
    assert turns.turn() == 0, "the canary is looked at, and is well"
    broken.fails = "crash"
    for n, picture in enumerate(moving(2)):
        show(fd, picture, n * 0.1)
        show(other, picture, n * 0.1)
        assert turns.turn() == 2
    assert turns.turn() == 0
    told = capfdbinary.readouterr()
    assert b"no clock" in told.err
    last = [line for line in told.out.splitlines() if b'"seq":2' in line]
    assert [b"unjudged" in line for line in last] == [True, False]
    assert [b"clear" in line for line in last] == [False, True]
    os.close(other)


def test_a_hidden_part_is_hidden_whoever_is_there(fd: int) -> None:
    """A neighbour's yard: in every picture that is shown, also in one that nobody is in."""
    yard = (0.6, 0.0, 1.0, 0.3)
    detector = Detector(OnePerson(), manifest.model(MODELS, MODEL))
    watched = WatchedCamera(id="cam-1", frames_fd=fd, model=MODEL, areas=(), hide=(yard,))
    one = CameraJudge(watched, detector, QUICK, first_track=1, folder=NOWHERE)
    for n, picture in enumerate(moving(4, 416, 416)):
        show(fd, picture, n * 0.1)
        found = look(one)
    assert found.judged.view is View.CLEAR
    assert found.hidden.parts[0] == yard
