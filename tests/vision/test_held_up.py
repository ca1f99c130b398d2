"""A program that gets no processor time is not taken for one that hangs: real programs, kept from running."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_agent.domain.observation import View
from edge_agent.field.held_up import HeldUp
from edge_agent.simulate.handle import Simulator
from tests.support.languages import faults
from tests.vision.conftest import QUICK, Start, camera, film, moving

BURN = ("sh", "-c", "while :; do :; done")
SLEEP = ("sleep", "600")
CORE = min(os.sched_getaffinity(0))


@contextlib.contextmanager
def running(command: tuple[str, ...], count: int = 1) -> Iterator[list[int]]:
    """Programs on one core, by process id."""
    began = [subprocess.Popen(command, start_new_session=True) for _ in range(count)]
    try:
        for one in began:
            os.sched_setaffinity(one.pid, {CORE})
        yield [one.pid for one in began]
    finally:
        for one in began:
            one.kill()
            one.wait()


@contextlib.contextmanager
def last(pid: int) -> Iterator[None]:
    """Meanwhile it runs only when nobody else wants to, and so does the group made of its session."""
    everywhere = os.sched_getaffinity(0)
    _put(pid, os.SCHED_IDLE, "19", {CORE})
    yield
    _put(pid, os.SCHED_OTHER, "0", everywhere)


def _put(pid: int, policy: int, group_nice: str, cores: set[int]) -> None:
    with contextlib.suppress(OSError):  # a kernel that makes no groups
        Path(f"/proc/{pid}/autogroup").write_text(group_nice, encoding="ascii")
    for thread in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(thread.name), cores)
        os.sched_setscheduler(int(thread.name), policy, os.sched_param(0))


def watched(pid: int, seconds: float) -> float:
    """Which part of so many seconds `pid` is said to have waited for the processor."""
    held_up, began_s = HeldUp(30.0), time.monotonic()
    held_up.runs(pid, began_s)
    while time.monotonic() - began_s < seconds:
        held_up.since_s(time.monotonic())
        time.sleep(0.05)
    now_s = time.monotonic()
    return held_up.since_s(now_s) / (now_s - began_s)


def test_one_that_wants_to_run_and_may_not_is_held_up() -> None:
    with running(BURN, 3), running(BURN) as (victim,), last(victim):
        assert watched(victim, 0.6) > 0.6


@pytest.mark.parametrize("stopped", [False, True], ids=["sleeps", "is-stopped"])
def test_one_that_does_not_want_to_run_hangs_however_busy_the_others_are(*, stopped: bool) -> None:
    with running(BURN, 3), running(SLEEP) as (victim,):
        if stopped:
            os.kill(victim, signal.SIGSTOP)
        time.sleep(0.3)  # until it has begun to sleep
        with last(victim):
            assert watched(victim, 0.6) < 0.3


def test_of_a_program_that_is_not_there_nothing_is_known() -> None:
    held_up = HeldUp(30.0)
    assert held_up.since_s(5.0) == 0.0
    with running(SLEEP) as (gone,):
        held_up.runs(gone, 5.0)
    assert held_up.since_s(15.0) == 0.0


def test_a_capture_program_that_is_not_let_run_goes_on_and_the_box_says_so(tmp_path: Path, start: Start) -> None:
    """Its picture is gone all the same: nothing is said of a place that nobody sees."""
    clip = film(tmp_path / "film.mp4", moving(20, 1280, 720))  # large: a little processor time is not enough
    limits = replace(QUICK, load_window_s=1.0)
    with Simulator("camera", "--clip", str(clip)) as source:
        seen = start({"cam": camera(f"rtsp://127.0.0.1:{source.port}/live")}, limits)
        seen.wait_for(lambda sighting: sighting.view is View.CLEAR)
        program = seen.vision.pids["cam"]
        mark = seen.mark()
        with running(BURN, 4), last(program):
            gone = seen.wait_for(
                lambda sighting: sighting.view is View.GONE and "overloaded" in sighting.detail.en, after=mark
            )
        assert seen.vision.pids["cam"] == program, "starting it anew would have cost it more"
        assert gone.persons == ()
        assert "no picture from its program" in " ".join(word.detail.en for word in seen.load if not word.ok)
        assert not [wrong for word in seen.load for wrong in faults(word.detail)]
        seen.wait_for(lambda sighting: sighting.view is View.CLEAR, after=seen.mark())
        assert seen.vision.pids["cam"] == program


def test_one_that_hangs_is_started_anew_on_the_same_busy_box(tmp_path: Path, start: Start) -> None:
    clip = film(tmp_path / "film.mp4", moving(40))
    with Simulator("camera", "--clip", str(clip)) as source, running(BURN, 2):
        seen = start({"cam": camera(f"rtsp://127.0.0.1:{source.port}/live")})
        seen.wait_for(lambda sighting: sighting.view is View.CLEAR)
        program = seen.vision.pids["cam"]
        os.kill(program, signal.SIGSTOP)
        mark = seen.mark()
        seen.wait_for(lambda sighting: sighting.view is View.GONE, after=mark)
        seen.wait_for(lambda sighting: sighting.view is View.CLEAR, after=seen.mark())
        assert seen.vision.pids["cam"] != program
