"""The last packets of a stream: what a film can begin with, though it was asked for later."""

import threading
from collections import deque

from msgspec import Struct

MOST_S = 15.0  # ten before an event, and the group of pictures in which they begin
MOST_BYTES = 24 * 1024 * 1024  # 15 s at 12 Mbit/s; a camera that sends more is remembered for less


class Taken(Struct, frozen=True):
    """One packet and when it came."""

    number: int
    data: bytes
    pts: int | None
    dts: int | None
    key: bool
    arrived_s: float


class Ring:
    """Filled by the thread that reads the stream, read by the one that writes films."""

    def __init__(self, most_s: float = MOST_S, most_bytes: int = MOST_BYTES) -> None:
        """Whatever is reached first makes the oldest go."""
        self._most_s, self._most_bytes = most_s, most_bytes
        self._lock = threading.Lock()
        self._packets: deque[Taken] = deque()
        self._bytes = 0
        self._next = 0

    def put(self, data: bytes, pts: int | None, dts: int | None, *, key: bool, arrived_s: float) -> None:
        """Take one packet in."""
        with self._lock:
            self._packets.append(Taken(self._next, data, pts, dts, key, arrived_s))
            self._next += 1
            self._bytes += len(data)
            while self._bytes > self._most_bytes or arrived_s - self._packets[0].arrived_s > self._most_s:
                self._bytes -= len(self._packets.popleft().data)
                if not self._packets:
                    return

    def begin(self, from_s: float) -> int | None:
        """The number of the packet with which a film from `from_s` begins; None while no picture can begin one."""
        with self._lock:
            keys = [packet for packet in self._packets if packet.key]
        before = [packet for packet in keys if packet.arrived_s <= from_s]
        return before[-1].number if before else keys[0].number if keys else None

    def since(self, number: int) -> list[Taken]:
        """What came from packet `number` on. The first is a later one where the writer was too slow."""
        with self._lock:
            return [packet for packet in self._packets if packet.number >= number]
