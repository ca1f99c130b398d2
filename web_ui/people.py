"""Who is known, from the agent's people.json: read anew whenever the file has changed, for every request.

A session says only which person it is. Roles, areas and whether somebody is denied are looked up here each
time, so that a role that is taken away is gone with the next request. A file that cannot be read knows nobody.
"""

from collections.abc import Callable
from pathlib import Path
from threading import Lock

import msgspec

from web_ui.access import ADMIN, reads_only
from web_ui.shapes_people import Known

FILE = "people.json"
LARGEST_BYTES = 1_000_000


class People:
    """Everybody known, by id. Safe for many threads."""

    def __init__(self, runtime: Path, utc: Callable[[], float]) -> None:
        """`runtime` is the agent's runtime folder; `utc` gives seconds."""
        self._file, self._utc = runtime / FILE, utc
        self._lock = Lock()
        self._stamp: tuple[int, int, int] | None = None
        self._known: dict[str, Known] = {}

    def all(self) -> dict[str, Known]:
        """Everybody, by id, those who are denied with the others."""
        with self._lock:
            stamp = self._stat()
            if stamp is None or stamp != self._stamp:
                self._known, self._stamp = self._read(), stamp
            return self._known

    def get(self, person: str) -> Known | None:
        """Somebody who is known, not denied, and whose time here is not over."""
        known = self.all().get(person)
        return None if known is None or known.denied or self._over(known) else known

    def administers(self, person: str) -> bool | None:
        """Whether somebody administers the whole box now; None where the list of people cannot be read."""
        if not self.all():
            return None
        known = self.get(person)
        return known is not None and ADMIN in known.roles and not known.areas

    def _over(self, known: Known) -> bool:
        return reads_only(known) and (known.until_utc is None or self._utc() >= known.until_utc)

    def mark(self) -> object:
        """Differs from the last one when the list has changed."""
        return self._stat()

    def _stat(self) -> tuple[int, int, int] | None:
        try:
            stat = self._file.stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_ino, stat.st_size

    def _read(self) -> dict[str, Known]:
        try:
            with self._file.open("rb") as file:
                rows = msgspec.json.decode(file.read(LARGEST_BYTES), type=list[Known])
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return {}
        return {row.id: row for row in rows}
