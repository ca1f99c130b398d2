"""Start, lead and end one simulator process from Python, for tests and the demo."""

import contextlib
import itertools
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import msgspec

Line = dict[str, Any]
_ROOT = Path(__file__).resolve().parents[2]  # the folder that holds the package


class SimulatorError(Exception):
    """A simulator that did not start, refused a command, or did not show what was waited for."""


class Simulator:
    """A running simulator; `port` is where it serves. Use it as a context manager or call `stop`.

    The process gets a session of its own, so Ctrl-C in a terminal reaches only the one who leads it;
    if the leader dies, its end of stdin ends the simulator.
    """

    def __init__(self, kind: str, *options: str, ready_s: float = 60.0) -> None:
        """Start `python -m edge_agent.simulate kind options…` and wait until it is ready."""
        self.kind = kind
        self.lines: list[Line] = []  # all that it said, oldest first
        self._news = threading.Condition()
        self._ended = False
        self._ids = itertools.count(1)
        self._words: deque[str] = deque(maxlen=50)  # the end of its stderr, for error texts
        self._process = self._spawn(kind, options)
        self._readers = [
            threading.Thread(target=target, name=f"{kind}-{target.__name__}", daemon=True)
            for target in (self._read_lines, self._read_words)
        ]
        for reader in self._readers:
            reader.start()
        try:
            self.port = int(self.wait_for(lambda line: line.get("ready") is True, ready_s)["port"])
        except SimulatorError:
            self.stop()
            raise

    @staticmethod
    def _spawn(kind: str, options: tuple[str, ...]) -> "subprocess.Popen[bytes]":
        paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        return subprocess.Popen(  # noqa: S603 - our own module with our own interpreter
            [sys.executable, "-m", "edge_agent.simulate", kind, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def mark(self) -> int:
        """How many lines were said so far: `after=sim.mark()` waits for news only."""
        with self._news:
            return len(self.lines)

    def command(self, cmd: str, *, timeout_s: float = 20.0, **fields: Any) -> Line:
        """Send `{"cmd": cmd, **fields}` and return its answer; SimulatorError if it is refused."""
        number, after = f"h{next(self._ids)}", self.mark()
        self.send_line(msgspec.json.encode({"cmd": cmd, "id": number, **fields}))
        answer = self.wait_for(lambda line: line.get("id") == number, timeout_s, after=after)
        if "error" in answer:
            raise SimulatorError(f"{self.kind}: {cmd} {fields}: {answer['error']}")
        return answer

    def send_line(self, line: bytes) -> None:
        """Send one raw line, right or wrong."""
        stdin = self._process.stdin
        if stdin is None or stdin.closed:
            raise SimulatorError(f"{self.kind}: the simulator has been stopped")
        try:
            stdin.write(line + b"\n")
            stdin.flush()
        except BrokenPipeError as reason:
            raise SimulatorError(f"{self.kind}: the simulator has ended: {self._last_words()}") from reason

    def wait_for(self, predicate: Callable[[Line], bool], timeout_s: float = 20.0, *, after: int = 0) -> Line:
        """The first line from number `after` on for which `predicate` holds, said already or soon."""
        deadline = time.monotonic() + timeout_s
        looked_at = after
        with self._news:
            while True:
                for line in self.lines[looked_at:]:
                    if predicate(line):
                        return line
                looked_at = max(looked_at, len(self.lines))
                left_s = deadline - time.monotonic()
                if self._ended or left_s <= 0:
                    why = "it has ended" if self._ended else f"not within {timeout_s} s"
                    raise SimulatorError(f"{self.kind}: {why}; last lines {self.lines[-5:]}; {self._last_words()}")
                self._news.wait(left_s)

    def stop(self, timeout_s: float = 10.0) -> int:
        """End it by end of stdin (killed after `timeout_s`); returns the exit code."""
        stdin = self._process.stdin
        if stdin is not None and not stdin.closed:
            with contextlib.suppress(BrokenPipeError):  # it ended by itself
                stdin.close()
        try:
            code = self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        for reader in self._readers:
            reader.join()
        return code

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _read_lines(self) -> None:
        with _pipe(self._process.stdout) as stdout:
            for raw in stdout:
                self._take(raw)
        with self._news:
            self._ended = True
            self._news.notify_all()

    def _take(self, raw: bytes) -> None:
        try:
            line = msgspec.json.decode(raw, type=Line)
        except msgspec.MsgspecError:
            line = {"error": "a line that is not JSON", "line": raw.decode(errors="replace")}
        with self._news:
            self.lines.append(line)
            self._news.notify_all()

    def _read_words(self) -> None:
        with _pipe(self._process.stderr) as stderr:
            for raw in stderr:
                self._words.append(raw.decode(errors="replace").rstrip())

    def _last_words(self) -> str:
        return "stderr: " + (" | ".join(self._words) or "empty")


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    """The pipe that was asked of Popen."""
    if pipe is None:
        raise SimulatorError("the process was started without a pipe")
    return pipe
