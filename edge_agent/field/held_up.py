"""Whether a silent program hangs or is not let run: how long its threads have waited for the processor.

A program that hangs is killed; one that gets no processor time would only lose more of it by being started anew.
The kernel counts both apart (Documentation/scheduler/sched-stats.rst, /proc/<pid>/schedstat): nanoseconds on the
processor, nanoseconds in the queue before it. A wait is added when it ends; one that goes on shows as a thread
that could run and whose counts stand still. Where the kernel does not count, every silence is a hang, as before.
"""

import contextlib
from pathlib import Path

from msgspec import Struct

EVERY_S = 1.0  # so often at most is it noted where the counts stand while all is well


class Thread(Struct, frozen=True):
    """One thread's counts: on the processor, waiting for it; and whether it could run now."""

    ran_ns: int
    waited_ns: int
    runnable: bool


class HeldUp:
    """How much of one program's silence is the processor's doing."""

    def __init__(self, most_s: float, *, main_alone: bool = False) -> None:
        """Never more than `most_s` seconds are put down to it: whoever is silent for longer is started anew.

        `main_alone`: of the program's threads only the first counts.
        """
        self._most_s, self._main_alone = most_s, main_alone
        self._pid: int | None = None
        self._noted_s = float("-inf")
        self._then: dict[int, Thread] = {}
        self._still: dict[int, tuple[Thread, float]] = {}  # a thread's counts, and since when they are these

    def runs(self, pid: int | None, now_s: float) -> None:
        """The program `pid` was just started, or is not silent for long."""
        if pid is not None and (pid != self._pid or now_s - self._noted_s >= EVERY_S):
            self._pid, self._noted_s, self._then, self._still = pid, now_s, _threads(pid), {}

    def since_s(self, now_s: float) -> float:
        """Seconds for which, since it last `runs`, the thread that waited most has waited for the processor.

        Ask several times a second: a wait that goes on is measured from the first question on.
        """
        if self._pid is None:
            return 0.0
        threads = _threads(self._pid)
        if self._main_alone:
            threads = {number: thread for number, thread in threads.items() if number == self._pid}
        longest_s = max((self._waits_s(*one, now_s) for one in threads.items()), default=0.0)
        return min(longest_s, self._most_s, now_s - self._noted_s)

    def _waits_s(self, number: int, thread: Thread, now_s: float) -> float:
        if self._still.get(number, (None, 0.0))[0] != thread:
            self._still[number] = thread, now_s
        then = self._then.get(number, Thread(0, 0, runnable=False))
        going_on_s = now_s - self._still[number][1] if thread.runnable else 0.0
        return (thread.waited_ns - then.waited_ns) / 1e9 + going_on_s


def _threads(pid: int) -> dict[int, Thread]:
    """The threads of a program by number; none where it has ended, or the kernel does not count."""
    found = {}
    with contextlib.suppress(OSError, ValueError, IndexError):
        for folder in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):  # it has ended meanwhile
                found[int(folder.name)] = _thread(folder)
    return found


def _thread(folder: Path) -> Thread:
    ran_ns, waited_ns, *_ = map(int, (folder / "schedstat").read_bytes().split())
    behind_name = (folder / "stat").read_bytes().rpartition(b")")[2]  # a name may hold anything
    return Thread(ran_ns, waited_ns, runnable=behind_name.split()[0] == b"R")
