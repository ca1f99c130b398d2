"""Keeps one camera program alive: starts it, notices its end or its silence, kills, waits, starts anew."""

import contextlib
from collections import deque
from collections.abc import Callable
from enum import Enum, auto
from typing import Generic, TypeVar

import msgspec

from edge_agent.field.held_up import HeldUp
from edge_agent.sense.camera.limits import VisionLimits
from edge_agent.sense.camera.process import Backoff, Hear, Program

L = TypeVar("L")
WAITING_LINES = 256  # more unread lines of one program than this: the oldest words no longer matter


class Silence(Enum):
    """Why a program says nothing."""

    NONE = auto()  # it is not silent for too long
    HELD_UP = auto()  # the processor is given to others
    HANGS = auto()


class Keeper(Generic[L]):
    """One program under care. Every method is called from the vision worker's thread only."""

    def __init__(
        self, start: Callable[[Hear], Program], decoder: msgspec.json.Decoder[L], wake: Callable[[], None],
        limits: VisionLimits,
    ) -> None:  # fmt: skip
        """`start` starts the program with a listener; `decoder` reads its lines; `wake` is rung by each."""
        self._start = start
        self._decoder = decoder
        self._wake = wake
        self._backoff = Backoff(limits.backoff_first_s, limits.backoff_last_s, limits.backoff_forgiven_s)
        self._lines: deque[bytes] = deque(maxlen=WAITING_LINES)
        self._program: Program | None = None
        self._held_up = HeldUp(limits.held_up_s)
        self._not_before_s = float("-inf")
        self.started_s = float("-inf")
        self.starts = 0

    @property
    def running(self) -> bool:
        """Whether the program is there (it may hang)."""
        return self._program is not None

    @property
    def pid(self) -> int | None:
        """Process id of the running program."""
        return None if self._program is None else self._program.pid

    def heard(self) -> list[L]:
        """What it said since the last call; a line that cannot be understood is dropped.

        Dropping is safe here: what is not said counts as silence, and silence is a finding.
        """
        lines = []
        while self._lines:
            with contextlib.suppress(msgspec.MsgspecError):
                lines.append(self._decoder.decode(self._lines.popleft()))
        return lines

    def care(self, now_s: float) -> None:
        """Reap it if it ended, start it if its time has come."""
        if self._program is not None and self._program.exit_code() is not None:
            self._end(now_s)
        if self._program is None and now_s >= self._not_before_s:
            self.started_s = now_s
            self.starts += 1
            self._program = self._start(self._hear)

    def silent(self, silent_s: float, limit_s: float, now_s: float) -> Silence:
        """What it means that the program has not done for `silent_s` what is expected within `limit_s`."""
        if self._program is None or silent_s <= limit_s / 2:
            self._held_up.runs(self.pid, now_s)
            return Silence.NONE
        held_up_s = self._held_up.since_s(now_s)
        if silent_s <= limit_s:
            return Silence.NONE
        return Silence.HELD_UP if silent_s - held_up_s <= limit_s else Silence.HANGS

    def restart(self, now_s: float) -> None:
        """Kill it: it hangs. The next `care` after the wait starts it anew."""
        if self._program is not None:
            self._program.kill()
            self._end(now_s)

    def tell(self, line: msgspec.Struct) -> bool:
        """Say something to the running program; returns whether it is on its way."""
        return self._program is not None and self._program.tell(line)

    def let_go(self) -> None:
        """Ask it to end by itself; `kill` and `reap` must follow."""
        if self._program is not None:
            self._program.let_go()

    @property
    def gone(self) -> bool:
        """Whether it has ended."""
        return self._program is None or self._program.exit_code() is not None

    def kill(self) -> None:
        """Begin to end it for good."""
        if self._program is not None:
            self._program.kill()

    def reap(self) -> None:
        """Finish ending it for good."""
        if self._program is not None:
            self._program.reap()
            self._program = None

    def _end(self, now_s: float) -> None:
        self.reap()
        self._not_before_s = now_s + self._backoff.after(now_s - self.started_s)

    def _hear(self, line: bytes) -> None:
        """Runs in the program's reader thread."""
        self._lines.append(line)
        self._wake()
