"""Slows down whoever guesses: log-ins per address, kept over a restart; stops, never below one a second.

The agent throttles each person by itself. This bounds what one device may try over many persons.
"""

from collections.abc import Callable
from threading import Lock

from web_ui.records import Records, WrongRow

FREE = 5  # wrong log-ins in a row that cost nothing: gloves, rain
LONGEST_S = 60.0  # many phones may share one address: nobody is shut out for long
FORGOTTEN_S = 3600.0
STOPS_AT_ONCE = 5
STOPS_PER_S = 1.0
MOST_ADDRESSES = 1000


class LogInThrottle:
    """Wrong log-ins in a row, by address."""

    def __init__(self, records: Records, utc: Callable[[], float]) -> None:
        """`utc` gives seconds."""
        self._records = records
        self._utc = utc

    def wait_s(self, address: str) -> float:
        """How long this address must wait before its next attempt; 0: not at all."""
        with self._records.use() as database:
            rows = list(WrongRow.select().where(WrongRow.address == address).dicts().execute(database))
        if not rows or rows[0]["count"] < FREE:
            return 0.0
        pause_s: float = min(LONGEST_S, 2.0 ** (rows[0]["count"] - FREE))
        # A clock that was set back must not shut anybody out for longer than the pause itself.
        return min(pause_s, max(0.0, float(rows[0]["last_utc"]) + pause_s - self._utc()))

    def wrong(self, address: str) -> None:
        """One more that failed."""
        now = self._utc()
        with self._records.use() as database:
            WrongRow.delete().where(WrongRow.last_utc < now - FORGOTTEN_S).execute(database)
            WrongRow.insert(address=address, count=1, last_utc=now).on_conflict(
                conflict_target=[WrongRow.address],
                update={WrongRow.count: WrongRow.count + 1, WrongRow.last_utc: now},
            ).execute(database)

    def right(self, address: str) -> None:
        """One that succeeded: the count begins anew."""
        with self._records.use() as database:
            WrongRow.delete().where(WrongRow.address == address).execute(database)


class StopThrottle:
    """A bucket of stops for each address. What it refuses is an address that floods, not a finger on a button."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """`monotonic` gives seconds."""
        self._monotonic = monotonic
        self._lock = Lock()
        self._left: dict[str, tuple[float, float]] = {}  # address: stops left, as of

    def take(self, address: str) -> bool:
        """Whether this address may stop now."""
        now = self._monotonic()
        with self._lock:
            left, since = self._left.pop(address, (float(STOPS_AT_ONCE), now))
            left = min(float(STOPS_AT_ONCE), left + (now - since) * STOPS_PER_S)
            self._left[address] = (left - 1 if left >= 1 else left, now)
            if len(self._left) > MOST_ADDRESSES:
                del self._left[next(iter(self._left))]
        return left >= 1
