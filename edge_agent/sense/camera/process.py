"""The agent's handle on one camera program: started, heard line by line, killed, reaped."""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

import edge_agent

REAP_S = 2.0  # a killed process is gone in milliseconds unless the machine itself hangs

Hear = Callable[[bytes], None]


class Program:
    """One running `python -m module`. Its order goes in on stdin; every line it says goes to `hear`."""

    def __init__(self, module: str, order: msgspec.Struct, fds: tuple[int, ...], hear: Hear) -> None:
        """Start it with the descriptors `fds`. `hear` is called in a thread of its own.

        Exec'd, never forked from the threaded agent; in a session of its own, so that Ctrl-C in a
        terminal reaches the agent alone, which then ends its programs in order.
        """
        self._process = subprocess.Popen(  # noqa: S603 - our own module under our own interpreter
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=fds,
            start_new_session=True,
            env=_environment(),
        )
        self._reader = threading.Thread(target=self._read, args=(hear,), name=module, daemon=True)
        self._reader.start()
        self._tell(order)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def exit_code(self) -> int | None:
        """How it ended; None while it runs. Negative: the signal that killed it."""
        return self._process.poll()

    def tell(self, line: msgspec.Struct) -> bool:
        """One more line on its stdin, without waiting for it. Returns whether it is on its way."""
        pipe, data = self._process.stdin, msgspec.json.encode(line) + b"\n"
        if pipe is None or pipe.closed:
            return False
        try:
            os.set_blocking(pipe.fileno(), False)
            return os.write(pipe.fileno(), data) == len(data)
        except (BrokenPipeError, BlockingIOError):
            return False

    def let_go(self) -> None:
        """Ask it to end by itself, with what it has to bring to an end; `kill` must follow."""
        if self._process.stdin is not None:
            self._process.stdin.close()

    def kill(self) -> None:
        """Begin to end it: SIGKILL, because a hung decoder hears nothing else and nothing is lost."""
        self._process.kill()

    def reap(self) -> None:
        """Finish a killed or ended program: no zombie, no open pipe, no thread left."""
        self._process.wait(REAP_S)
        self._reader.join(REAP_S)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _tell(self, order: msgspec.Struct) -> None:
        """Write the order. A program that died at once is found by `exit_code`, not here."""
        pipe = self._process.stdin
        assert pipe is not None  # noqa: S101 - asked for above
        with contextlib.suppress(BrokenPipeError):
            os.write(pipe.fileno(), msgspec.json.encode(order) + b"\n")

    def _read(self, hear: Hear) -> None:
        """Pass on what it says until it closes its mouth."""
        pipe = self._process.stdout
        assert pipe is not None  # noqa: S101 - asked for above
        for line in pipe:
            hear(line)


def _environment() -> dict[str, str]:
    """Ours, with the package findable wherever the agent was started, and one thread per library."""
    root = str(Path(edge_agent.__file__).resolve().parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    return {**os.environ, **threads, "PYTHONPATH": os.pathsep.join(paths)}


class Backoff:
    """How long to wait before the next start of a program that ended."""

    def __init__(self, first_s: float, last_s: float, forgiven_s: float) -> None:
        """Wait `first_s`, then twice as long each time up to `last_s`; a life of `forgiven_s` resets it."""
        self._first_s = first_s
        self._last_s = last_s
        self._forgiven_s = forgiven_s
        self._next_s = first_s

    def after(self, lived_s: float) -> float:
        """Seconds to wait after a life of `lived_s`."""
        wait_s = self._first_s if lived_s >= self._forgiven_s else self._next_s
        self._next_s = min(wait_s * 2, self._last_s)
        return wait_s
