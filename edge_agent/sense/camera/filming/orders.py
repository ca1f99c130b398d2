"""What is to be filmed and what was: between the agent and each capture program, and within the agent."""

import threading
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from edge_agent.domain.words import NOTHING, Words
from edge_agent.field.film.parts import Stamp

Kind = Literal["permit", "clip"]


class FilmOrder(Struct, frozen=True, kw_only=True):
    """Where a capture program puts its films. It travels on stdin, like the camera's password."""

    folder: str
    key: bytes
    reserve_bytes: int  # so much of the disk is never filled by films


class Reel(Struct, frozen=True, kw_only=True):
    """One thing that is to be filmed, from and until a monotonic second (None: until it is no longer wanted)."""

    kind: Kind
    about: str
    stamp: Stamp
    from_s: float
    until_s: float | None = None

    @property
    def key(self) -> str:
        """What it is known by."""
        return f"{self.kind}/{self.about}"


class Wanted(Struct, frozen=True, kw_only=True, tag="wanted"):
    """Everything that one camera is to film now: what is missing here is ended."""

    reels: tuple[Reel, ...] = ()


class FilmDone(Struct, frozen=True, kw_only=True):
    """A film that was ended, and its hash."""

    path: str
    kind: Kind
    about: str
    camera: str
    permit: str
    sha256: str
    size: int
    began_utc: float
    ended_utc: float
    clock_trusted: bool


class FilmLine(Struct, frozen=True, kw_only=True, tag="film"):
    """How filming stands, at every change and once a second. `detail` says what is wrong."""

    detail: Words = NOTHING
    running: tuple[str, ...] = ()  # keys of the reels that are being written
    open: tuple[str, ...] = ()  # their files
    done: tuple[FilmDone, ...] = ()


class FilmDesk:
    """Where those who want films and the cameras' worker meet. Every method returns at once, in any thread."""

    def __init__(self, order: FilmOrder) -> None:
        """`order` holds for every camera."""
        self.order = order
        self._lock = threading.Lock()
        self._wanted: dict[str, Wanted] = {}
        self._open: dict[str, tuple[str, ...]] = {}
        self._done: list[FilmDone] = []

    def want(self, wanted: Mapping[str, Wanted]) -> None:
        """What each camera is to film from now on."""
        with self._lock:
            self._wanted = dict(wanted)

    def wanted(self, camera: str) -> Wanted:
        """What this camera is to film."""
        with self._lock:
            return self._wanted.get(camera, Wanted())

    def tell(self, camera: str, line: FilmLine) -> None:
        """A capture program has spoken."""
        with self._lock:
            self._open[camera] = line.open
            self._done.extend(line.done)

    def done(self) -> list[FilmDone]:
        """What was ended since the last call."""
        with self._lock:
            done, self._done = self._done, []
            return done

    def open(self) -> frozenset[str]:
        """The files that are being written, as far as is known."""
        with self._lock:
            return frozenset(path for paths in self._open.values() for path in paths)
