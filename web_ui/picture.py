"""Reads the agent's live picture from the runtime folder: what it says, how old it is, or why not.

The agent replaces the file about twice a second. A file that is missing, torn, of another shape or
dated in the future is a fault in words, never an exception: a board that dies with the agent would
be no use on the day it is needed.
"""

from collections.abc import Callable
from pathlib import Path
from threading import Lock

import msgspec
from msgspec import Struct

from edge_agent.domain.words import Words
from edge_agent.tell.live import LIVE_S, Live
from web_ui.words import say

# 4 permits, 16 channels and 50 people come to about 40 kB; beyond this the file is not the agent's.
LARGEST_BYTES = 2_000_000


class Picture(Struct, frozen=True, kw_only=True):
    """One look at live.json: the live picture, or the fault that stands in its place.

    `version` changes whenever the content does; `seen_s` is the monotonic second of the first sight
    of this `live`; `text` is its JSON, made once for all viewers.
    """

    version: int
    live: Live | None = None
    text: bytes = b""
    fault: Words | None = None
    seen_s: float = 0.0


class Reader:
    """Reads `live.json` again only when the file has changed. Safe for many threads."""

    def __init__(self, runtime: Path, *, monotonic: Callable[[], float], utc: Callable[[], float]) -> None:
        """`runtime` is the agent's runtime folder; `monotonic` and `utc` give seconds."""
        self._file = runtime / "live.json"
        self._monotonic = monotonic
        self._utc = utc
        self._lock = Lock()
        self._stamp: tuple[int, int, int] | None = None
        self._picture = Picture(version=0)

    def look(self) -> Picture:
        """The newest picture. Never raises for what the file may be."""
        with self._lock:
            stamp = self._stat()
            if stamp is None or stamp != self._stamp or self._picture.version == 0:
                self._take(self._read())
                self._stamp = stamp
            return self._dated(self._picture)

    def age_s(self, live: Live, seen_s: float) -> float:
        """How old a picture is: by its date, and at least as long as it has been in sight."""
        return max(self._utc() - live.at_utc, self._monotonic() - seen_s, 0.0)

    def _stat(self) -> tuple[int, int, int] | None:
        try:
            stat = self._file.stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_ino, stat.st_size

    def _take(self, found: Live | Words) -> None:
        """Keep what was found under a new version, unless it says the same as before."""
        old = self._picture
        if isinstance(found, Words):
            if old.fault != found:
                self._picture = Picture(version=old.version + 1, fault=found)
        elif old.live != found:
            text = msgspec.json.encode(found)
            self._picture = Picture(version=old.version + 1, live=found, text=text, seen_s=self._monotonic())

    def _dated(self, picture: Picture) -> Picture:
        """The same picture, or the fault that it is dated in the future (the clock was set back)."""
        ahead_s = picture.live.at_utc - self._utc() if picture.live else 0.0
        if ahead_s <= LIVE_S:
            return picture
        # Rounded to tens, so that a viewer is told once and not at every look.
        fault = say("fault", "future", file=self._file, ahead=f"{round(ahead_s, -1):.0f}")
        return Picture(version=-picture.version, fault=fault)

    def _read(self) -> Live | Words:
        try:
            with self._file.open("rb") as file:
                raw = file.read(LARGEST_BYTES + 1)
        except FileNotFoundError:
            return say("fault", "missing", file=self._file)
        except OSError as fault:
            return say("fault", "unreadable", file=self._file, detail=fault.strerror or fault)
        if len(raw) > LARGEST_BYTES:
            return say("fault", "too_large", file=self._file, limit=LARGEST_BYTES)
        try:
            return msgspec.json.decode(raw, type=Live)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
            return say("fault", "torn", file=self._file, detail=fault)
