"""What both camera programs do first: read their order, never outlive the agent, stay modest."""

import ctypes
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

PR_SET_PDEATHSIG = 1  # prctl(2)
NICE = 5  # the brain must never wait for a picture
FIRST_TO_GO = 500  # of 1000: where memory runs out, the kernel takes a picture's program, not the brain (proc(5))


class Order(Protocol):
    """Every order names the process that gave it."""

    @property
    def parent(self) -> int:
        """Process id of the agent."""


T = TypeVar("T", bound=Order)


Hear = Callable[[bytes], None]


def begin(kind: type[T], hear: Hear = lambda _: None, at_end: Callable[[], None] = lambda: None) -> T:
    """Read the order from stdin and tie this process's life to the agent's.

    Two ties: the kernel kills it when the agent dies, and the end of stdin ends it. The second also
    holds where the first does not (a debugger, another kernel). `hear` takes each further line of stdin and
    `at_end` is called before leaving, both in a thread of their own.
    """
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    lines = _lines()
    order = msgspec.json.decode(next(lines, b""), type=kind)
    if os.getppid() != order.parent:  # the agent died before the first tie was made
        raise SystemExit(0)
    os.nice(NICE)
    with suppress(OSError):  # a kernel without it
        Path("/proc/self/oom_score_adj").write_text(str(FIRST_TO_GO), encoding="ascii")
    threading.Thread(target=_end_with_stdin, args=(lines, hear, at_end), name="stdin", daemon=True).start()
    return order


def _lines() -> Iterator[bytes]:
    """Each line of stdin. Read without Python's buffer, whose lock a thread that waits would hold at the end."""
    rest = b""
    while more := os.read(0, 65536):
        *whole, rest = (rest + more).split(b"\n")
        yield from whole


def _end_with_stdin(lines: Iterator[bytes], hear: Hear, at_end: Callable[[], None]) -> None:
    """Hear stdin to its end, then leave at once: a decoder may hang in a call for seconds."""
    try:
        for line in lines:
            hear(line)
        at_end()
    finally:
        os._exit(0)


def say(line: msgspec.Struct) -> None:
    """Tell the agent. Nobody listening any more is a reason to end."""
    try:
        sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os._exit(0)


_USER_INFO = re.compile(r"://[^\s'\"]*@")
# Also in a path, as many cameras have it: "/user=a&password=b", "/user=a_password=b_channel=1".
_SECRET_PARAMETER = re.compile(r"(?i)([?&;/_](?:user|pass|pwd|token|auth|key)[^=/\s]*=)[^&;\s'\"]*")


def masked(text: str) -> str:
    """The same text with user, password and tokens of every address in it blotted out."""
    return _SECRET_PARAMETER.sub(r"\1***", _USER_INFO.sub("://***@", text))
