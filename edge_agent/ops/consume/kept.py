"""What a consumer keeps: every event once by (source, seq), and the newest word on each permit and unit.

In a SQLite file, or in a PostgreSQL database (the extra [postgresql]), by the same tables.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec import Struct
from peewee import (
    CharField,
    CompositeKey,
    DatabaseProxy,
    DoubleField,
    IntegerField,
    Model,
    PostgresqlDatabase,
    TextField,
)

from edge_agent.store.connect import Database

database = DatabaseProxy()
POSTGRESQL = ("postgresql://", "postgres://")
CONNECT_S = 10
ROWS_AT_ONCE = 100  # in one statement: each costs a round trip to a database
TEXTS = ("source", "type", "subject", "time")
NUMBERS = ("seq", "priority")


class _Table(Model):
    class Meta:
        database = database


class Event(_Table):
    """One event, once. The key is what makes a second delivery harmless."""

    source = CharField()
    seq = IntegerField()
    type = CharField(index=True)
    subject = CharField(index=True)
    time = CharField()
    priority = IntegerField()
    payload = TextField()
    received_utc = DoubleField()

    class Meta:
        """By (source, seq)."""

        primary_key = CompositeKey("source", "seq")


class Latest(_Table):
    """The newest retained word: where a permit stands, whether a unit is in touch."""

    topic = CharField(primary_key=True)
    payload = TextField()
    received_utc = DoubleField()


class Gap(Struct, frozen=True):
    """Numbers of one unit that have not arrived, both ends included."""

    source: str
    first: int
    last: int


class Arrived(Struct, frozen=True):
    """One message as the broker gave it."""

    topic: str
    payload: bytes
    received_utc: float


class Kept:
    """The file or database. One consumer at a time to a file; to a database any number."""

    def __init__(self, into: Path | str) -> None:
        """Open it, or make its tables. Raises peewee's or apsw's errors where that cannot be."""
        self._file = _opened(str(into))
        database.initialize(self._file)
        self._file.connect()
        self._file.create_tables([Event, Latest])

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def take(self, messages: Iterable[Arrived]) -> list[dict[str, Any]]:
        """Keep them all in one transaction; gives the events that were new. Acknowledge after this, never before.

        What is no JSON object of the contract is passed over: a consumer must not stand still for it.
        """
        events: dict[tuple[Any, ...], tuple[dict[str, Any], dict[str, Any]]] = {}
        latest: dict[str, dict[str, Any]] = {}
        for message in messages:
            if message.topic.endswith("/up/event"):
                told = _read(message.payload)
                row = None if told is None else _row(told, message)
                if told is not None and row is not None:
                    events.setdefault((row["source"], row["seq"]), (row, told))
            else:
                latest[message.topic] = _latest(message)
        with self._file.atomic():
            # In one order everywhere, so that two consumers never wait for each other.
            self._put_latest([latest[topic] for topic in sorted(latest)])
            new = self._put_events([events[key][0] for key in sorted(events)])
        return [told for key, (_, told) in events.items() if key in new]

    @staticmethod
    def _put_latest(rows: list[dict[str, Any]]) -> None:
        newer = (Latest.payload, Latest.received_utc)
        for start in range(0, len(rows), ROWS_AT_ONCE):
            some = Latest.insert_many(rows[start : start + ROWS_AT_ONCE])
            some.on_conflict(conflict_target=(Latest.topic,), preserve=newer).execute()

    @staticmethod
    def _put_events(rows: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
        """Which of them were not here yet."""
        new: set[tuple[Any, ...]] = set()
        for start in range(0, len(rows), ROWS_AT_ONCE):
            some = Event.insert_many(rows[start : start + ROWS_AT_ONCE]).on_conflict_ignore()
            new |= {(one.source, one.seq) for one in some.returning(Event.source, Event.seq).execute()}
        return new

    def gaps(self) -> list[Gap]:
        """Every number that is missing between the first and the newest event of each unit."""
        rows = self._file.execute_sql(
            "SELECT source, seq + 1, next - 1 FROM ("
            "SELECT source, seq, LEAD(seq) OVER (PARTITION BY source ORDER BY seq) AS next FROM event"
            ") AS numbered WHERE next > seq + 1 ORDER BY source, seq"
        )
        return [Gap(*row) for row in rows]

    def upto(self) -> dict[str, int]:
        """Of each unit: the number up to which everything is here, from its very first event on."""
        rows = self._file.execute_sql("SELECT source, MIN(seq), MAX(seq) FROM event GROUP BY source")
        upto = {source: newest if first == 1 else 0 for source, first, newest in rows}
        for gap in reversed(self.gaps()):
            upto[gap.source] = min(upto[gap.source], gap.first - 1)
        return upto

    def counts(self) -> dict[str, int]:
        """How many different events of each unit are here."""
        return dict(self._file.execute_sql("SELECT source, COUNT(*) FROM event GROUP BY source ORDER BY source"))


def _opened(into: str) -> Database | PostgresqlDatabase:
    if into.startswith(POSTGRESQL):
        url = "postgresql://" + into.partition("://")[2]
        return PostgresqlDatabase(url, connect_timeout=CONNECT_S)
    return Database(into, pragmas={"journal_mode": "wal", "synchronous": "full"})


def _latest(message: Arrived) -> dict[str, Any]:
    said = message.payload.decode(errors="replace").replace("\0", "\ufffd")  # PostgreSQL's texts hold no NUL
    return {"topic": message.topic, "payload": said, "received_utc": message.received_utc}


def _row(told: dict[str, Any], message: Arrived) -> dict[str, Any] | None:
    """One row of events; None for what is no event of the contract."""
    row = {name: told.get(name) for name in (*TEXTS, *NUMBERS)}
    if not all(isinstance(row[name], str) for name in TEXTS) or not all(
        type(row[name]) is int for name in NUMBERS
    ):
        return None
    return {**row, "payload": message.payload.decode(), "received_utc": message.received_utc}


def _read(payload: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None
