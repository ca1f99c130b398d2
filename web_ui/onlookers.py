"""Live pictures as the agent shows them to whoever looks on; a bounded number of viewers, each in his turn.

Nobody holds more than a few places, however many pages he has open: the oldest of his own is closed for the
newest, and stays closed until it is opened anew there: two forgotten pages do not fight for a place.
"""

import socket
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Literal

import msgspec
from msgspec import Struct

from edge_agent.field.onlookers import (
    LARGEST_LINE,
    LARGEST_PICTURE,
    SOCKET,
    WAIT_S,
    Asked,
    CameraPulse,
    CameraPulses,
    Shown,
)

VISIT_S = WAIT_S + 3.0
MOST_VIEWERS = 12  # places to look on: one camera in one log-in's page is one
MOST_OF_ONE = 3  # of them, for one person, or for one screen of the box
LINGER_S = 3.0  # a place is given back when its page has not asked for so long
CLOSED_S = 60.0  # so long a page that was closed is told so, while it asks on

Place = tuple[str, str]  # log-in, camera
Admitted = Literal["in", "full", "elsewhere"]


class Seat(Struct):
    """One place that is taken: by whom, since when, and when he last asked. Seconds of the box's own clock."""

    owner: str
    since_s: float
    asked_s: float


class Live(Struct, frozen=True, kw_only=True):
    """A picture with what is said of it; without `jpeg` there is none that is newer."""

    shown: Shown
    jpeg: bytes


class Onlookers:
    """Asks the agent's program that shows. Safe for many threads."""

    def __init__(self, runtime: Path, monotonic: Callable[[], float]) -> None:
        """`runtime` is the agent's runtime folder; `monotonic` gives seconds."""
        self._path, self._monotonic = runtime / SOCKET, monotonic
        self._lock = Lock()
        self._seats: dict[Place, Seat] = {}
        self._closed: dict[Place, float] = {}  # for a newer one of its owner: when it last asked

    def admit(self, place: Place, owner: str, *, anew: bool = False) -> Admitted:
        """Whether there is a place for this viewer, or he has one; it is kept while he asks on.

        `anew`: somebody has just opened the picture here, so that a place that was closed opens again.
        """
        now_s = self._monotonic()
        with self._lock:
            self._sweep(now_s)
            if place in self._closed and not anew:
                self._closed[place] = now_s
                return "elsewhere"
            if place in self._seats:
                self._seats[place].asked_s = now_s
                return "in"
            own = [one for one, seat in self._seats.items() if seat.owner == owner]
            if len(own) >= MOST_OF_ONE:
                oldest = min(own, key=lambda one: self._seats[one].since_s)
                del self._seats[oldest]
                self._closed[oldest] = now_s
            elif len(self._seats) >= MOST_VIEWERS:
                return "full"
            self._closed.pop(place, None)
            self._seats[place] = Seat(owner=owner, since_s=now_s, asked_s=now_s)
            return "in"

    def _sweep(self, now_s: float) -> None:
        self._seats = {one: seat for one, seat in self._seats.items() if now_s - seat.asked_s < LINGER_S}
        self._closed = {one: asked_s for one, asked_s in self._closed.items() if now_s - asked_s < CLOSED_S}

    def picture(self, camera: str, after: int) -> Live | None:
        """The next picture; None where the agent shows none. Raises nothing."""
        heard = self._ask(Asked(camera=camera, after=after))
        line, _, jpeg = heard.partition(b"\n")
        try:
            shown = msgspec.json.decode(line, type=Shown)
        except msgspec.MsgspecError:
            return None
        return Live(shown=shown, jpeg=jpeg) if shown.camera == camera and len(jpeg) == shown.size else None

    def healths(self) -> dict[str, CameraPulse] | None:
        """How all cameras are; None where the agent does not say."""
        try:
            told = msgspec.json.decode(self._ask(Asked()), type=CameraPulses)
        except msgspec.MsgspecError:
            return None
        return {one.camera: one for one in told.cameras}

    def _ask(self, asked: Asked) -> bytes:
        """Everything that is answered in time; nothing where there is nobody who answers."""
        until_s = self._monotonic() + VISIT_S
        heard = bytearray()
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(VISIT_S)
                line.connect(str(self._path))
                line.sendall(msgspec.json.encode(asked) + b"\n")
                while len(heard) <= LARGEST_LINE + LARGEST_PICTURE:
                    line.settimeout(max(until_s - self._monotonic(), 0.001))
                    piece = line.recv(65536)
                    if not piece:
                        return bytes(heard)
                    heard += piece
        except OSError:
            return b""
        return b""
