"""What was concluded from the newest judged picture of a camera, in shared memory: one writer, latest wins.

So the program that judges tells those who look on and waits for nobody: it writes, whether they read or not.
A memfd as the frames' own (frames.py), with one slot and a lock number that is odd while it is being written.
"""

import mmap
import os

import msgspec
from msgspec import Struct

from edge_agent.domain.observation import SeenPerson, View
from edge_agent.domain.words import NOTHING, Words
from edge_agent.field.onlookers import Box, Thing

SIZE = 64 * 1024  # a hundred people come to about 20 kB
_WORD = 8  # bytes
_AT = 2 * _WORD  # lock and length stand before it
MOST = SIZE - _AT


class Seen(Struct, frozen=True, kw_only=True):
    """One judged picture. `hidden` None: nobody could tell where people are. `count`: judged since the start."""

    seq: int
    arrived_s: float
    judged_s: float
    count: int
    view: View
    model: str
    detail: Words = NOTHING
    persons: tuple[SeenPerson, ...] = ()
    things: tuple[Thing, ...] = ()
    hidden: tuple[Box, ...] | None = None


def create(camera: str) -> int:
    """A new buffer for one camera; the caller owns the descriptor."""
    fd = os.memfd_create(f"seen-{camera}", os.MFD_CLOEXEC)
    os.ftruncate(fd, SIZE)
    return fd


class SeenWriter:
    """The judging side."""

    def __init__(self, fd: int) -> None:
        """`fd` is the buffer made by `create`."""
        self._memory = mmap.mmap(fd, SIZE)
        self._words = memoryview(self._memory).cast("Q")
        self._encoder = msgspec.json.Encoder()

    def write(self, seen: Seen) -> None:
        """Publish it. What is too long to be told is told as a picture of which nothing may be shown."""
        data = self._encoder.encode(seen)
        if len(data) > MOST:
            bare = msgspec.structs.replace(seen, persons=(), things=(), hidden=None, detail=NOTHING)
            data = self._encoder.encode(bare)
        lock = self._words[0] | 1  # odd, also after a writer killed at work
        self._words[0] = lock
        self._words[1] = len(data)
        self._memory[_AT : _AT + len(data)] = data
        self._words[0] = lock + 1


class SeenReader:
    """The side of those who look on."""

    def __init__(self, fd: int) -> None:
        """`fd` is the buffer made by `create`."""
        self._memory = mmap.mmap(fd, SIZE, prot=mmap.PROT_READ)
        self._words = memoryview(self._memory).cast("Q")
        self._decoder = msgspec.json.Decoder(Seen)

    def newest(self) -> Seen | None:
        """The newest one; None while there is none, or while it is being written."""
        lock, length = self._words[0], self._words[1]
        if lock == 0 or lock % 2 or not 0 < length <= MOST:
            return None
        data = self._memory[_AT : _AT + length]
        if self._words[0] != lock:
            return None
        try:
            return self._decoder.decode(data)
        except msgspec.MsgspecError:
            return None
