"""Sessions: a random id in a cookie, its hash on the disk, and what it stands for.

A session is for reading, and for passing on what a person's own key has signed. It starts and resumes nothing.
"""

import hmac
import secrets
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from edge_agent.store.errors import DATABASE_ERRORS
from web_ui.records import Records, SessionRow, digest

COOKIE = "__Host-edge"
PERSON_S = 12 * 3600.0  # at most; the agent may say less
PANEL_S = 365 * 86400.0
NOTE_USE_EVERY_S = 60.0  # the disk is not written for every request
ID_BYTES = 32
NAME_LENGTH = 16
LONGEST_DEVICE = 80


class Session(Struct, frozen=True, kw_only=True):
    """One living session. A panel is the box's own screen: nobody's, or somebody's for one thing."""

    hash: str
    person: str
    key: str
    csrf: str
    until_utc: float
    panel: bool

    @property
    def name(self) -> str:
        """By what people call it: of its hash, which opens nothing."""
        return self.hash[:NAME_LENGTH]

    def owns(self, csrf: str) -> bool:
        """Whether this token was given to this session."""
        return hmac.compare_digest(self.csrf.encode(), csrf.encode())


class Came(Struct, frozen=True, kw_only=True):
    """By what a log-in came: what the browser says that it is, and who showed this phone the way."""

    device: str = ""
    enrolled_by: str = ""


UNTOLD = Came()


class Listed(Struct, frozen=True, kw_only=True):
    """One living session as people see it."""

    id: str
    person: str
    device: str
    enrolled_by: str
    since_utc: float
    used_utc: float
    until_utc: float
    panel: bool


class Sessions:
    """Opens, finds and ends sessions."""

    def __init__(self, records: Records, utc: Callable[[], float]) -> None:
        """`utc` gives seconds."""
        self._records = records
        self._utc = utc
        self._ended = 0

    def begin(
        self, person: str, key: str, until_utc: float, *, panel: bool = False, came: Came = UNTOLD
    ) -> tuple[str, Session]:
        """A person's new session: always a new id, whatever cookie came with the log-in (fixation)."""
        return self._begin(person, key, min(until_utc, self._utc() + PERSON_S), came, panel=panel)

    def begin_panel(self, came: Came = UNTOLD) -> tuple[str, Session]:
        """A session of the box's own screen."""
        return self._begin("", "", self._utc() + PANEL_S, came, panel=True)

    def _begin(self, person: str, key: str, until_utc: float, came: Came, *, panel: bool) -> tuple[str, Session]:
        secret, now = secrets.token_urlsafe(ID_BYTES), self._utc()
        session = Session(
            hash=digest(secret),
            person=person,
            key=key,
            csrf=secrets.token_urlsafe(ID_BYTES),
            until_utc=until_utc,
            panel=panel,
        )
        row = {
            "hash": session.hash,
            "person": person,
            "key": key,
            "csrf": session.csrf,
            "created_utc": now,
            "used_utc": now,
            "until_utc": until_utc,
            "panel": panel,
            "device": came.device[:LONGEST_DEVICE],
            "enrolled_by": came.enrolled_by,
        }
        with self._records.use() as database:
            SessionRow.delete().where(SessionRow.until_utc <= now).execute(database)
            SessionRow.insert(row).execute(database)
        return secret, session

    def find(self, secret: str) -> Session | None:
        """The living session of this cookie."""
        now, wanted = self._utc(), digest(secret)
        with self._records.use() as database:
            rows = list(SessionRow.select().where(SessionRow.hash == wanted).dicts().execute(database))
            if not rows or rows[0]["until_utc"] <= now:
                return None
            row = rows[0]
            if abs(now - row["used_utc"]) >= NOTE_USE_EVERY_S:
                SessionRow.update(used_utc=now).where(SessionRow.hash == wanted).execute(database)
        return Session(**{name: row[name] for name in Session.__struct_fields__})

    def end(self, session: Session) -> None:
        """Gone, on the disk too."""
        with self._records.use() as database:
            SessionRow.delete().where(SessionRow.hash == session.hash).execute(database)
        self._ended += 1

    def listed(self, person: str | None) -> list[Listed]:
        """Those of one person, or all, the last used first."""
        now = self._utc()
        rows = SessionRow.select().where(SessionRow.until_utc > now).order_by(SessionRow.used_utc.desc())
        if person is not None:
            rows = rows.where(SessionRow.person == person)
        with self._records.use() as database:
            return [_listed(row) for row in rows.dicts().execute(database)]

    def end_named(self, names: frozenset[str]) -> list[str]:
        """Gone, on the disk too; the keys that belonged to them."""
        with self._records.use() as database:
            rows = list(SessionRow.select(SessionRow.hash, SessionRow.key).dicts().execute(database))
            gone = [row for row in rows if row["hash"][:NAME_LENGTH] in names]
            SessionRow.delete().where(SessionRow.hash.in_([row["hash"] for row in gone])).execute(database)
        self._ended += 1
        return [row["key"] for row in gone if row["key"]]

    def stands(self, session: Session) -> bool:
        """Whether nobody has ended it and its time is not over; it does not count as a use."""
        row = SessionRow.select(SessionRow.hash).where(SessionRow.hash == session.hash)
        with self._records.use() as database:
            return bool(list(row.execute(database))) and self.left_s(session) > 0

    def mark(self) -> object:
        """Differs from the last one when a session may have ended, here or by another hand; None: unknown."""
        try:
            return self._ended, self._records.version()
        except DATABASE_ERRORS:
            return None

    def left_s(self, session: Session) -> float:
        """How long it may live."""
        return max(0.0, session.until_utc - self._utc())


def _listed(row: dict[str, Any]) -> Listed:
    same = ("person", "device", "enrolled_by", "used_utc", "until_utc", "panel")
    told = {name: row[name] for name in same}
    return Listed(id=row["hash"][:NAME_LENGTH], since_utc=row["created_utc"], **told)
