"""The door for those who look on: a Unix socket, one question and one answer a visit, and nobody is waited for.

Everything is done in one thread without a call that blocks: a visitor who says nothing, or takes nothing, is put
out after VISIT_S, and costs the others nothing meanwhile.
"""

import contextlib
import os
import selectors
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import msgspec

from edge_agent.field.onlookers import LARGEST_ASK, WAIT_S, Asked

MOST_VISITORS = 32
VISIT_S = 4.0  # for the whole visit: the question, the wait, the answer
_DECODER = msgspec.json.Decoder(Asked)


class Visitor:
    """Who has come: what was heard of his question, what is still to be said to him."""

    def __init__(self, line: socket.socket, now_s: float) -> None:
        """He has just come."""
        self.line, self.came_s = line, now_s
        self.asked: Asked | None = None
        self.answer: memoryview | None = None
        self.heard = b""

    def waits(self, now_s: float) -> bool:
        """Whether he would rather wait for a newer picture."""
        return now_s - self.came_s < WAIT_S


# What is said to a question now; None: he waits.
Say = Callable[[Asked, bool], bytes | None]


class Door:
    """Listens from `with` to its end, mode 0660."""

    def __init__(self, path: Path, say: Say) -> None:
        """`say` is asked again and again for those who wait; its second argument: whether he may wait longer."""
        self._path, self._say = path, say
        self._visitors: dict[int, Visitor] = {}

    def __enter__(self) -> Self:
        self._select = selectors.DefaultSelector()
        self._door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        self._path.unlink(missing_ok=True)
        os.fchmod(self._door.fileno(), 0o660)  # Linux gives the file this mode, less the umask
        self._door.bind(str(self._path))
        self._path.chmod(0o660)
        self._door.listen(MOST_VISITORS)
        self._select.register(self._door, selectors.EVENT_READ)
        return self

    def __exit__(self, *_: object) -> None:
        for one in list(self._visitors.values()):
            self._end(one)
        self._select.close()
        self._door.close()
        self._path.unlink(missing_ok=True)

    @property
    def asked(self) -> Iterator[Asked]:
        """What those want who are here."""
        return (one.asked for one in self._visitors.values() if one.asked is not None)

    def turn(self, wait_s: float, now_s: Callable[[], float]) -> None:
        """Hear and say what can be heard and said; waits at most `wait_s` for that."""
        for key, _ in self._select.select(wait_s):
            if key.fileobj is self._door:
                self._let_in(now_s())
            else:
                visitor = self._visitors[key.fd]
                self._take(visitor) if visitor.answer is None else self._give(visitor)
        for visitor in list(self._visitors.values()):
            self._attend(visitor, now_s())

    def _let_in(self, now_s: float) -> None:
        with contextlib.suppress(OSError):  # he has left again
            line, _ = self._door.accept()
            if len(self._visitors) >= MOST_VISITORS:
                line.close()
                return
            line.setblocking(False)  # noqa: FBT003 (socket's own signature)
            self._visitors[line.fileno()] = Visitor(line, now_s)
            self._select.register(line, selectors.EVENT_READ)

    def _take(self, visitor: Visitor) -> None:
        try:
            piece = visitor.line.recv(LARGEST_ASK)
        except OSError:
            piece = b""
        visitor.heard += piece
        if not piece or len(visitor.heard) > LARGEST_ASK:
            self._end(visitor)
        elif visitor.asked is None and b"\n" in visitor.heard:
            try:
                visitor.asked = _DECODER.decode(visitor.heard.partition(b"\n")[0])
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                self._end(visitor)

    def _attend(self, visitor: Visitor, now_s: float) -> None:
        if now_s - visitor.came_s > VISIT_S:
            self._end(visitor)
        elif visitor.asked is not None and visitor.answer is None:
            said = self._say(visitor.asked, visitor.waits(now_s))
            if said is not None:
                visitor.answer = memoryview(said)
                self._select.modify(visitor.line, selectors.EVENT_WRITE)
                self._give(visitor)

    def _give(self, visitor: Visitor) -> None:
        assert visitor.answer is not None  # noqa: S101 (who calls has looked)
        try:
            visitor.answer = visitor.answer[visitor.line.send(visitor.answer) :]
        except BlockingIOError:
            return
        except OSError:
            self._end(visitor)
            return
        if not visitor.answer:
            self._end(visitor)

    def _end(self, visitor: Visitor) -> None:
        if self._visitors.pop(visitor.line.fileno(), None) is not None:
            self._select.unregister(visitor.line)
            visitor.line.close()
