"""Pipes are waited for whatever their descriptors' numbers are: select(2) knows none beyond 1023."""

import contextlib
import os
import resource
from collections.abc import Iterator
from fcntl import F_DUPFD, fcntl

import pytest

from edge_agent.field.ready import readable, ready, writable

BEYOND, MANY = 1500, 2048
AT_ONCE_S, LONG_S = 0.0, 30.0


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """Both ends, with the numbers that they would have on a box with many cameras."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= hard < MANY:
        pytest.skip("this machine allows no more files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, MANY), hard))
    low = os.pipe()
    high = fcntl(low[0], F_DUPFD, BEYOND), fcntl(low[1], F_DUPFD, BEYOND)
    for one in low:
        os.close(one)
    yield high
    for one in high:
        with contextlib.suppress(OSError):  # the test has closed it
            os.close(one)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_an_empty_pipe_is_written_and_not_read(pipe: tuple[int, int]) -> None:
    out, into = pipe
    assert not readable(out, AT_ONCE_S)
    assert writable(into, LONG_S)
    assert ready((out,), (into,), LONG_S) == (set(), {into})


def test_what_lies_there_is_read(pipe: tuple[int, int]) -> None:
    out, into = pipe
    os.write(into, b"x")
    assert readable(out, LONG_S)
    assert ready((out,), (), LONG_S) == ({out}, set())


def test_a_full_pipe_is_not_written(pipe: tuple[int, int]) -> None:
    _, into = pipe
    os.set_blocking(into, False)
    with contextlib.suppress(BlockingIOError):
        while os.write(into, bytes(4096)):
            pass
    assert not writable(into, AT_ONCE_S)


def test_an_end_is_read(pipe: tuple[int, int]) -> None:
    out, into = pipe
    os.close(into)
    assert readable(out, LONG_S)
    assert os.read(out, 1) == b""


def test_a_reader_that_left_is_noticed(pipe: tuple[int, int]) -> None:
    out, into = pipe
    os.close(out)
    assert writable(into, LONG_S)
    with pytest.raises(BrokenPipeError):
        os.write(into, b"x")
