"""Films that an alarm locks: of its cameras, from a while before it until it is over, none goes (ledger 4-21).

The wish stands on the disk before a mark is set beside a film, and until all of them are: whoever ends the agent
in between finds it again, so that no film of an alarm goes with its age because of a restart.
"""

import contextlib
from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.field.film import names
from edge_agent.ops.recordings.concerned import Lock
from edge_agent.store.folder import put

FILE = "locks.json"  # in the folder of the films
BEFORE_S = 600.0  # what led to it (docs/domain.md 5: ten minutes)
KEPT_EVERY_S = 10.0  # how far the end of a lock moves on until it is written down again
MARKED_AFTER_S = 3600.0  # films are marked each minute: by then all of them are


class Protected(Struct, frozen=True, kw_only=True):
    """Films of one camera that stay, because of one alarm."""

    camera: str
    alarm: str
    from_utc: float
    until_utc: float


class Locks:
    """Belongs to one thread."""

    def __init__(self, films: Path) -> None:
        """What an agent before this one has left to be marked."""
        self._file = films / FILE
        self._wanted = self._kept = _read(self._file)

    def hold(self, locks: Iterable[Lock], instant: Instant) -> None:
        """What stays because of the alarms that stand now. Raises OSError where that cannot be noted."""
        for lock in locks:
            about = f"{lock.alarm} {lock.camera}"
            since_utc = instant.utc - (instant.now_s - lock.since_s) - BEFORE_S
            before = self._wanted.get(about)
            found = Protected(camera=lock.camera, alarm=lock.alarm, from_utc=since_utc, until_utc=instant.utc)
            if before is not None:
                found = replace(found, from_utc=min(before.from_utc, since_utc))
            self._wanted = {**self._wanted, about: found}
        if self._moved():
            self._keep()

    def mark(self, films: Iterable[names.FilmFile], now_utc: float) -> None:
        """Set the marks that are missing; a lock that is long over has all of its own. Raises OSError."""
        for film in films:
            for one in self._wanted.values():
                in_time = film.began_utc <= one.until_utc + KEPT_EVERY_S and film.written_utc >= one.from_utc
                if film.camera == one.camera and in_time and not film.marked:
                    mark = {"by": "unit", "reason": one.alarm}
                    put(names.keep_file(film.path), msgspec.json.encode(mark))
        lasting = {about: one for about, one in self._wanted.items() if now_utc - one.until_utc < MARKED_AFTER_S}
        if lasting != self._wanted:
            self._wanted = lasting
            self._keep()

    def _moved(self) -> bool:
        return any(
            about not in self._kept or one.until_utc - self._kept[about].until_utc >= KEPT_EVERY_S
            for about, one in self._wanted.items()
        )

    def _keep(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        put(self._file, msgspec.json.encode(self._wanted))
        self._kept = self._wanted


def _read(file: Path) -> dict[str, Protected]:
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Protected])
    return {}
