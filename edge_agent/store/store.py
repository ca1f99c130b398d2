"""The one writer of the agent's database: load at start-up, one transaction per step, checkpoints."""

import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from edge_agent.store.batch import Batch, Entry, Outgoing, Saved
from edge_agent.store.chain import Broken, verify
from edge_agent.store.connect import Database, open_writer, take_lock
from edge_agent.store.errors import DATABASE_ERRORS, StoreError, StoreFault, from_database
from edge_agent.store.load import COMMISSIONING, COUNTS, HEAD, audit_rows, chain_head, load
from edge_agent.store.room import Dropped, make_room
from edge_agent.store.tables import (
    AlarmDocument,
    Audit,
    CentreDocument,
    CommissioningDocument,
    CountsDocument,
    DeviceDocument,
    Document,
    DownlinkSeen,
    EventIndex,
    EventVoice,
    Meta,
    Outbox,
    PermitDocument,
    PersonDocument,
    RectificationDocument,
    Table,
    checksum,
)

RECENT = 50  # events handed back at start-up, for the board
ROWS_PER_STATEMENT = 200  # far below SQLite's 32766 bound values

_HOLDS = "SELECT 1 FROM audit WHERE hash = ? ORDER BY n DESC LIMIT 1"


class Store:
    """The database under its one writing connection. For one thread at a time: the brain's."""

    def __init__(self, path: Path, database: Database, lock: int) -> None:
        """Use `Store.open`."""
        self.path = path
        self._database = database
        self._lock = lock

    @classmethod
    def open(cls, path: Path, *, vfs: str | None = None) -> Self:
        """Open or make the database and become its one writer.

        Raises StoreError: LOCKED when another process holds it, CORRUPT (see `quarantine`), VERSION,
        READ_ONLY, IO. `vfs` names another SQLite VFS, for tests with a failing disk.
        """
        lock = take_lock(path)
        try:
            return cls(path, open_writer(path, vfs), lock)
        except StoreError:
            os.close(lock)
            raise

    def close(self) -> None:
        """Checkpoint, close, and let the next writer in."""
        try:
            self._database.close()
        finally:
            os.close(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def load(self) -> Saved:
        """Everything the agent continues from. Raises StoreError, CORRUPT where a value does not hold."""
        try:
            with self._database.atomic():
                return load(self._database, self.path, RECENT)
        except DATABASE_ERRORS as trouble:
            raise from_database(trouble, self.path) from trouble

    def verify_chain(self) -> Broken | None:
        """The first audit row that breaks the chain; None if every row holds. Reads the whole chain."""
        try:
            return verify(audit_rows(self._database))
        except DATABASE_ERRORS as trouble:
            raise from_database(trouble, self.path) from trouble

    def checkpoint(self) -> None:
        """Everything of the WAL into the database, synced. A reader that is busy is not waited for.

        Raises StoreError.
        """
        try:
            self._database.connection().wal_checkpoint()  # PASSIVE: whoever reads reads on
        except DATABASE_ERRORS as trouble:
            raise from_database(trouble, self.path) from trouble

    def holds(self, head: str) -> bool:
        """Whether some row of the chain has this hash; looks from the newest on. Raises StoreError."""
        try:
            return self._database.execute_sql(_HOLDS, (head,)).fetchone() is not None
        except DATABASE_ERRORS as trouble:
            raise from_database(trouble, self.path) from trouble

    def commit(self, batch: Batch) -> None:
        """Keep the whole batch in one transaction, synced to the disk when this returns.

        Raises StoreError: then none of it counts as kept, the store stays usable and the same batch may
        be tried again. (When the very last sync fails, SQLite cannot know whether the disk kept it: a
        batch whose rows are already there is recognised and not written twice.)
        """
        if batch.empty:
            return
        try:
            with self._database.atomic():
                if not self._already_kept(batch.audit):
                    self._write(batch)
        except DATABASE_ERRORS as trouble:
            raise from_database(trouble, self.path) from trouble

    def make_room(self, *, full: bool = False) -> tuple[Dropped, ...]:
        """Let go of what waits for the centre beyond its share of the disk (room.py). Raises StoreError."""
        try:
            with self._database.atomic():
                return tuple(make_room(self._database, full=full))
        except DATABASE_ERRORS as trouble:
            raise from_database(trouble, self.path) from trouble

    def _already_kept(self, entries: Sequence[Entry]) -> bool:
        """Whether the chain ends with this batch; StoreError FORK if the batch does not continue it."""
        _, head = chain_head(self._database)
        if not entries:
            return False
        if entries[-1].sealed.hash == head:
            return True
        if entries[0].sealed.prev_hash != head:
            detail = f"the chain ends at {head[:12]}, the batch goes on elsewhere"
            raise StoreError(StoreFault.FORK, self.path, detail)
        return False

    def _write(self, batch: Batch) -> None:
        """Every row of the batch, inside the transaction."""
        self._write_audit(batch.audit)
        if batch.voice is not None:
            self._put(EventVoice, [msgspec.structs.asdict(batch.voice)])
        self._write_outbox(batch.outbox, batch.acked)
        self._put_documents(PermitDocument, {permit.ticket.id: permit for permit in batch.permits})
        for id_ in batch.forgotten:
            PermitDocument.delete().where(PermitDocument.key == id_).execute(self._database)
        self._put_documents(PersonDocument, {person.id: person for person in batch.persons})
        self._put_documents(DeviceDocument, {record.id: record for record in batch.records})
        if batch.alarms is not None:
            AlarmDocument.delete().execute(self._database)
            self._put_documents(AlarmDocument, {alarm.verdict.key: alarm for alarm in batch.alarms})
        if batch.centre is not None:
            CentreDocument.delete().execute(self._database)
            self._put_documents(CentreDocument, {record.id: record for record in batch.centre})
        if batch.rectifications is not None:
            RectificationDocument.delete().execute(self._database)
            self._put_documents(RectificationDocument, {one.id: one for one in batch.rectifications})
        if batch.counts is not None:
            self._put_documents(CountsDocument, {COUNTS: batch.counts})
        if batch.commissioning is not None:
            self._put_documents(CommissioningDocument, {COMMISSIONING: batch.commissioning})
        self._put(DownlinkSeen, [msgspec.structs.asdict(seen) for seen in batch.seen])
        meta = dict(batch.meta)
        if batch.audit:
            meta[HEAD] = batch.audit[-1].sealed.hash
        self._put(Meta, [{"key": key, "value": value} for key, value in meta.items()])

    def _write_audit(self, entries: Iterable[Entry]) -> None:
        """The audit rows behind the last one, and which of them are events."""
        n, _ = chain_head(self._database)
        audit: list[dict[str, Any]] = []
        events: list[dict[str, Any]] = []
        for number, entry in enumerate(entries, start=n + 1):
            audit.append({"n": number, **msgspec.structs.asdict(entry.sealed)})
            if entry.event is not None:
                fields = {name: getattr(entry.event, name) for name in ("seq", "type", "subject", "at_utc")}
                events.append({"n": number, "priority": int(entry.event.priority), **fields})
        self._insert(Audit, audit)
        self._insert(EventIndex, events)

    def _write_outbox(self, outgoing: Iterable[Outgoing], acked: Sequence[int]) -> None:
        """Drop what the broker has taken, then add; a state's newest word replaces its unsent older one."""
        for start in range(0, len(acked), ROWS_PER_STATEMENT):
            ids = list(acked[start : start + ROWS_PER_STATEMENT])
            Outbox.delete().where(Outbox.id.in_(ids)).execute(self._database)
        for message in outgoing:
            if message.retain:
                Outbox.delete().where((Outbox.topic == message.topic) & Outbox.retain).execute(self._database)
            Outbox.insert(**msgspec.structs.asdict(message)).execute(self._database)

    def _put_documents(self, table: type[Document], values: dict[str, msgspec.Struct]) -> None:
        """Keep values under their keys, replacing older ones."""
        encoded = {key: msgspec.json.encode(value) for key, value in values.items()}
        self._put(table, [{"key": key, "json": json, "crc": checksum(json)} for key, json in encoded.items()])

    def _put(self, table: type[Table], rows: list[dict[str, Any]]) -> None:
        """Insert or replace by primary key."""
        for start in range(0, len(rows), ROWS_PER_STATEMENT):
            table.insert_many(rows[start : start + ROWS_PER_STATEMENT]).on_conflict("REPLACE").execute(
                self._database
            )

    def _insert(self, table: type[Table], rows: list[dict[str, Any]]) -> None:
        """Insert; a number that is taken already is an error."""
        for start in range(0, len(rows), ROWS_PER_STATEMENT):
            table.insert_many(rows[start : start + ROWS_PER_STATEMENT]).execute(self._database)


def quarantine(path: Path, now_utc: float) -> Path:
    """Put a damaged database aside as `<name>.corrupt-<utc>` (with its -wal and -shm), as evidence.

    The agent may then open a fresh one; every permit is unknown in it. Returns the new name.
    """
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now_utc))
    aside = path.with_name(f"{path.name}.corrupt-{stamp}")
    for suffix in ("-wal", "-shm"):
        side = path.with_name(path.name + suffix)
        if side.exists():
            side.rename(aside.with_name(aside.name + suffix))
    path.rename(aside)
    return aside
