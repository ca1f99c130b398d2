"""The newest picture of one camera in shared memory: one writer, any number of readers, latest wins.

A memfd made by the parent and inherited by descriptor, so that it outlives either child and needs
no name to clean up. Two slots; the writer fills the one that is not the newest. Each slot has a
lock number (odd while it is being written): a reader that finds it changed after its copy throws
the copy away. To be overtaken a reader must be slower than two frame periods.
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
_NEWEST = struct.Struct("<Qd")  # sequence number of the newest frame, its arrival
_LOCK = struct.Struct("<Q")
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
        self._seq: int = _NEWEST.unpack_from(self._memory)[0]

    def write(self, rows: NDArray[np.uint8], arrived_s: float, pts_s: float | None) -> int:
        """Publish a BGR picture given as height x (3 * width) bytes; returns its sequence number."""
        height, width = rows.shape[0], rows.shape[1] // 3
        if rows.size > _PIXELS:
            raise ValueError(f"picture of {width}x{height} is larger than the frame buffer")
        seq = self._seq + 1
        at = _slot(seq)
        lock = _LOCK.unpack_from(self._memory, at)[0] | 1  # odd, also after a writer killed at work
        _LOCK.pack_into(self._memory, at, lock)
        stamp = float("nan") if pts_s is None else pts_s
        _FRAME.pack_into(self._memory, at + _LOCK.size, seq, width, height, arrived_s, stamp)
        target = np.frombuffer(self._memory, np.uint8, rows.size, at + _PAGE)
        np.copyto(target.reshape(rows.shape), rows)
        _LOCK.pack_into(self._memory, at, lock + 1)
        _NEWEST.pack_into(self._memory, 0, seq, arrived_s)
        self._seq = seq
        return seq


class FrameReader:
    """The reading side: the inference program looks at pictures, the parent only at `newest`."""

    def __init__(self, fd: int) -> None:
        """`fd` is the buffer made by `create`."""
        self._memory = mmap.mmap(fd, SIZE, prot=mmap.PROT_READ)

    def newest(self) -> Newest:
        """The newest frame's number and arrival."""
        seq, arrived_s = _NEWEST.unpack_from(self._memory)
        return Newest(seq, arrived_s)

    def unseen(self, after: int) -> Frame | None:
        """The newest frame if it is newer than number `after`; None while there is none (or torn)."""
        seq = self.newest().seq
        if seq <= after:
            return None
        at = _slot(seq)
        lock = _LOCK.unpack_from(self._memory, at)[0]
        number, width, height, arrived_s, pts_s = _FRAME.unpack_from(self._memory, at + _LOCK.size)
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
        return bool(_LOCK.unpack_from(self._memory, _slot(frame.seq))[0] == frame.lock)

    def close(self) -> None:
        """Give the mapping back; frames handed out must not be used any more."""
        self._memory.close()
