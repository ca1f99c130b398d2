"""Reading the database beside its writer: for the forwarder, the board and whoever audits."""

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from edge_agent.domain.commissioning import Commissioning
from edge_agent.domain.outcome import Event
from edge_agent.domain.permit import Permit
from edge_agent.domain.person import Person
from edge_agent.domain.rectification import Rectification
from edge_agent.store.batch import Archived, OutboxRow, Voice
from edge_agent.store.chain import AuditRow, told_of
from edge_agent.store.connect import Database, open_reader
from edge_agent.store.errors import DATABASE_ERRORS, from_database
from edge_agent.store.load import (
    ANY,
    Wanted,
    audit_rows,
    chain_head,
    commissioning,
    documents,
    newest_events,
    rectifications,
)
from edge_agent.store.tables import PermitDocument, PersonDocument

_NEXT = """
SELECT id, priority, topic, payload, retain FROM outbox
WHERE id NOT IN (SELECT value FROM json_each(?)) ORDER BY priority, id LIMIT ?
"""
# Those that still wait in the outbox are on their way anyway.
_AGAIN = """
SELECT audit.body, audit.prev_hash, voice.first_seq, voice.boot, voice.trusted, voice.demo
FROM event JOIN audit ON audit.n = event.n
LEFT JOIN event_voice AS voice ON voice.first_seq = (
    SELECT max(first_seq) FROM event_voice WHERE first_seq <= event.seq)
WHERE event.seq > ? AND event.seq <= ?
AND event.seq NOT IN (SELECT seq FROM outbox WHERE seq IS NOT NULL)
ORDER BY event.seq
"""
_GONE = "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM outbox)"


class Reader:
    """A read-only connection (it can neither write nor checkpoint). Every method raises StoreError."""

    def __init__(self, path: Path, database: Database) -> None:
        """Use `Reader.open`."""
        self.path = path
        self._database = database

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open beside a running writer, or after it; the file must exist."""
        return cls(path, open_reader(path))

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def outbox(self, limit: int, without: Collection[int] = ()) -> list[OutboxRow]:
        """The most urgent rows that wait, oldest first within a priority; ids in `without` left out."""
        try:
            rows = list(self._database.execute_sql(_NEXT, (json.dumps(list(without)), limit)))
        except DATABASE_ERRORS as trouble:
            raise from_database(trouble, self.path) from trouble
        return [
            OutboxRow(id=row[0], priority=row[1], topic=row[2], payload=row[3], retain=bool(row[4]))
            for row in rows
        ]

    def gone(self, ids: Collection[int]) -> set[int]:
        """Those of `ids` that are no longer in the outbox."""
        try:
            return {row[0] for row in self._database.execute_sql(_GONE, (json.dumps(list(ids)),))}
        except DATABASE_ERRORS as trouble:
            raise from_database(trouble, self.path) from trouble

    def commissioning(self) -> Commissioning:
        """What is kept of the commissioning of this unit."""
        try:
            return commissioning(self._database, self.path)
        except DATABASE_ERRORS as trouble:
            raise from_database(trouble, self.path) from trouble

    def waiting(self) -> int:
        """How many rows the broker has not acknowledged yet."""
        try:
            return int(self._database.execute_sql("SELECT count(*) FROM outbox").fetchone()[0])
        except DATABASE_ERRORS as trouble:
            raise from_database(trouble, self.path) from trouble

    def waits(self, seq: int) -> bool:
        """Whether the event of this number is in the outbox."""
        try:
            return bool(list(self._database.execute_sql("SELECT 1 FROM outbox WHERE seq = ? LIMIT 1", (seq,))))
        except DATABASE_ERRORS as trouble:
            raise from_database(trouble, self.path) from trouble

    def again(self, after: int, upto: int) -> list[Archived]:
        """The events numbered `after` + 1 to `upto` that wait for nobody, as they were told, in their order."""
        try:
            rows = list(self._database.execute_sql(_AGAIN, (after, upto)))
        except DATABASE_ERRORS as trouble:
            raise from_database(trouble, self.path) from trouble
        return [
            Archived(
                event=told_of(body),
                prev_hash=prev_hash,
                voice=None
                if first_seq is None
                else Voice(first_seq=first_seq, boot=boot, trusted=bool(trusted), demo=bool(demo)),
            )
            for body, prev_hash, first_seq, boot, trusted, demo in rows
        ]

    def recent(self, limit: int, wanted: Wanted = ANY) -> tuple[Event, ...]:
        """The newest events that are wanted, newest first."""
        try:
            return newest_events(self._database, self.path, limit, wanted)
        except DATABASE_ERRORS as trouble:
            raise from_database(trouble, self.path) from trouble

    def rectifications(self) -> tuple[Rectification, ...]:
        """What is to be put right, and lately was."""
        try:
            return rectifications(self._database, self.path)
        except DATABASE_ERRORS as trouble:
            raise from_database(trouble, self.path) from trouble

    def persons(self) -> tuple[Person, ...]:
        """Those who came by message, or whose record the box changed."""
        try:
            return documents(self._database, self.path, PersonDocument, Person)
        except DATABASE_ERRORS as trouble:
            raise from_database(trouble, self.path) from trouble

    def end(self) -> tuple[int, str]:
        """Number and hash of the last audit row; 0 and GENESIS before the first."""
        try:
            return chain_head(self._database)
        except DATABASE_ERRORS as trouble:
            raise from_database(trouble, self.path) from trouble

    def permits(self) -> tuple[Permit, ...]:
        """Where every permit stands, by the last step that was kept."""
        try:
            return documents(self._database, self.path, PermitDocument, Permit)
        except DATABASE_ERRORS as trouble:
            raise from_database(trouble, self.path) from trouble

    def audit(self, after: int = 0) -> Iterator[AuditRow]:
        """The audit rows behind row `after`, in order (for `chain.verify`)."""
        try:
            yield from audit_rows(self._database, after)
        except DATABASE_ERRORS as trouble:
            raise from_database(trouble, self.path) from trouble
