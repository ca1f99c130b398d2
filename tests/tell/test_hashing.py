"""PINs and badges are hashed in a process of its own, which makes way for whatever guards; and if it fails."""

import os
import resource
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
MANY = 2048  # RLIM_INFINITY is -1


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


@pytest.fixture
def many_open_files() -> Iterator[None]:
    """As on a box with many cameras: every descriptor that select(2) knows is taken."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= hard < MANY:
        pytest.skip("this machine allows no more files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, MANY), hard))
    taken = [os.open(os.devnull, os.O_RDONLY) for _ in range(1024)]
    yield
    for one in taken:
        os.close(one)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("many_open_files")
def test_it_answers_on_a_box_with_many_open_files() -> None:
    one = Beside()
    assert one.matches(HASHED, "2468")
    assert not one.matches(HASHED, "1357")
    one.close()


def test_an_answer_that_nobody_took_is_never_the_next_ones(
    beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> bytes:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr("edge_agent.tell.who.beside.os.read", broken)
        with pytest.raises(MemoryError):
            beside.matches(HASHED, "2468")
    assert not beside.matches(HASHED, "1357"), "the answer to the one before is yes"
