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
BEGINS_ANEW = frozenset({"edge_agent.records.lost.v1", "edge_agent.records.restored.v1"})
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


class Double(_Table):
    """Another event under a number that is taken: the unit's disk was put back to an older one. Both are kept."""

    source = CharField()
    seq = IntegerField()
    prevhash = CharField()
    payload = TextField()
    received_utc = DoubleField()

    class Meta:
        """An event that is told again says the same `prevhash`."""

        table_name = "event_double"
        primary_key = CompositeKey("source", "seq", "prevhash")


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
        self._file.create_tables([Event, Double, Latest])

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def take(self, messages: Iterable[Arrived]) -> list[dict[str, Any]]:
        """Keep them all in one transaction; gives the events that were new. Acknowledge after this, never before.

        What is no JSON object of the contract is passed over: a consumer must not stand still for it.
        """
        events: dict[tuple[Any, ...], _Told] = {}
        latest: dict[str, dict[str, Any]] = {}
        for message in messages:
            if message.topic.endswith("/up/event"):
                told = _read(message.payload)
                row = None if told is None else _row(told, message)
                if told is not None and row is not None:
                    events.setdefault((row["source"], row["seq"], str(told.get("prevhash", ""))), (row, told))
            else:
                latest[message.topic] = _latest(message)
        with self._file.atomic():
            # In one order everywhere, so that two consumers never wait for each other.
            self._put_latest([latest[topic] for topic in sorted(latest)])
            new = self._put_events([events[key][0] for key in sorted(events)])
            there = [(key, one) for key, one in sorted(events.items()) if _payload(one) != new.get(key[:2])]
            doubles = self._put_doubles(there)
        return [one[1] for key, one in events.items() if _payload(one) == new.get(key[:2]) or key in doubles]

    @staticmethod
    def _put_latest(rows: list[dict[str, Any]]) -> None:
        newer = (Latest.payload, Latest.received_utc)
        for start in range(0, len(rows), ROWS_AT_ONCE):
            some = Latest.insert_many(rows[start : start + ROWS_AT_ONCE])
            some.on_conflict(conflict_target=(Latest.topic,), preserve=newer).execute()

    @staticmethod
    def _put_events(rows: list[dict[str, Any]]) -> dict[tuple[Any, ...], str]:
        """Which of them were not here yet, and their bytes."""
        new: dict[tuple[Any, ...], str] = {}
        for start in range(0, len(rows), ROWS_AT_ONCE):
            some = Event.insert_many(rows[start : start + ROWS_AT_ONCE]).on_conflict_ignore()
            given = some.returning(Event.source, Event.seq, Event.payload).execute()
            new |= {(one.source, one.seq): one.payload for one in given}
        return new

    @staticmethod
    def _put_doubles(there: list[tuple[tuple[Any, ...], "_Told"]]) -> set[tuple[Any, ...]]:
        """Of events whose number is taken, those that are no repetition; which of them were not here yet."""
        new: set[tuple[Any, ...]] = set()
        for (source, seq, prevhash), (row, _) in there:
            first = Event.get(Event.source == source, Event.seq == seq)
            before = (_read(first.payload.encode()) or {}).get("prevhash", "")
            if not prevhash or not before or before == prevhash:
                continue
            kept = {"prevhash": prevhash, **{name: row[name] for name in ("payload", "received_utc")}}
            one = Double.insert(source=source, seq=seq, **kept).on_conflict_ignore()
            new |= {(source, seq, prevhash) for _ in one.returning(Double.seq).execute()}
        return new

    def doubles(self) -> list[tuple[str, int]]:
        """Numbers under which a unit told two events."""
        rows = self._file.execute_sql("SELECT DISTINCT source, seq FROM event_double ORDER BY source, seq")
        return [(source, seq) for source, seq in rows]

    def gaps(self) -> list[Gap]:
        """Every number that is missing between the first and the newest event of each unit, and may still come."""
        return [one for gap in self._unheard() if (one := self._may_come(gap)) is not None]

    def lost(self) -> list[Gap]:
        """Numbers that never come: the unit has lost its records of them, or never gave them to an event."""
        found = []
        for gap in self._unheard():
            comes = self._may_come(gap)
            if comes is None:
                found.append(gap)
            elif comes.last < gap.last:
                found.append(Gap(gap.source, comes.last + 1, gap.last))
        return found

    @staticmethod
    def _may_come(gap: Gap) -> Gap | None:
        """Without what the event behind it says is lost (`again_upto`)."""
        behind = Event.get(Event.source == gap.source, Event.seq == gap.last + 1)
        data = (_read(behind.payload.encode()) or {}).get("data")
        if behind.type not in BEGINS_ANEW or not isinstance(data, dict) or type(data.get("again_upto")) is not int:
            return gap
        last = min(gap.last, data["again_upto"])
        return Gap(gap.source, gap.first, last) if last >= gap.first else None

    def _unheard(self) -> list[Gap]:
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


_Told = tuple[dict[str, Any], dict[str, Any]]  # the row of an event, and the event


def _payload(one: _Told) -> str:
    return str(one[0]["payload"])


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
