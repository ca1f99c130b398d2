"""Tokens of programs that read: made by an administrator, shown once, kept as a hash, each with its end.

A token is nobody: it opens what the box's own screen may read, or the figures; it changes nothing whatsoever.
It stands on its maker's word: once he administers the box no more, or is barred, it is gone for good.
"""

import secrets
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from edge_agent.domain.token import DAY_S, Reads, TokenWish
from edge_agent.store.connect import Database
from web_ui.records import Records, TokenRow, digest
from web_ui.sessions import NOTE_USE_EVERY_S

SECRET_BYTES = 32
MOST = 50

# Whether somebody administers the box now; None where nobody can say.
Administers = Callable[[str], bool | None]


class Token(Struct, frozen=True, kw_only=True):
    """One that stands, or (`ended_by`) that is shut and whose end is not on record yet; `id` opens nothing."""

    id: str
    name: str
    kind: Reads
    made_by: str
    made_utc: float
    used_utc: float | None
    until_utc: float
    ended_by: str


class Tokens:
    """Makes, finds and ends tokens. Safe for many threads."""

    def __init__(self, records: Records, utc: Callable[[], float], administers: Administers) -> None:
        """`utc` gives seconds."""
        self._records, self._utc, self._administers = records, utc, administers

    def taken(self, id_: str) -> bool:
        """Whether a token is called so already."""
        return any(one.id == id_ for one in self.all())

    def make(self, wish: TokenWish, by: str) -> tuple[str, Token]:
        """Its secret, which is told this once."""
        secret, now = secrets.token_urlsafe(SECRET_BYTES), self._utc()
        row = {
            "hash": digest(secret),
            "id": wish.id,
            "name": wish.name,
            "kind": wish.reads.value,
            "made_by": by,
            "made_utc": now,
            "used_utc": 0.0,
            "until_utc": now + wish.days * DAY_S,
            "ended_by": "",
        }
        with self._records.use() as database:
            TokenRow.delete().where(TokenRow.until_utc <= now).execute(database)
            TokenRow.insert(row).execute(database)
        return secret, _token(row)

    def all(self) -> list[Token]:
        """Those that stand, and those whose end is not on record yet; the newest first."""
        rows = TokenRow.select().where(TokenRow.until_utc > self._utc()).order_by(TokenRow.made_utc.desc())
        with self._records.use() as database:
            found = [_token(row) for row in rows.dicts().execute(database)]
            return [one for one in found if one.ended_by or self._vouched(database, one) is not False]

    def find(self, secret: str) -> Token | None:
        """The token of this secret, if it stands."""
        now, wanted = self._utc(), digest(secret)
        with self._records.use() as database:
            rows = list(TokenRow.select().where(TokenRow.hash == wanted).dicts().execute(database))
            if not rows or rows[0]["until_utc"] <= now or rows[0]["ended_by"]:
                return None
            found = _token(rows[0])
            if not self._vouched(database, found):
                return None
            if abs(now - rows[0]["used_utc"]) >= NOTE_USE_EVERY_S:
                TokenRow.update(used_utc=now).where(TokenRow.hash == wanted).execute(database)
        return found

    def end(self, id_: str, by: str) -> None:
        """It opens nothing from now on, whatever the agent says to that."""
        with self._records.use() as database:
            TokenRow.update(ended_by=by).where(TokenRow.id == id_).execute(database)

    def forget(self, id_: str) -> None:
        """Its end is on record."""
        with self._records.use() as database:
            TokenRow.delete().where(TokenRow.id == id_).execute(database)

    def _vouched(self, database: Database, token: Token) -> bool | None:
        """Whether its maker may still let programs in; one whose maker may not goes for good."""
        stands = self._administers(token.made_by)
        if stands is False:
            TokenRow.delete().where(TokenRow.id == token.id).execute(database)
        return stands


def _token(row: dict[str, Any]) -> Token:
    same = {name: row[name] for name in ("id", "name", "made_by", "made_utc", "until_utc", "ended_by")}
    return Token(kind=Reads(row["kind"]), used_utc=row["used_utc"] or None, **same)
