"""The process that touches a folder which may hang: `python -m edge_agent.store.far_hand FOLDER` (far_folder.py).

A call into a network share whose server is gone may never return, and no signal ends it. So this process knows
nothing and keeps nothing: it takes one order at a time on stdin, answers on stdout, and ends when stdin does.
"""

import json
import os
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from edge_agent.store.left_behind import named

SIZES = struct.Struct(">II")  # of the JSON and of the bytes behind it, both ways
HERE = b"here\n"  # said before anything is touched: a busy machine is not a folder that hangs
SYNC_EACH = 16 << 20  # bytes: no sync at the end of a large file takes longer than the one who waits is patient


class Hand:
    """One folder, at most one file that is being written and one that is being read."""

    def __init__(self, folder: Path) -> None:
        """Nothing is touched yet."""
        self._folder = folder
        self._half: tuple[Path, BinaryIO] | None = None
        self._unsynced = 0
        self._read: BinaryIO | None = None

    def names(self, pattern: str) -> list[str]:
        """What lies there under such a name, in order. Raises OSError, also for a folder that is not there."""
        with os.scandir(self._folder):  # glob passes over a folder that is missing or closed to us
            return sorted(path.name for path in self._folder.glob(pattern))

    def begin(self, name: str) -> None:
        """A new file for its owner alone."""
        path = self._folder / name
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        self._half = path, os.fdopen(descriptor, "wb")

    def write(self, data: bytes) -> None:
        """Behind what it holds so far."""
        file = self._writing
        file.write(data)
        self._unsynced += len(data)
        if self._unsynced >= SYNC_EACH:
            self._sync(file)

    def whole(self) -> None:
        """What was written is on its disk."""
        file = self._writing
        self._sync(file)
        file.close()

    def name(self, name: str) -> dict[str, int]:
        """It gets its lasting name; how large it is, and which disk (st_dev) it lies on."""
        assert self._half is not None  # noqa: S101 (begin comes first)
        half, _ = self._half
        path = self._folder / name
        half.replace(path)
        self._half = None
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        now = path.stat()
        return {"size": now.st_size, "disk": now.st_dev}

    def remove(self, name: str) -> None:
        """It is gone, if it was there."""
        (self._folder / name).unlink(missing_ok=True)

    def open(self, name: str) -> int:
        """For `read`; how large it is. Never one outside the folder, and no link."""
        if self._read is not None:
            self._read.close()
        self._read = os.fdopen(os.open(self._folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb")
        return os.fstat(self._read.fileno()).st_size

    def read(self, offset: int, size: int) -> bytes:
        """At most so many bytes from there on."""
        assert self._read is not None  # noqa: S101 (open comes first)
        self._read.seek(offset)
        return self._read.read(size)

    def give_up(self) -> None:
        """Half a file stays nowhere."""
        if self._half is not None:
            path, file = self._half
            self._half = None
            file.close()
            path.unlink(missing_ok=True)

    @property
    def _writing(self) -> BinaryIO:
        assert self._half is not None  # noqa: S101 (begin comes first)
        return self._half[1]

    def _sync(self, file: BinaryIO) -> None:
        file.flush()
        os.fsync(file.fileno())
        self._unsynced = 0


def answered(hand: Hand, order: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    """What came of one order."""
    calls: dict[str, Callable[..., Any]] = {
        one.__name__: one
        for one in (
            hand.names, hand.begin, hand.whole, hand.name, hand.remove, hand.open, hand.read, hand.give_up
        )
    }  # fmt: skip
    try:
        if order["call"] == "write":
            hand.write(body)
            return {"value": None}, b""
        value = calls[order["call"]](*order["with"])
    except OSError as fault:
        return {"errno": fault.errno, "strerror": fault.strerror, "filename": str(fault.filename or "")}, b""
    return ({}, value) if isinstance(value, bytes) else ({"value": value}, b"")


def main() -> int:
    """Until stdin ends."""
    named(sys.argv[1])
    hand, orders, answers = Hand(Path(sys.argv[1])), sys.stdin.buffer, sys.stdout.buffer
    try:
        answers.write(HERE)
        answers.flush()
        while len(sizes := orders.read(SIZES.size)) == SIZES.size:
            of_order, of_body = SIZES.unpack(sizes)
            order, body = orders.read(of_order), orders.read(of_body)
            if len(body) < of_body or len(order) < of_order:
                break
            said, data = answered(hand, json.loads(order), body)
            head = json.dumps(said).encode()
            answers.write(SIZES.pack(len(head), len(data)) + head + data)
            answers.flush()
    except BrokenPipeError:
        pass  # nobody hears it any more
    finally:
        hand.give_up()
    return 0


if __name__ == "__main__":
    sys.exit(main())
