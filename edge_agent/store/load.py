"""Reading back: every value checked against its checksum and its type, the chain against its head."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct
from peewee import Expression, fn

from edge_agent.domain.centre_record import CentreRecord
from edge_agent.domain.commissioning import NOT_COMMISSIONED, Commissioning
from edge_agent.domain.device import DeviceRecord
from edge_agent.domain.figures import Counts
from edge_agent.domain.outcome import Alarm, Event
from edge_agent.domain.permit import Permit
from edge_agent.domain.person import Person
from edge_agent.domain.rectification import Rectification
from edge_agent.store.batch import Saved, Seen
from edge_agent.store.chain import GENESIS, AuditRow, event_of
from edge_agent.store.connect import Database
from edge_agent.store.errors import StoreError, StoreFault
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
    Meta,
    Outbox,
    PermitDocument,
    PersonDocument,
    RectificationDocument,
    checksum,
)

HEAD = "head"  # meta: hash of the last audit row; a chain that ends elsewhere was cut off
COUNTS = "counts"  # the one key of their table
COMMISSIONING = "commissioning"
PAGE = 500  # audit rows read at a time

T = TypeVar("T", bound=Struct)


def load(database: Database, path: Path, recent: int) -> Saved:
    """Everything the agent continues from; `recent` events with it. Raises StoreError CORRUPT."""
    n, head = chain_head(database)
    seq = _last_seq(database)
    meta = {row.key: row.value for row in Meta.select().execute(database)}
    if meta.get(HEAD, GENESIS) != head:
        raise StoreError(StoreFault.CORRUPT, path, f"the audit chain does not end at its head (row {n})")
    return Saved(
        permits=documents(database, path, PermitDocument, Permit),
        alarms=documents(database, path, AlarmDocument, Alarm),
        persons=documents(database, path, PersonDocument, Person),
        records=documents(database, path, DeviceDocument, DeviceRecord),
        centre=documents(database, path, CentreDocument, CentreRecord),
        rectifications=rectifications(database, path),
        counts=next(iter(documents(database, path, CountsDocument, Counts)), Counts()),
        commissioning=commissioning(database, path),
        seq=seq,
        audit_n=n,
        head_hash=head,
        seen={row["subject"]: Seen(**row) for row in DownlinkSeen.select().dicts().execute(database)},
        meta=meta,
        waiting=Outbox.select(fn.COUNT(Outbox.id)).tuples().execute(database)[0][0],
        recent=newest_events(database, path, recent),
    )


def rectifications(database: Database, path: Path) -> tuple[Rectification, ...]:
    """What is to be put right, and lately was. Raises StoreError CORRUPT."""
    return documents(database, path, RectificationDocument, Rectification)


def commissioning(database: Database, path: Path) -> Commissioning:
    """What is kept of it; nothing where nobody has begun one."""
    return next(iter(documents(database, path, CommissioningDocument, Commissioning)), NOT_COMMISSIONED)


def chain_head(database: Database) -> tuple[int, str]:
    """Number and hash of the last audit row; 0 and GENESIS before the first."""
    rows = list(Audit.select(Audit.n, Audit.hash).order_by(Audit.n.desc()).limit(1).tuples().execute(database))
    return rows[0] if rows else (0, GENESIS)


def audit_rows(database: Database, after: int = 0) -> Iterator[AuditRow]:
    """The audit rows behind row `after`, in order, a page at a time so that no reader holds the file long."""
    while True:
        query = Audit.select().where(Audit.n > after).order_by(Audit.n).limit(PAGE)
        rows = [AuditRow(**row) for row in query.dicts().execute(database)]
        if not rows:
            return
        yield from rows
        after = rows[-1].n


class Wanted(Struct, frozen=True, kw_only=True):
    """Which events somebody wants to see; what is None does not matter."""

    before: int | None = None  # only older ones: seq below this
    after: int | None = None  # only newer ones: seq above this
    seq: int | None = None
    subject: str | None = None
    type: str | None = None
    types: tuple[str, ...] | None = None
    since_utc: float | None = None
    until_utc: float | None = None  # not with it


ANY = Wanted()


def newest_events(database: Database, path: Path, limit: int, wanted: Wanted = ANY) -> tuple[Event, ...]:
    """The newest events that are wanted, newest first."""
    query = (
        EventIndex.select(EventIndex.seq, Audit.body)
        .join(Audit, on=(EventIndex.n == Audit.n))
        .where(*_conditions(wanted))
        .order_by(EventIndex.seq.desc())
        .limit(limit)
    )
    events = []
    for seq, body in query.tuples().execute(database):
        try:
            events.append(event_of(body))
        except (msgspec.MsgspecError, KeyError, TypeError) as trouble:
            raise StoreError(StoreFault.CORRUPT, path, f"event {seq} cannot be read: {trouble}") from trouble
    return tuple(events)


def _conditions(wanted: Wanted) -> Iterator[Expression]:
    yield EventIndex.seq > 0
    if wanted.before is not None:
        yield EventIndex.seq < wanted.before
    if wanted.after is not None:
        yield EventIndex.seq > wanted.after
    if wanted.seq is not None:
        yield EventIndex.seq == wanted.seq
    if wanted.subject is not None:
        yield EventIndex.subject == wanted.subject
    if wanted.type is not None:
        yield EventIndex.type == wanted.type
    if wanted.types is not None:
        yield EventIndex.type.in_(wanted.types)
    if wanted.since_utc is not None:
        yield EventIndex.at_utc >= wanted.since_utc
    if wanted.until_utc is not None:
        yield EventIndex.at_utc < wanted.until_utc


def _last_seq(database: Database) -> int:
    """The number of the last event, 0 before the first."""
    return int(EventIndex.select(fn.COALESCE(fn.MAX(EventIndex.seq), 0)).tuples().execute(database)[0][0])


def documents(database: Database, path: Path, table: type[Document], kind: type[T]) -> tuple[T, ...]:
    """Every value of one kind, in the order of the keys."""
    decoder = msgspec.json.Decoder(kind)
    found: list[T] = []
    for key, json, crc in table.select().order_by(table.key).tuples().execute(database):
        where = f"{kind.__name__.lower()} {key}"
        if checksum(json) != crc:
            raise StoreError(StoreFault.CORRUPT, path, f"{where}: its bytes changed on the disk")
        try:
            found.append(decoder.decode(json))
        except msgspec.MsgspecError as trouble:
            raise StoreError(StoreFault.CORRUPT, path, f"{where}: {trouble}") from trouble
    return tuple(found)
