"""The newest picture of one camera in shared memory: one writer, any number of readers, latest wins.

A memfd made by the parent and inherited by descriptor, so that it outlives either child and needs
no name to clean up. Two slots; the writer fills the one that is not the newest. Each slot has a
lock number (odd while it is being written): a reader that finds it changed after its copy throws
the copy away. To be overtaken a reader must be slower than two frame periods.

What one side writes while the other reads is an aligned machine word, written and read in one piece: the number
of the newest picture, its arrival, the locks. Never by `struct.pack_into`, which fills with zeroes first: a reader
between the two found no picture at all, and a writer killed there had its camera's count begin again at nothing.
"""

import mmap
import os
import struct
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

LONG_SIDE = 1280  # pixels; larger streams are reduced once, while the colours are converted
_PAGE = 4096
_PIXELS = LONG_SIDE * LONG_SIDE * 3
_SLOT = _PAGE + _PIXELS
SIZE = _PAGE + 2 * _SLOT  # reserved, not used: memory is taken only for pages that are written
_WORD = 8  # bytes
_HEAD = 3 * _WORD  # number of the newest frame; arrival of the newest with an even number, with an odd one
_FRAME = struct.Struct("<QIIdd")  # sequence, width, height, arrival (monotonic s), source time (s)


class Newest(Struct, frozen=True):
    """Which frame is the newest: sequence number (0 = none yet), monotonic second of its arrival."""

    seq: int
    arrived_s: float


class Frame(Struct, frozen=True, kw_only=True):
    """One frame, still in shared memory: use `picture` (BGR), then ask the reader if it held."""

    seq: int
    arrived_s: float
    pts_s: float | None
    picture: Picture
    lock: int


def create(camera: str) -> int:
    """A new buffer for one camera; the caller owns the descriptor."""
    fd = os.memfd_create(f"frames-{camera}", os.MFD_CLOEXEC)
    os.ftruncate(fd, SIZE)
    return fd


def reduced(width: int, height: int) -> tuple[int, int]:
    """The size in which a picture is passed on: long side at most LONG_SIDE, never enlarged."""
    share = min(1.0, LONG_SIDE / max(width, height))
    return max(1, round(width * share)), max(1, round(height * share))


def _slot(seq: int) -> int:
    return _PAGE + (seq % 2) * _SLOT


class FrameWriter:
    """The capture program's side. Goes on counting where a killed predecessor left off."""

    def __init__(self, fd: int) -> None:
        """`fd` is the buffer made by `create`."""
        self._memory = mmap.mmap(fd, SIZE)
        self._words = memoryview(self._memory).cast("Q")
        self._arrivals = memoryview(self._memory)[_WORD:_HEAD].cast("d")
        self._seq = self._words[0]

    def write(self, rows: NDArray[np.uint8], arrived_s: float, pts_s: float | None) -> int:
        """Publish a BGR picture given as height x (3 * width) bytes; returns its sequence number."""
        height, width = rows.shape[0], rows.shape[1] // 3
        if rows.size > _PIXELS:
            raise ValueError(f"picture of {width}x{height} is larger than the frame buffer")
        seq = self._seq + 1
        at = _slot(seq)
        lock = self._words[at // _WORD] | 1  # odd, also after a writer killed at work
        self._words[at // _WORD] = lock
        stamp = float("nan") if pts_s is None else pts_s
        _FRAME.pack_into(self._memory, at + _WORD, seq, width, height, arrived_s, stamp)
        target = np.frombuffer(self._memory, np.uint8, rows.size, at + _PAGE)
        np.copyto(target.reshape(rows.shape), rows)
        self._words[at // _WORD] = lock + 1
        self._arrivals[seq % 2] = arrived_s
        self._words[0] = seq  # last: with it the picture is there
        self._seq = seq
        return seq


class FrameReader:
    """The reading side: the inference program looks at pictures, the parent only at `newest`."""

    def __init__(self, fd: int) -> None:
        """`fd` is the buffer made by `create`."""
        self._memory = mmap.mmap(fd, SIZE, prot=mmap.PROT_READ)
        self._words = memoryview(self._memory).cast("Q")
        self._arrivals = memoryview(self._memory)[_WORD:_HEAD].cast("d")

    def newest(self) -> Newest:
        """The newest frame's number and arrival."""
        while True:
            seq = self._words[0]
            arrived_s = self._arrivals[seq % 2]
            if seq == self._words[0]:  # else another came meanwhile, and the one after it may be under way
                return Newest(seq, arrived_s)

    def unseen(self, after: int) -> Frame | None:
        """The newest frame if it is another than number `after`; None while there is none (or torn).

        Another, not a later one: if the count ever began again, a camera would be blind until it caught up.
        """
        seq = self.newest().seq
        if seq in {0, after}:
            return None
        at = _slot(seq)
        lock = self._words[at // _WORD]
        number, width, height, arrived_s, pts_s = _FRAME.unpack_from(self._memory, at + _WORD)
        if lock % 2 or number < seq or not 0 < width * height * 3 <= _PIXELS:
            return None
        pixels: NDArray[Any] = np.frombuffer(self._memory, np.uint8, width * height * 3, at + _PAGE)
        return Frame(
            seq=number,
            arrived_s=arrived_s,
            pts_s=None if pts_s != pts_s else pts_s,  # noqa: PLR0124 - NaN says "no source time"
            picture=pixels.reshape(height, width, 3),
            lock=lock,
        )

    def held(self, frame: Frame) -> bool:
        """Whether nothing wrote into `frame` since it was handed out."""
        return self._words[_slot(frame.seq) // _WORD] == frame.lock

    def close(self) -> None:
        """Give the mapping back; frames handed out must not be used any more."""
        self._words.release()
        self._arrivals.release()
        self._memory.close()
