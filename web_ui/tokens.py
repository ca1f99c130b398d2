"""Tokens of programs that read: made by an administrator, shown once, kept as a hash, each with its end.

A token is nobody: it opens what the box's own screen may read, or the figures; it changes nothing whatsoever.
"""

import secrets
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from msgspec import Struct

from web_ui.records import Records, TokenRow, digest
from web_ui.sessions import NAME_LENGTH, NOTE_USE_EVERY_S

SECRET_BYTES = 32
MOST = 50
DAY_S = 86_400.0
LONGEST_DAYS = 366


class Reads(StrEnum):
    """What a token opens."""

    FIGURES = "figures"  # /metrics
    READ = "read"  # what the box's own screen is shown, but pictures of cameras


class Token(Struct, frozen=True, kw_only=True):
    """One that stands; `id` opens nothing."""

    id: str
    name: str
    kind: Reads
    made_by: str
    made_utc: float
    used_utc: float | None
    until_utc: float


class Tokens:
    """Makes, finds and ends tokens. Safe for many threads."""

    def __init__(self, records: Records, utc: Callable[[], float]) -> None:
        """`utc` gives seconds."""
        self._records, self._utc = records, utc

    def make(self, name: str, kind: Reads, days: int, by: str) -> tuple[str, Token] | None:
        """Its secret, which is told this once; None where there are too many."""
        if len(self.all()) >= MOST:
            return None
        secret, now = secrets.token_urlsafe(SECRET_BYTES), self._utc()
        row = {
            "hash": digest(secret),
            "name": name,
            "kind": kind.value,
            "made_by": by,
            "made_utc": now,
            "used_utc": 0.0,
            "until_utc": now + days * DAY_S,
        }
        with self._records.use() as database:
            TokenRow.delete().where(TokenRow.until_utc <= now).execute(database)
            TokenRow.insert(row).execute(database)
        return secret, _token(row)

    def all(self) -> list[Token]:
        """Those that stand, the newest first."""
        rows = TokenRow.select().where(TokenRow.until_utc > self._utc()).order_by(TokenRow.made_utc.desc())
        with self._records.use() as database:
            return [_token(row) for row in rows.dicts().execute(database)]

    def find(self, secret: str) -> Token | None:
        """The token of this secret, if it stands."""
        now, wanted = self._utc(), digest(secret)
        with self._records.use() as database:
            rows = list(TokenRow.select().where(TokenRow.hash == wanted).dicts().execute(database))
            if not rows or rows[0]["until_utc"] <= now:
                return None
            if abs(now - rows[0]["used_utc"]) >= NOTE_USE_EVERY_S:
                TokenRow.update(used_utc=now).where(TokenRow.hash == wanted).execute(database)
        return _token(rows[0])

    def end(self, id_: str) -> bool:
        """Whether it was there; it opens nothing from now on."""
        with self._records.use() as database:
            hashes = [row["hash"] for row in TokenRow.select(TokenRow.hash).dicts().execute(database)]
            gone = [one for one in hashes if one[:NAME_LENGTH] == id_]
            TokenRow.delete().where(TokenRow.hash.in_(gone)).execute(database)
        return bool(gone)


def _token(row: dict[str, Any]) -> Token:
    same = {name: row[name] for name in ("name", "made_by", "made_utc", "until_utc")}
    used = row["used_utc"] or None
    return Token(id=row["hash"][:NAME_LENGTH], kind=Reads(row["kind"]), used_utc=used, **same)
