"""A picture that lay in a queue is as old as it may be, not as young as its reading."""

import os
import signal
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.sense.camera.arrival import Arrivals, FilePace
from edge_agent.sense.camera.frames import FrameReader
from edge_agent.simulate.handle import Simulator
from tests.vision.conftest import PATIENCE_S, film, moving
from tests.vision.test_stream import Capture

PERIOD_S = 0.02


class Stream:
    """Packets as they come: waited for, or found lying there. The camera's clock is `ahead_s` of ours."""

    def __init__(self) -> None:
        self.arrivals = Arrivals(time.monotonic())
        self.ahead_s = 0.0
        self._pts_s = 0.0

    def waited_for(self, period_s: float = PERIOD_S) -> float:
        self.arrivals.of(lambda: time.sleep(period_s))
        self._pts_s = self.arrivals._read_s + self.ahead_s
        return self.arrivals.stamp(self._pts_s)

    def lying_there(self) -> float:
        self.arrivals.of(lambda: None)
        self._pts_s += PERIOD_S
        return self.arrivals.stamp(self._pts_s)


def busy(seconds: float) -> None:
    """Hold the processor, as a decoder does."""
    end_s = time.monotonic() + seconds
    while time.monotonic() < end_s:
        pass


def test_what_was_waited_for_has_just_arrived() -> None:
    stream = Stream()
    for _ in range(30):
        before_s = time.monotonic()
        assert stream.waited_for() >= before_s  # the camera took it just now


@pytest.mark.parametrize("waited", [3, 30])
def test_a_queue_is_as_old_as_the_streams_own_time_says(waited: int) -> None:
    stream = Stream()
    for _ in range(waited):
        last_s = stream.waited_for()
    busy(0.3)
    for n in range(10):
        assert stream.lying_there() <= last_s + (n + 1) * PERIOD_S + 1e-6  # when the camera took it


def test_without_own_times_it_is_as_old_as_the_last_wait() -> None:
    arrivals = Arrivals(time.monotonic())
    arrivals.of(lambda: time.sleep(0.01))
    waited_s = arrivals.stamp(None)
    busy(0.05)
    arrivals.of(lambda: None)
    assert arrivals.stamp(None) == waited_s


def test_what_always_lies_there_already_is_a_queue_and_one_wait_ends_it() -> None:
    stream = Stream()
    stream.waited_for()
    assert stream.arrivals.queued_s == 0.0
    busy(0.05)
    stream.lying_there()
    assert stream.arrivals.queued_s >= 0.05
    stream.waited_for()
    assert stream.arrivals.queued_s == 0.0


def test_before_any_wait_it_is_as_old_as_the_question() -> None:
    arrivals = Arrivals(5.0)
    arrivals.of(lambda: None)
    assert arrivals.stamp(0.0) == 5.0


@pytest.mark.parametrize("jump_s", [-1.0, -100.0, 1.0, 100.0])
def test_a_stream_whose_clock_is_set_is_believed_again(jump_s: float) -> None:
    stream = Stream()
    stream.waited_for()
    stream.ahead_s = jump_s
    for _ in range(Arrivals.CALM + 1):
        stream.waited_for(0.001)
    before_s = time.monotonic()
    assert stream.waited_for(0.001) >= before_s


@given(st.lists(st.floats(-1e6, 1e6) | st.none(), max_size=30))
def test_whatever_the_stream_says_no_picture_comes_from_the_future(times: list[float | None]) -> None:
    arrivals = Arrivals(time.monotonic())
    for pts_s in times:
        arrivals.of(lambda: None)
        assert arrivals.stamp(pts_s) <= time.monotonic()


def test_pictures_that_came_while_the_program_stood_still_are_old(tmp_path: Path) -> None:
    """A real stream; the program is stopped for a second, then the camera too: all it reads on waking is old."""
    path = film(tmp_path / "film.mp4", moving(40))
    with (
        Simulator("camera", "--clip", str(path)) as camera,
        Capture(f"rtsp://127.0.0.1:{camera.port}/live") as capture,
    ):
        reader = FrameReader(capture.frames_fd)
        wait_for_frame(reader, Arrivals.CALM + 5)
        os.kill(capture.process.pid, signal.SIGSTOP)
        stood = reader.newest()
        time.sleep(1.0)
        os.kill(camera.pid, signal.SIGSTOP)
        camera_ended_s = time.monotonic()
        time.sleep(0.5)
        os.kill(capture.process.pid, signal.SIGCONT)
        try:
            # whichever picture of the backlog this poll meets: the camera was dead when it was read
            assert wait_for_frame(reader, stood.seq + 1) < camera_ended_s
        finally:
            os.kill(camera.pid, signal.SIGCONT)
        reader.close()


def wait_for_frame(reader: FrameReader, seq: int) -> float:
    """The arrival of frame `seq` or of the first one seen after it."""
    deadline = time.monotonic() + PATIENCE_S
    while reader.newest().seq < seq:
        assert time.monotonic() < deadline
        time.sleep(0.0005)
    return reader.newest().arrived_s


def test_a_film_is_played_at_its_own_speed_and_a_jump_is_not_waited_for() -> None:
    pace = FilePace()
    first_s = time.monotonic()  # the film's own zero is taken after this, however busy the machine is
    pace.wait(100.0)
    assert pace.wait(100.1) - first_s > 0.099
    assert pace.wait(9000.0) - first_s < 60
    assert pace.wait(0.0) - first_s < 60
    assert pace.wait(None) - first_s < 60
