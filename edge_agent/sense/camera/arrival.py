"""When a picture arrived: never later than it may have, so that no old picture passes for a fresh one."""

import resource
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Arrivals:
    """The arrival of the pictures of a live stream.

    A program that got no processor for three seconds finds three seconds of pictures waiting, and
    reads them all at once: they are not new because they are read now. Two things give them away:
    the stream's own time has moved less than ours, and reading did not have to wait for them.
    """

    JUMP_S = 10.0  # a stream's time that leaves ours by more has been set anew
    LATE_S = 0.5  # more than the jitter of a network
    CALM = 20  # packets waited for in a row: there is no queue, so what still looks late is a set clock

    def __init__(self, asked_s: float) -> None:
        """`asked_s`: monotonic second at which the stream was asked for; nothing of it is older."""
        self._read_s = asked_s
        self._waited_s = asked_s
        self._calm = 0
        self._last: tuple[float, float] | None = None  # when the picture before was read, and its own time
        self._lag_s = 0.0

    def of(self, read: Callable[[], T]) -> T:
        """Do `read`, and note when it was done and whether it had to wait."""
        before = _waits()
        found = read()
        self._read_s = time.monotonic()
        waited = _waits() != before
        self._calm = self._calm + 1 if waited else 0
        if waited:
            self._waited_s = self._read_s
        return found

    @property
    def queued_s(self) -> float:
        """How long every picture has lain there already when it was asked for: this box reads too slowly."""
        return self._read_s - self._waited_s

    def stamp(self, pts_s: float | None) -> float:
        """The arrival of a picture just read, whose own time is `pts_s` seconds."""
        late_s = 0.0
        if self._last is not None and pts_s is not None:
            late_s = (self._read_s - self._last[0]) - (pts_s - self._last[1])
        if late_s > self.LATE_S:
            self._calm = 0
        elif self._calm >= self.CALM:
            self._lag_s = 0.0
        self._lag_s = max(0.0, self._lag_s + late_s) if abs(late_s) <= self.JUMP_S else 0.0
        self._last = None if pts_s is None else (self._read_s, pts_s)
        return min(self._waited_s, self._read_s - self._lag_s)


def _waits() -> int:
    """How often this thread has waited for something; being pushed off the processor is not waiting."""
    return resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw


class FilePace:
    """A file is played at its own speed, as if it were a camera. A jump in its time is not waited for."""

    JUMP_S = 0.5

    def __init__(self) -> None:
        self._zero_s = float("-inf")  # monotonic second at which the film's time was 0

    def wait(self, pts_s: float | None) -> float:
        """Sleep until the picture is due; returns the monotonic second then."""
        now_s = time.monotonic()
        if pts_s is None:
            return now_s
        if abs(self._zero_s + pts_s - now_s) > self.JUMP_S:
            self._zero_s = now_s - pts_s
        time.sleep(max(0.0, self._zero_s + pts_s - now_s))
        return time.monotonic()
