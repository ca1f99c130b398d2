"""Hashing in a process of its own (hasher.py): many log-ins at once take nothing from whatever guards.

A hash takes a core and 19 MiB for a while. In a thread of the brain's process it would have the brain's own
priority; a thread of lower priority could be put aside while it holds the interpreter, and the brain with it.
"""

import contextlib
import os
import subprocess
import sys
import threading
import time

import msgspec

from edge_agent.domain.words import Words
from edge_agent.field.ready import readable
from edge_agent.tell.who.hashing import Question, Result
from edge_agent.tell.who.throttle import Wrong

# For one answer, with the wait for those who asked before and a second try: the pages wait 15 s for the desk, and
# whoever logs in has waited for his turn already (proof.py: TURN_S). A hash takes 0.1 s, on a slow board 0.5 s.
WITHIN_S = 6.0
END_S = 2.0
PIECE = 4096
TRIES = 2  # a process that was killed is started again, once

NO_ANSWER = Words(
    "暂时无法核验 PIN 或工牌，请稍后再试（停止作业不受限制）",
    "PINs and badges cannot be checked at this moment: try again soon (stopping work needs none)",
)


class _GoneError(Exception):
    """The process has ended, or speaks nonsense."""


class Beside:
    """The process, started at once, and again when it was killed or hung. One question at a time; thread-safe."""

    def __init__(self, within_s: float = WITHIN_S) -> None:
        """Started now, so that the first who logs in does not wait for it."""
        self._within_s = within_s
        self._one = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = _started()

    @property
    def pid(self) -> int | None:
        """Of the process, if one runs."""
        child = self._child
        return None if child is None else child.pid

    def matches(self, hashed: str | None, secret: str) -> bool:
        """See Hashing. Raises Wrong where there is no answer: that is no wrong PIN."""
        return hashed is not None and self._ask(Question(secret=secret, hashed=hashed)).matches

    def hashed(self, secret: str) -> str:
        """See Hashing. Raises Wrong where there is no answer."""
        return self._ask(Question(secret=secret)).hashed

    def close(self) -> None:
        """End the process; who asks afterwards starts it again."""
        with self._one:
            self._end()

    def _ask(self, question: Question) -> Result:
        until_s = time.monotonic() + self._within_s
        if not self._one.acquire(timeout=self._within_s):
            raise Wrong(NO_ANSWER)
        try:
            for _ in range(TRIES):
                try:
                    return self._answer(question, until_s)
                except TimeoutError:
                    self._begun_anew()
                    break
                except (_GoneError, OSError):
                    self._end()
                except BaseException:
                    self._end()  # or the next who asks would be given this answer
                    raise
        finally:
            self._one.release()
        raise Wrong(NO_ANSWER)

    def _begun_anew(self) -> None:
        """In place of one that hangs: killed at once, and the next who asks does not wait for the start."""
        child = self._child
        if child is not None:
            child.kill()
        self._end()
        with contextlib.suppress(OSError):  # whoever asks next tries again, and is told
            self._child = _started()

    def _answer(self, question: Question, until_s: float) -> Result:
        child = self._child = self._child or _started()
        assert child.stdin is not None  # noqa: S101 (asked of Popen)
        assert child.stdout is not None  # noqa: S101
        child.stdin.write(msgspec.json.encode(question) + b"\n")
        child.stdin.flush()
        heard = b""
        while not heard.endswith(b"\n"):
            if not readable(child.stdout.fileno(), until_s - time.monotonic()):
                raise TimeoutError
            piece = os.read(child.stdout.fileno(), PIECE)
            if not piece:
                raise _GoneError
            heard += piece
        try:
            return msgspec.json.decode(heard, type=Result)
        except msgspec.DecodeError as fault:
            raise _GoneError from fault

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        for pipe in (child.stdin, child.stdout):
            with contextlib.suppress(OSError):
                assert pipe is not None  # noqa: S101
                pipe.close()
        try:
            child.wait(END_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _started() -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "edge_agent.tell.who.hasher"]
    return subprocess.Popen(  # noqa: S603 (our own module)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
