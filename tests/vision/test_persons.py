"""Who wears what, picture by picture: everybody gets his turn, and a torn picture tells nothing."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.domain.observation import View, Worn
from edge_agent.fuse.ppe import NOTHING_SEEN, Vote, with_frame
from edge_agent.sense.camera import frames, inference, manifest
from edge_agent.sense.camera.boxes import Boxes
from edge_agent.sense.camera.detector import Detector
from edge_agent.sense.camera.judging import CameraJudge
from edge_agent.sense.camera.lines import InferenceOrder, WatchedCamera
from edge_agent.sense.camera.persons import told
from edge_agent.sense.camera.persons.entry import Band, Wearing
from edge_agent.sense.camera.persons.wearer import MOST, Wearer, whose_turn
from edge_agent.sense.camera.proof.swap import Seeing
from edge_agent.sense.camera.runtimes import Description, Tensor, choose
from edge_agent.sense.camera.runtimes.wanted import Wanted
from tests.vision.conftest import MODELS, QUICK, Start, camera, moving
from tests.vision.test_judging import LEFT, NOWHERE, look, show

SECOND = "ppe-nano-second"
LABELS = ("person", "hardhat", "vest", "no_hardhat")
LINES = Wearing(least_px=48, helmet=Band(0.4, 0.75), vest=Band(0.3, 0.6))


class Shares:
    """A judge of persons that says the same of everybody, and counts whom it was shown."""

    def __init__(self, helmet: float, vest: float) -> None:
        self.shares, self.asked = (helmet, vest), 0

    def run(self, pictures: Tensor) -> Tensor:
        assert pictures.shape == (1, 3, 160, 96)
        self.asked += 1
        return np.array([self.shares], np.float32)

    def describe(self) -> Description:
        return Description(runtime="test", device="cpu", input=(1, 3, 160, 96))


class Crowd:
    """Sees so many persons in every picture, 32 x 160 pixels of the input, in one row; the first wears a hat."""

    def __init__(self, count: int, high: float = 160.0) -> None:
        self.count, self.high = count, high

    def run(self, _: Tensor) -> Tensor:
        raw = np.zeros((1, 3549, 9), np.float32)
        for n in range(self.count):
            raw[0, 20 * 52 + 3 + 5 * n] = (0, 0, np.log(32 / 8), np.log(self.high / 8), 0.9, 1, 0, 0, 0)
        raw[0, 11 * 52 + 3] = (0, 0, np.log(24 / 8), np.log(16 / 8), 0.8, 0, 1, 0, 0)  # 88 px down: on the head
        return raw

    def describe(self) -> Description:
        return Description(runtime="test", device="cpu", input=(1, 3, 416, 416))


@pytest.fixture
def fd() -> Iterator[int]:
    descriptor = frames.create("cam-1")
    yield descriptor
    os.close(descriptor)


def judge(fd: int, sees: Crowd, of_persons: Shares) -> CameraJudge:
    detector = Detector(sees, manifest.model(MODELS, SECOND))
    watched = WatchedCamera(id="cam-1", frames_fd=fd, model=SECOND, areas=(LEFT,))
    told = Wearer(detector.labels, LINES, of_persons)
    return CameraJudge(watched, detector, QUICK, first_track=1, folder=NOWHERE, wearer=told)


def shown(one: CameraJudge, fd: int, count: int) -> list[dict[int, dict[str, Worn]]]:
    """What is told of the persons of each picture, by track."""
    told = []
    for n, picture in enumerate(moving(count, 416, 416)):
        show(fd, picture, one.seq * 0.1 + 0.1)
        found = look(one).judged
        assert found.view is View.CLEAR or n == 0
        told.append({person.track: person.ppe for person in found.persons})
    return told


def test_boxes_and_judge_tell_together_what_each_wears(fd: int) -> None:
    told = shown(judge(fd, Crowd(2), Shares(0.8, 0.1)), fd, 4)[-1]
    assert told[1] == {"helmet": Worn.WORN, "vest": Worn.MISSING}, "a hat on the head, and the judge says so"
    assert told[2]["helmet"] is Worn.UNSURE, "the judge alone is not sure enough"


def test_somebody_too_small_is_told_to_be_unsure_and_never_shown_to_the_judge(fd: int) -> None:
    of_persons = Shares(0.9, 0.9)
    told = shown(judge(fd, Crowd(1, high=40.0), of_persons), fd, 4)[-1]
    assert told == {1: {"helmet": Worn.UNSURE, "vest": Worn.UNSURE}}
    assert of_persons.asked == 0


def test_in_a_crowd_they_take_turns(fd: int) -> None:
    of_persons = Shares(0.9, 0.9)
    one = judge(fd, Crowd(9), of_persons)
    told = shown(one, fd, 6)
    looked = [{track for track, items in picture.items() if items} for picture in told if picture]
    assert all(len(tracks) == MOST for tracks in looked)
    assert looked[0] | looked[1] == set(range(1, 10)), "two pictures, and everybody was looked at"
    assert of_persons.asked == sum(map(len, looked))


class Overtaken(Crowd):
    """While it looks for the third time, two more pictures are written."""

    looks = 0
    fd = -1

    def run(self, pictures: Tensor) -> Tensor:
        self.looks += 1
        for picture in moving(2, 416, 416) if self.looks == 3 else ():
            show(self.fd, picture, 0.9)
        return super().run(pictures)


def test_a_picture_overwritten_while_it_is_judged_tells_nothing_of_persons(fd: int) -> None:
    sees = Overtaken(2)
    sees.fd = fd
    told = shown(judge(fd, sees, Shares(0.9, 0.9)), fd, 4)
    assert [sorted(map(len, picture.values())) for picture in told[-2:]] == [[2, 2], [0, 0]]


@given(st.integers(1, 30), st.integers(1, 8))
def test_nobody_waits_longer_than_the_crowd_is_large(count: int, most: int) -> None:
    looked: dict[int, int] = {}
    rounds = -(-count // most)
    for picture in range(3 * rounds):
        turn = whose_turn(looked, list(range(count)), most)
        assert len(turn) == min(count, most)
        looked |= dict.fromkeys(turn, picture)
        if picture >= rounds - 1:
            assert min(looked[track] for track in range(count)) > picture - rounds


def test_without_a_judge_boxes_alone_tell() -> None:
    persons = np.array([[0, 100, 60, 300]], np.float32)
    hat = Boxes(
        corners=np.array([[10, 100, 50, 125]], np.float32),
        scores=np.array([0.9], np.float32),
        labels=np.array([1], np.intp),
    )
    told = Wearer(LABELS, LINES, None).tell(persons, hat, {0: np.zeros((160, 96, 3), np.uint8)})
    assert told == {0: {"helmet": Worn.WORN, "vest": Worn.MISSING}}


ALL_LABELS = ("hardhat", "no_hardhat", "vest", "no_vest")
SPEAKS = {"helmet": {"hardhat", "no_hardhat"}, "vest": {"vest", "no_vest"}}
PEOPLE = np.array([[0, 100, 60, 300], [100, 100, 160, 300]], np.float32)
CUT = dict.fromkeys(range(2), np.zeros((160, 96, 3), np.uint8))


def on_them(labels: tuple[str, ...], seen: list[tuple[str, int, float]]) -> Boxes:
    """Boxes of a model with these labels on the heads or bodies of people: label, whose, score."""
    places = {"hat": (10, 100, 50, 125), "body": (5, 140, 55, 220)}
    rows = [
        (
            np.array(places["hat" if "hat" in label else "body"]) + np.array((1, 0, 1, 0)) * 100 * whose,
            score,
            label,
        )
        for label, whose, score in seen
        if label in labels
    ]
    return Boxes(
        corners=np.array([row[0] for row in rows], np.float32).reshape(-1, 4),
        scores=np.array([row[1] for row in rows], np.float32),
        labels=np.array([labels.index(row[2]) for row in rows], np.intp),
    )


@given(
    st.sets(st.sampled_from(ALL_LABELS)),
    st.lists(st.tuples(st.sampled_from(ALL_LABELS), st.integers(0, 1), st.floats(0.01, 1.0)), max_size=6),
)
def test_what_no_label_speaks_of_is_never_told(known: set[str], seen: list[tuple[str, int, float]]) -> None:
    """Neither missing nor worn, whatever else is seen; and a helmet is told only of whom a box speaks."""
    labels = ("person", *sorted(known))
    boxes = on_them(labels, seen)
    items = Wearer(labels, LINES, None).tell(PEOPLE, boxes, CUT)
    both = told.verdicts(LINES, PEOPLE, told.shares(labels, PEOPLE, boxes, told.nothing_said(2)))
    for row, verdicts in enumerate(both):
        for (item, speaks), verdict in zip(SPEAKS.items(), verdicts, strict=True):
            assert items[row].get(item, Worn.UNSURE) is verdict
            if speaks.isdisjoint(known):
                assert item not in items[row], "so that PPL-29 says that nobody looks for it"
                assert verdict is Worn.UNSURE
        if not any(whose == row and "hat" in label and label in known for label, whose, _ in seen):
            assert verdicts[0] is Worn.UNSURE


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_a_judge_alone_tells_what_the_detector_has_no_label_for(share: float) -> None:
    """Its share is not halved by boxes that cannot be there."""
    labels = ("person", "hardhat", "no_hardhat")
    found = Wearer(labels, LINES, Shares(0.5, share)).tell(PEOPLE, on_them(labels, []), CUT)
    wanted = {0.05: Worn.MISSING, 0.5: Worn.UNSURE, 0.95: Worn.WORN}[share]
    assert [items["vest"] for items in found.values()] == [wanted] * 2


def test_lines_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="is above worn_from"):
        Band(0.7, 0.6)


def test_a_model_whose_lines_nobody_has_drawn_tells_nothing() -> None:
    assert seeing("ppe-nano-first").wearer is None
    second = seeing(SECOND).wearer
    assert second is not None
    assert second.judges


def seeing(model: str) -> Seeing:
    known = WatchedCamera(id="cam-1", frames_fd=-1, model=model, areas=())
    order = InferenceOrder(
        cameras=(known,), bell_fd=-1, models_folder=str(MODELS), runtime_folder="", parent=0, limits=QUICK
    )
    return inference.load(order).by_camera["cam-1"]


def test_the_judge_of_persons_stays_on_the_processor() -> None:
    """A graphics card would have to build an engine for it first."""
    assert choose.beside(Wanted(runtime="onnx-tensorrt", threads=2)) == Wanted(threads=2)
    assert choose.beside(Wanted(runtime="openvino-cpu")).runtime == "openvino-cpu"


def test_workers_of_a_real_film_are_told_along_their_tracks(start: Start, data_folder: Path) -> None:
    """Real people in helmets and vests over a stream of the real programs: told from many pictures, and worn."""
    source = replace(camera(f"file://{data_folder}/clips/workers-ppe-1.mp4", fps=5), model=SECOND)
    watched, seen = start({"cam-1": source}), NOTHING_SEEN
    after, states = 0, set[Worn]()
    while states != {Worn.WORN}:
        told = watched.wait_for(lambda one: any(person.ppe for person in one.persons), after)
        after = watched.seen.index(told, after) + 1
        seen = with_frame(seen, told, Vote())
        states = {items["helmet"].state for items in seen.told.values()} - {Worn.UNSURE}
    assert all(len(items) == 2 for items in seen.told.values()), "helmet and vest"
