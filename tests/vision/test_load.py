"""A box that does not keep up with its cameras says so, with the figures."""

import os
import signal
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.domain.observation import View
from edge_agent.sense.camera.limits import STANDARD
from edge_agent.sense.camera.load import Load, words
from tests.support.languages import faults
from tests.vision.conftest import QUICK, Start, camera, film, moving

SOON = replace(QUICK, load_window_s=2.0, load_every_s=0.2)


def counted(seconds: int, come_hz: int, judged_hz: int, load: Load | None = None) -> Load:
    """So many seconds of a camera; each second's pictures come and are judged at its end."""
    load = load or Load(STANDARD)
    for second in range(seconds + 1):
        if second:
            for _ in range(judged_hz):
                load.hear()
        load.look(float(second), second * come_hz)
    return load


@pytest.mark.parametrize(("judged_hz", "said"), [(10, None), (7, None), (6, (6.0, 10.0)), (0, (0.0, 10.0))])
def test_the_share_over_the_window_decides(judged_hz: int, said: tuple[float, float] | None) -> None:
    assert counted(10, 10, judged_hz).behind() == said


def test_nothing_is_said_before_the_window_is_over() -> None:
    assert counted(9, 10, 0).behind() is None
    assert Load(STANDARD).behind() is None


def test_a_camera_without_pictures_is_not_judged_too_seldom() -> None:
    assert counted(20, 0, 0).behind() is None


def test_it_ends_only_when_clearly_better() -> None:
    load = Load(STANDARD)
    come = judged = second = 0
    for judged_hz, said in ((5, True), (8, True), (9, False), (8, False)):
        for _ in range(12):
            for _ in range(judged_hz):
                load.hear()
            second, come, judged = second + 1, come + 10, judged + judged_hz
            load.look(float(second), come)
        assert (load.behind() is not None) is said, judged_hz


def test_another_program_begins_anew() -> None:
    load = counted(12, 10, 1)
    assert load.behind()
    load.begin()
    assert load.behind() is None


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=40))
def test_figures_are_never_more_than_what_was(seconds: list[tuple[int, int]]) -> None:
    load, come = Load(STANDARD), 0
    for at, (came, judged) in enumerate(seconds):
        come += came
        for _ in range(judged):
            load.hear()
        load.look(float(at), come)
        found = load.behind()
        if found is not None:
            judged_hz, come_hz = found
            assert 0 <= judged_hz < STANDARD.load_leave * come_hz


def test_what_is_said_is_in_both_languages() -> None:
    assert not faults(words("cam-1", 1.0, 5.0))


def test_programs_that_are_held_up_are_told_and_then_no_more(tmp_path: Path, start: Start) -> None:
    """The real inference program, stopped for most of every half second."""
    url = f"file://{film(tmp_path / 'long.mp4', moving(900), rate_hz=15)}"
    watched = start({"cam": camera(url, fps=15)}, limits=SOON)
    watched.wait_for(lambda seen: seen.view is View.CLEAR)
    held = threading.Event()

    def hold_up() -> None:
        pid = watched.vision.pids["inference"]
        while not held.wait(0.02):
            os.kill(pid, signal.SIGSTOP)
            held.wait(0.5)
            os.kill(pid, signal.SIGCONT)

    holder = threading.Thread(target=hold_up)
    holder.start()
    try:
        watched.wait_for(lambda _: bool(watched.load) and not watched.load[-1].ok)
    finally:
        held.set()
        holder.join()
    assert "cam: " in watched.load[-1].detail.en
    watched.wait_for(lambda _: watched.load[-1].ok, after=watched.mark())
