"""Too many cameras are judged alike: each in its turn, none left out, and what is late is named for what it is."""

import os
import signal
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.domain.observation import View
from edge_agent.domain.words import NOTHING
from edge_agent.sense.camera import frames, watch
from edge_agent.sense.camera.frames import FrameReader, FrameWriter
from edge_agent.sense.camera.inference import Round
from edge_agent.sense.camera.limits import STANDARD
from edge_agent.sense.camera.lines import CaptureLine, InferenceOrder, Judged, WatchedCamera
from edge_agent.sense.camera.load import Turns
from tests.support.languages import faults
from tests.vision.conftest import MODEL, QUICK, Start, camera, film, moving
from tests.vision.test_canary import Standing, accepted
from tests.vision.test_judging import OnePerson

CAMERAS = 4
COME = st.lists(st.sets(st.integers(0, CAMERAS - 1)), min_size=1, max_size=12)  # whose pictures come before a turn
GREY = np.full((24, 32 * 3), 90, np.uint8)


@settings(deadline=None, max_examples=12)
@given(COME)
def test_in_each_turn_every_camera_with_a_picture_is_judged_once(come: list[set[int]]) -> None:
    fds = [frames.create(f"cam-{n}") for n in range(CAMERAS)]
    with tempfile.TemporaryDirectory() as folder:
        try:
            cameras = tuple(
                WatchedCamera(id=f"cam-{n}", frames_fd=fd, model=MODEL, areas=()) for n, fd in enumerate(fds)
            )
            order = InferenceOrder(
                cameras=cameras, bell_fd=-1, models_folder="", runtime_folder=folder, parent=0, limits=QUICK
            )
            model = accepted(OnePerson(), MODEL)
            turns = Round(order, dict.fromkeys((c.id for c in cameras), model), Standing())
            writers, numbers = [FrameWriter(fd) for fd in fds], [0] * CAMERAS
            for number, whose in enumerate(come):
                for one in whose:
                    numbers[one] = writers[one].write(GREY, float(number), None)
                assert turns.turn() == len(whose)
                assert [judge.seq for judge in turns._judges] == numbers
        finally:
            for fd in fds:
                os.close(fd)


@given(st.lists(st.integers(0, CAMERAS - 1), max_size=60), st.data())
def test_whoever_gets_a_turn_in_each_round_was_never_passed_over(idle: list[int], data: st.DataObject) -> None:
    """In whatever order they are judged, and whoever has nothing new in some round."""
    turns = Turns(CAMERAS, STANDARD)
    for none in idle:
        for one in data.draw(st.permutations(range(CAMERAS))):
            turns.look(str(one), waits=one != none)
            turns.hear("" if one == none else str(one))
        assert turns.missed() is None


def test_a_camera_that_waits_while_the_others_are_judged_is_named() -> None:
    turns = Turns(CAMERAS, STANDARD)
    for rounds in range(STANDARD.turns_missed * 2):
        for one in range(CAMERAS):
            turns.look(str(one), waits=True)
        assert (turns.missed() == "3") is (rounds * (CAMERAS - 1) > STANDARD.turns_missed * CAMERAS)
        for one in range(CAMERAS - 1):
            turns.hear(str(one))
    turns.begin()
    assert turns.missed() is None


def test_a_camera_that_the_real_program_passes_over_has_it_started_anew(start: Start, tmp_path: Path) -> None:
    """Its newest picture can never be read: as if whatever is not thought of had happened to it."""
    url = f"file://{film(tmp_path / 'long.mp4', moving(900), rate_hz=15)}"
    patient = replace(QUICK, capture_silent_s=600.0, turns_missed=5)
    seen = start({name: camera(url, fps=15) for name in ("cam-1", "cam-2")}, limits=patient)
    for name in ("cam-1", "cam-2"):
        seen.wait_for(lambda s, name=name: s.source == name and s.view is View.CLEAR)
    running = seen.vision._running
    assert running is not None
    fd, pids = running._watches["cam-2"].frames_fd, dict(seen.vision.pids)
    os.kill(pids["cam-2"], signal.SIGSTOP)
    reader = FrameReader(fd)
    number = reader.newest().seq + 1
    reader.close()
    os.pwrite(fd, (1).to_bytes(8, "little"), frames._slot(number))  # odd: being written, for ever
    os.pwrite(fd, number.to_bytes(8, "little"), 0)
    seen.wait_for(lambda _: seen.vision.pids.get("inference", pids["inference"]) != pids["inference"], seen.mark())
    os.kill(pids["cam-2"], signal.SIGCONT)
    seen.wait_for(lambda s: s.source == "cam-2" and s.view is View.CLEAR, seen.mark())
    assert seen.vision.pids["cam-2"] == pids["cam-2"]  # it was not the camera's fault


class OneCamera:
    """A camera as the agent sees it, told what its programs say. Its newest picture came at 20 s."""

    def __init__(self) -> None:
        self.fd = frames.create("cam-1")
        FrameWriter(self.fd).write(GREY, 20.0, None)
        self.watch = watch.Watch("cam-1", camera("file:///film", fps=5), self.fd, STANDARD, 0.0)

    def judged(self, arrived_s: float) -> None:
        self.watch.hear(Judged(camera="cam-1", seq=1, arrived_s=arrived_s, view=View.CLEAR))

    def said(self, missing: float, queued_s: float) -> None:
        self.watch._words = CaptureLine(state="running", missing=missing, queued_s=queued_s)

    def end(self) -> None:
        self.watch.close()
        os.close(self.fd)


def test_a_verdict_that_is_old_because_the_box_is_slow_says_so() -> None:
    one = OneCamera()
    for second in range(21):
        if second % 4 == 0:
            one.judged(float(second))
        one.watch.load.look(float(second), 5 * second)
    one.judged(17.0)
    told = one.watch.sighting(20.0, NOTHING)
    assert told.view is View.UNJUDGED
    assert "judges 0.3 of its 5.0 pictures a second" in told.detail.en
    assert not faults(told.detail)
    one.end()


def test_pictures_that_the_box_does_not_get_to_are_not_put_down_to_the_camera() -> None:
    one = OneCamera()
    one.judged(20.0)
    one.said(missing=0.8, queued_s=0.0)
    told = one.watch.sighting(20.0, NOTHING)
    assert told.view is View.DROPPING
    assert "network" in told.detail.en
    assert not one.watch.behind()
    one.said(missing=0.8, queued_s=STANDARD.queued_s)
    told = one.watch.sighting(20.0, NOTHING)
    assert told.view is View.DROPPING
    assert "this box reads too slowly" in told.detail.en
    assert "cam-1" in one.watch.behind().en
    assert not faults(told.detail) + faults(one.watch.behind())
    one.end()
