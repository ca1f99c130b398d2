"""What both camera programs do first: read their order, never outlive the agent, stay modest."""

import ctypes
import os
import re
import signal
import sys
import threading
from typing import Protocol, TypeVar

import msgspec

PR_SET_PDEATHSIG = 1  # prctl(2)
NICE = 5  # the brain must never wait for a picture


class Order(Protocol):
    """Every order names the process that gave it."""

    @property
    def parent(self) -> int:
        """Process id of the agent."""


T = TypeVar("T", bound=Order)


def begin(kind: type[T]) -> T:
    """Read the order from stdin and tie this process's life to the agent's.

    Two ties: the kernel kills it when the agent dies, and the end of stdin ends it. The second also
    holds where the first does not (a debugger, another kernel).
    """
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=kind)
    if os.getppid() != order.parent:  # the agent died before the first tie was made
        raise SystemExit(0)
    os.nice(NICE)
    threading.Thread(target=_end_with_stdin, name="stdin", daemon=True).start()
    return order


def _end_with_stdin() -> None:
    """Wait for the end of stdin, then leave at once: a decoder may hang in a call for seconds."""
    while os.read(0, 4096):
        pass
    os._exit(0)


def say(line: msgspec.Struct) -> None:
    """Tell the agent. Nobody listening any more is a reason to end."""
    try:
        sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os._exit(0)


_USER_INFO = re.compile(r"://[^\s'\"]*@")
_SECRET_PARAMETER = re.compile(r"(?i)([?&;](?:user|pass|pwd|token|auth|key)[^=\s]*=)[^&;\s'\"]*")


def masked(text: str) -> str:
    """The same text with user, password and tokens of every address in it blotted out."""
    return _SECRET_PARAMETER.sub(r"\1***", _USER_INFO.sub("://***@", text))
