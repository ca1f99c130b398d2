"""The desk's door: a Unix socket, one line in and one line out, and a seat for whoever wants to stop work."""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from edge_agent.domain.request import Answer
from edge_agent.domain.words import Words
from edge_agent.tell.desk_line import LARGEST_LINE

MOST_VISITORS = 16
MOST_STANDING = 32  # who comes when every seat is taken is heard all the same: it may be a stop
LINE_S = 2.0  # for a visitor to say the whole line
STOP_LOOK_S = 0.2

TOO_LONG = Words(
    "请求过长或不完整", f"the request is too long, or not one whole line of JSON (at most {LARGEST_LINE} bytes)"
)
BUSY = Words(
    "请求过多，请稍后再试；要停止作业请按现场急停",
    "too many requests at once: try again in a moment; to stop the work press the stop button on site",
)

# What one line gets. `crowded`: every seat is taken, and only a stop is still attended.
Attend = Callable[[bytes, bool], Any]


class Door:
    """Listens on a path, mode 0660. `run` belongs to a supervised thread; each visitor has one of his own."""

    def __init__(self, path: Path, attend: Attend) -> None:
        """Nothing listens before `run`."""
        self._path = path
        self._attend = attend
        self._seats = threading.BoundedSemaphore(MOST_VISITORS)
        self._standing = threading.BoundedSemaphore(MOST_STANDING)

    def run(self, stop: threading.Event) -> None:
        """Serve until `stop`. Raises OSError when the socket cannot be made."""
        with _listen(self._path) as door:
            door.settimeout(STOP_LOOK_S)
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    self._let_in(door.accept()[0])
        self._path.unlink(missing_ok=True)

    def _let_in(self, visitor: socket.socket) -> None:
        """A seat, or else a place to stand; when those are taken too, say so at once."""
        for places, crowded in ((self._seats, False), (self._standing, True)):
            if places.acquire(blocking=False):
                args = (visitor, places, crowded)
                threading.Thread(target=self._visit, args=args, name="desk visitor", daemon=True).start()
                return
        with visitor:
            say(visitor, no(BUSY))

    def _visit(self, visitor: socket.socket, place: threading.BoundedSemaphore, crowded: bool) -> None:  # noqa: FBT001
        try:
            with visitor:
                line = hear(visitor, LINE_S)
                say(visitor, no(TOO_LONG) if line is None else self._attend(line, crowded))
        finally:
            place.release()


def _listen(path: Path) -> socket.socket:
    """The socket, from the first moment for owner and group only; a left-over of an earlier run is replaced."""
    door = socket.socket(socket.AF_UNIX)
    try:
        path.unlink(missing_ok=True)
        os.fchmod(door.fileno(), 0o660)  # Linux gives the file this mode, less the umask
        door.bind(str(path))
        path.chmod(0o660)
        door.listen(MOST_VISITORS + MOST_STANDING)
    except OSError:
        door.close()
        raise
    return door


def hear(line: socket.socket, within_s: float) -> bytes | None:
    """One whole line; None if it is too long, too slow as a whole, or never ends."""
    heard, until_s = bytearray(), time.monotonic() + within_s
    with contextlib.suppress(OSError):
        while len(heard) <= LARGEST_LINE:
            left_s = until_s - time.monotonic()
            if left_s <= 0:
                return None
            line.settimeout(left_s)
            piece = line.recv(16384)
            heard += piece
            if b"\n" in piece:
                whole = bytes(heard.partition(b"\n")[0])
                return whole if len(whole) <= LARGEST_LINE else None
            if not piece:
                return None
    return None


def say(visitor: socket.socket, answer: Any) -> None:
    """Answer; who asked may have left."""
    with contextlib.suppress(OSError):
        visitor.sendall(msgspec.json.encode(answer) + b"\n")


def no(words: Words, request: str = "") -> Answer:
    """A refusal."""
    return Answer(request=request, accepted=False, reasons=(words,))
