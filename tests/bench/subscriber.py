"""A subscriber in a process of its own (tests/bench/listen.py), read line by line."""

import subprocess
import sys
import threading
from abc import ABC, abstractmethod
from typing import Any, Self

import msgspec

from tests.bench.guarded import NotReady


class Subscriber(ABC):
    """Runs from the beginning to `close`; what comes goes to `heard`, in a thread of its own."""

    def __init__(self, port: int, *topics: str) -> None:
        """Starts it, and waits until it is subscribed."""
        command = [sys.executable, "-m", "tests.bench.listen", str(port), *topics]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        if b"ready" not in self._process.stdout.readline():
            raise NotReady("the subscriber did not come up")
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    @abstractmethod
    def heard(self, line: dict[str, Any]) -> None:
        """One message: its topic, its seq, and the second `t` at which it came."""

    def _read(self) -> None:
        assert self._process.stdout is not None
        for raw in self._process.stdout:
            self.heard(msgspec.json.decode(raw))

    def close(self) -> None:
        """End it, and read what is left."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._reader.join()
        self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
