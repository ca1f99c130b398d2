"""PINs and badges are hashed in a process of its own, which makes way for whatever guards; and if it fails."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_agent.tell.who.beside import Beside
from edge_agent.tell.who.hasher import BEHIND
from edge_agent.tell.who.hashing import Here
from edge_agent.tell.who.throttle import Wrong
from tests.support.desk_site import CHEAP

HASHED = CHEAP.hash("2468")
HANGS_S = 1.0


@pytest.fixture
def beside() -> Iterator[Beside]:
    one = Beside()
    yield one
    one.close()


def pid(beside: Beside) -> int:
    assert beside.pid is not None
    return beside.pid


@pytest.mark.parametrize("secret", ["8305", "工牌 04:A2", 'a "line"\nand another', ""])
def test_it_says_what_the_thread_itself_would(beside: Beside, secret: str) -> None:
    hashed = beside.hashed(secret)
    for one in (beside, Here()):
        assert one.matches(hashed, secret)
        assert not one.matches(hashed, f"{secret}0")
        assert not one.matches("no hash at all", secret)
        assert not one.matches(None, secret)


def test_it_makes_way_and_ends_with_the_desk(beside: Beside) -> None:
    number = pid(beside)
    assert beside.matches(HASHED, "2468")
    assert os.getpriority(os.PRIO_PROCESS, number) == min(os.getpriority(os.PRIO_PROCESS, 0) + BEHIND, 19)
    beside.close()
    assert beside.pid is None
    assert not Path(f"/proc/{number}").exists()
    assert beside.matches(HASHED, "2468"), "a desk that begins anew"


def test_one_that_was_killed_is_started_again(beside: Beside) -> None:
    assert beside.matches(HASHED, "2468")
    before = pid(beside)
    os.kill(before, signal.SIGKILL)
    assert not beside.matches(HASHED, "1357")
    assert beside.matches(HASHED, "2468")
    assert pid(beside) != before


def test_one_that_hangs_is_no_wrong_pin_and_the_next_is_asked(beside: Beside) -> None:
    assert beside.matches(HASHED, "2468")
    short = Beside(HANGS_S)
    os.kill(pid(short), signal.SIGSTOP)
    with pytest.raises(Wrong) as told:
        short.matches(HASHED, "2468")
    assert not told.value.counts
    assert "stopping work needs none" in told.value.words.en
    assert short.pid is None
    short.close()
