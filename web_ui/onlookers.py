"""Live pictures as the agent shows them to whoever looks on; a bounded number of viewers, each in his turn."""

import socket
from collections.abc import Callable
from pathlib import Path
from threading import Lock

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
LINGER_S = 3.0  # a place is given back when its page has not asked for so long


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
        self._seats: dict[tuple[str, str], float] = {}

    def admit(self, session: str, camera: str) -> bool:
        """Whether there is a place for this viewer, or he has one; it is kept while he asks on."""
        now_s = self._monotonic()
        with self._lock:
            self._seats = {seat: s for seat, s in self._seats.items() if now_s - s < LINGER_S}
            if (session, camera) not in self._seats and len(self._seats) >= MOST_VIEWERS:
                return False
            self._seats[session, camera] = now_s
            return True

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
