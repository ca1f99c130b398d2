"""PINs and badges are hashed in a process of its own, which makes way for whatever guards; and if it fails."""

import os
import resource
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from edge_agent.domain.person import Person
from edge_agent.domain.words import Words
from edge_agent.tell.who.beside import NO_ANSWER, Beside
from edge_agent.tell.who.hasher import BEHIND
from edge_agent.tell.who.hashing import Here
from edge_agent.tell.who.proof import BUSY, MOST_WAITING, Verifier
from edge_agent.tell.who.throttle import Throttle, Wrong
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
    hung = pid(short)
    os.kill(hung, signal.SIGSTOP)
    with pytest.raises(Wrong) as told:
        short.matches(HASHED, "2468")
    assert not told.value.counts
    assert "stopping work needs none" in told.value.words.en
    assert pid(short) != hung, "another one is begun before somebody asks"
    assert not Path(f"/proc/{hung}").exists()
    short.close()


def test_who_waits_behind_one_that_hangs_waits_once_and_not_for_each_before_him(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun = []

    def hanging() -> "subprocess.Popen[bytes]":
        begun.append(subprocess.Popen(["sleep", "3600"], stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        return begun[-1]

    monkeypatch.setattr("edge_agent.tell.who.beside._started", hanging)
    beside = Beside(HANGS_S)
    verifier = Verifier(Throttle(time.monotonic, {}, lambda *_: lambda: None), beside, HANGS_S)
    somebody = Person(id="wang", name="Wang", roles=(), pin_hash=HASHED)

    def log_in(_: int) -> Words:
        with pytest.raises(Wrong) as told:
            verifier.prove(somebody, "2468", None)
        assert not told.value.counts
        return told.value.words

    with ThreadPoolExecutor(MOST_WAITING) as pool:
        told = list(pool.map(log_in, range(MOST_WAITING)))
    beside.close()
    assert set(told) <= {NO_ANSWER, BUSY}
    assert NO_ANSWER in told
    assert len(begun) < MOST_WAITING, "each had its turn: the last has waited for all of them"


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
