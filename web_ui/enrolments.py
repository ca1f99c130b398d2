"""A phone is shown the way: a code in a QR that says whose phone it is to be, once, for ten minutes.

It proves nobody: whoever comes by it still shows PIN or badge. It spares typing an address and an id with gloves;
the list of log-ins says later which phone came by whose code. In memory alone: after a restart show another.
"""

import secrets
from collections.abc import Callable
from threading import Lock

from msgspec import Struct

LASTS_S = 600.0
MOST = 50
CODE_BYTES = 16


class Enrolment(Struct, frozen=True, kw_only=True):
    """For whom, by whom, until when (UTC seconds)."""

    person: str
    by: str
    until_utc: float


class Enrolments:
    """Those that stand. Safe for many threads."""

    def __init__(self, utc: Callable[[], float]) -> None:
        """`utc` gives seconds."""
        self._utc = utc
        self._lock = Lock()
        self._open: dict[str, Enrolment] = {}  # the oldest first

    def begin(self, person: str, by: str) -> tuple[str, Enrolment]:
        """A new code; an earlier one of the same person is worth nothing any more."""
        code = secrets.token_urlsafe(CODE_BYTES)
        made = Enrolment(person=person, by=by, until_utc=self._utc() + LASTS_S)
        with self._lock:
            self._open = {old: one for old, one in self._standing().items() if one.person != person}
            while len(self._open) >= MOST:
                del self._open[next(iter(self._open))]
            self._open[code] = made
        return code, made

    def find(self, code: str) -> Enrolment | None:
        """What this code stands for, while it does."""
        with self._lock:
            return self._standing().get(code)

    def use(self, code: str, person: str) -> str:
        """By whom this person's phone was shown the way, "" for nobody; the code is used up."""
        with self._lock:
            found = self._standing().get(code)
            if found is None or found.person != person:
                return ""
            del self._open[code]
            return found.by

    def _standing(self) -> dict[str, Enrolment]:
        now_utc = self._utc()
        return {code: one for code, one in self._open.items() if one.until_utc > now_utc}
