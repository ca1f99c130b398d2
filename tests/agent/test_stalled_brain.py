"""A brain that stops stepping ends the box, whichever thread notices it first."""

import threading

import pytest

from edge_agent.clock import Instant
from edge_agent.field.held_up import HeldUp
from edge_agent.supervisor import BRAIN_STALL_S, EX_SOFTWARE, Supervisor

WITHIN_S = 30.0


class HandClock:
    """Time that the test moves."""

    now_s = 100.0

    def monotonic(self) -> float:
        return self.now_s

    def instant(self) -> Instant:
        return Instant(now_s=self.now_s, utc=0.0, trusted=False)


class Watched:
    """A supervisor, and how it ended the process."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.ended: list[int] = []
        self.told = threading.Event()
        self.supervisor = Supervisor(self.clock, lambda _name, _why: None, end=self._end)

    def _end(self, code: int) -> None:
        self.ended.append(code)
        self.told.set()


def test_a_brain_that_woke_up_after_a_long_freeze_ends_the_box() -> None:
    """Every thread wakes at once; the brain may step before the watch looks, and must not be forgiven."""
    watched = Watched()
    watched.supervisor.brain_lives()
    watched.clock.now_s += BRAIN_STALL_S - 0.1
    watched.supervisor.brain_lives()
    assert watched.ended == []
    watched.clock.now_s += BRAIN_STALL_S + 0.1
    watched.supervisor.brain_lives()
    assert watched.ended == [EX_SOFTWARE]


def test_a_brain_that_stands_still_ends_the_box() -> None:
    watched = Watched()
    watched.supervisor.start()
    watched.clock.now_s += BRAIN_STALL_S + 0.1
    assert watched.told.wait(WITHIN_S)
    assert watched.ended[0] == EX_SOFTWARE
    watched.supervisor.stop()


def test_a_slow_beginning_is_not_a_stall() -> None:
    watched = Watched()
    watched.clock.now_s += BRAIN_STALL_S + 5.0
    watched.supervisor.start()
    watched.supervisor.brain_lives()
    assert watched.ended == []
    watched.supervisor.stop()


class Starved(HeldUp):
    """Says that the brain's thread has waited for so long."""

    def __init__(self, waited_s: float) -> None:
        super().__init__(waited_s)
        self._waited_s = waited_s

    def since_s(self, now_s: float) -> float:
        return min(self._waited_s, now_s)


@pytest.mark.parametrize(("waited_s", "overloaded"), [(9.5, True), (1.0, False)])
def test_a_box_that_is_overloaded_ends_all_the_same_and_its_log_says_so(
    waited_s: float, caplog: pytest.LogCaptureFixture, *, overloaded: bool
) -> None:
    clock, ended = HandClock(), list[int]()
    supervisor = Supervisor(clock, lambda _name, _why: None, end=ended.append, held_up=Starved(waited_s))
    clock.now_s += BRAIN_STALL_S + 0.1
    supervisor.brain_lives()
    assert ended == [EX_SOFTWARE], "the work comes up paused, whoever is to blame"
    assert ("9.5 of them waiting for the processor" in caplog.text) is overloaded
