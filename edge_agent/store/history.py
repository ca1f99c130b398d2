"""What each gas channel measured, minute by minute, in a file of its own: for people's charts. It decides nothing.

Kept for KEPT_DAYS, or for fewer where the file would grow beyond MOST_BYTES: the oldest day gives way. A minute
takes about 60 bytes, so that thirty days of a hundred channels fit. One writer (the recorder's thread), one
transaction a minute; the pages read beside it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct

from edge_agent.store.connect import Database, open_reader, open_writer
from edge_agent.store.errors import DATABASE_ERRORS, from_database
from edge_agent.store.tables import HISTORY

KEPT_DAYS = 30
MOST_BYTES = 256 * 2**20
MINUTE_S = 60
DAY_MIN = 1440
# Letters of quality (tell/live_curves.py), the harmless first: a stretch is shown as the worst that was in it.
# Over its range is the last, because there the gas itself may be the reason.
ORDER = "gwnkicdsmlfuo"

_KEEP = """
INSERT INTO gas_minute VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (channel, minute) DO UPDATE SET
    low = min(coalesce(low, excluded.low), coalesce(excluded.low, low)),
    high = max(coalesce(high, excluded.high), coalesce(excluded.high, high)),
    total = total + excluded.total, numbers = numbers + excluded.numbers, seconds = seconds + excluded.seconds,
    worst = iif(instr(?, worst) >= instr(?, excluded.worst), worst, excluded.worst)
"""
_STRETCH = """
SELECT minute / ? AS part, min(low), sum(total) / nullif(sum(numbers), 0), max(high), sum(seconds),
    max(instr(?, worst))
FROM gas_minute WHERE channel = ? AND minute >= ? AND minute < ? GROUP BY part ORDER BY part
"""
_NEXT = "SELECT min(channel) FROM gas_minute WHERE channel > ?"
_FORGET = "DELETE FROM gas_minute WHERE channel = ? AND minute < ?"
_FIRST = "SELECT min(minute) FROM gas_minute WHERE channel = ?"


class Minute(Struct, frozen=True, kw_only=True):
    """One minute of one channel; without a number `low` and `high` are None. Two of the same minute add up."""

    channel: str
    minute: int  # of UTC, since 1970
    low: float | None
    high: float | None
    total: float
    numbers: int
    seconds: int
    worst: str


class Part(Struct, frozen=True, kw_only=True):
    """Some minutes of one channel together, from `part` times their number on."""

    part: int
    low: float | None
    mean: float | None
    high: float | None
    seconds: int
    worst: str


class History:
    """The file under its one writing connection, for one thread at a time. Every method raises StoreError."""

    def __init__(self, path: Path, most_bytes: int = MOST_BYTES) -> None:
        """Open or make it."""
        self._path, self._most = path, most_bytes
        self._database = open_writer(path, layout=HISTORY)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def keep(self, minutes: Iterable[Minute]) -> None:
        """In one transaction, on the disk when this returns."""
        with _typed(self._path), self._database.atomic():
            for one in minutes:
                row = (one.channel, one.minute, one.low, one.high, one.total, one.numbers, one.seconds, one.worst)
                self._database.execute_sql(_KEEP, (*row, ORDER, ORDER))

    def make_room(self, now_utc: float | None) -> None:
        """Forget what is too old, and the oldest day again and again while the file is too large.

        `now_utc` None: nobody knows the date, so that nothing is too old.
        """
        with _typed(self._path), self._database.atomic():
            if now_utc is not None:
                self._forget(int(now_utc) // MINUTE_S - KEPT_DAYS * DAY_MIN)
            while self._bytes() > self._most and (first := self._first_minute()) is not None:
                self._forget(first + DAY_MIN)

    def _forget(self, before: int) -> None:
        for channel in list(_channels(self._database)):
            self._database.execute_sql(_FORGET, (channel, before))

    def _first_minute(self) -> int | None:
        found = [self._database.execute_sql(_FIRST, (one,)).fetchone()[0] for one in _channels(self._database)]
        return min(found, default=None)

    def _bytes(self) -> int:
        """What is in use: pages that were given up are filled again."""
        size, pages, free = (
            int(self._database.execute_sql(f"PRAGMA {name}").fetchone()[0])
            for name in ("page_size", "page_count", "freelist_count")
        )
        return size * (pages - free)


class Reader:
    """A read-only connection. Every method raises StoreError."""

    def __init__(self, path: Path) -> None:
        """The file must exist."""
        self._path = path
        self._database = open_reader(path, HISTORY)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def parts(self, channel: str, first: int, until: int, each: int) -> tuple[Part, ...]:
        """What is known of the minutes `first` to before `until`, `each` of them together."""
        with _typed(self._path):
            rows = list(self._database.execute_sql(_STRETCH, (each, ORDER, channel, first, until)))
        return tuple(
            Part(part=part, low=low, mean=mean, high=high, seconds=seconds, worst=ORDER[rank - 1])
            for part, low, mean, high, seconds, rank in rows
        )


def _channels(database: Database) -> Iterator[str]:
    """Every channel that has a minute, each found by one look into the index."""
    last = ""
    while (last := database.execute_sql(_NEXT, (last,)).fetchone()[0]) is not None:
        yield last


@contextmanager
def _typed(path: Path) -> Iterator[None]:
    try:
        yield
    except DATABASE_ERRORS as trouble:
        raise from_database(trouble, path) from trouble
