"""Reading the database beside its writer: for the forwarder, the board and whoever audits."""

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from edge_agent.domain.outcome import Event
from edge_agent.store.batch import OutboxRow
from edge_agent.store.chain import AuditRow
from edge_agent.store.connect import Database, open_reader
from edge_agent.store.errors import DATABASE_ERRORS, from_database
from edge_agent.store.load import ANY, Wanted, audit_rows, newest_events

_NEXT = """
SELECT id, priority, topic, payload, retain FROM outbox
WHERE id NOT IN (SELECT value FROM json_each(?)) ORDER BY priority, id LIMIT ?
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

    def waiting(self) -> int:
        """How many rows the broker has not acknowledged yet."""
        try:
            return int(self._database.execute_sql("SELECT count(*) FROM outbox").fetchone()[0])
        except DATABASE_ERRORS as trouble:
            raise from_database(trouble, self.path) from trouble

    def recent(self, limit: int, wanted: Wanted = ANY) -> tuple[Event, ...]:
        """The newest events that are wanted, newest first."""
        try:
            return newest_events(self._database, self.path, limit, wanted)
        except DATABASE_ERRORS as trouble:
            raise from_database(trouble, self.path) from trouble

    def audit(self, after: int = 0) -> Iterator[AuditRow]:
        """The audit rows behind row `after`, in order (for `chain.verify`)."""
        try:
            yield from audit_rows(self._database, after)
        except DATABASE_ERRORS as trouble:
            raise from_database(trouble, self.path) from trouble
