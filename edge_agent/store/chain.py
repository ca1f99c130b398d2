"""The hash chain over every audit row: an edited, dropped or swapped row shows. Pure functions.

A row's hash is SHA-256 over the RFC 8785 (canonical JSON) bytes of `{"body": ..., "prev": ...}`, where
`prev` is the hash of the row before. As the keys sort "body" < "prev", anybody can recompute it from
the stored bytes alone. Cutting off the tail shows only against a head that is kept elsewhere.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import msgspec
import rfc8785
from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.outcome import Event

GENESIS = "0" * 64  # what the very first row points back to
EVENT_KIND = "event"


class Sealed(Struct, frozen=True, kw_only=True):
    """One audit row ready to be kept: what kind, its canonical bytes, its place in the chain."""

    kind: str
    body: bytes
    prev_hash: str
    hash: str


class AuditRow(Struct, frozen=True, kw_only=True):
    """One audit row as it stands in the database; `n` counts from 1 without gaps."""

    n: int
    kind: str
    body: bytes
    prev_hash: str
    hash: str


class Broken(Struct, frozen=True, kw_only=True):
    """The first row that does not hold, and why."""

    n: int
    why: str


def seal(body: Mapping[str, Any], prev_hash: str) -> Sealed:
    """Put one record behind `prev_hash`. `body["kind"]` names what it is, so that the hash covers it.

    Raises rfc8785.CanonicalizationError (a ValueError) for what JSON cannot carry: NaN, infinity,
    integers beyond 2**53.
    """
    canonical = rfc8785.dumps(dict(body))
    return Sealed(kind=str(body["kind"]), body=canonical, prev_hash=prev_hash, hash=_hash(canonical, prev_hash))


def event_body(event: Event, context: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The audit record of an event, and of what the centre is told beside it."""
    beside = {} if context is None else {"context": dict(context)}
    return {"kind": EVENT_KIND, "event": msgspec.to_builtins(event), **beside}


def event_of(body: bytes) -> Event:
    """The event inside an audit record made by `event_body`."""
    return msgspec.convert(msgspec.json.decode(body)["event"], Event)


def told_of(body: bytes) -> Event:
    """The same as the centre was told it: with what stood beside it, as `data.context`."""
    beside = msgspec.json.decode(body).get("context")
    return event_of(body) if beside is None else with_context(event_of(body), beside)


def with_context(event: Event, context: Mapping[str, Any]) -> Event:
    """The event as the centre is told it."""
    return replace(event, data=event.data | {"context": dict(context)})


def verify(rows: Iterable[AuditRow], *, head: str = GENESIS, after: int = 0) -> Broken | None:
    """The first row that breaks the chain which continues `head` after row `after`; None if all hold."""
    for row in rows:
        why = _fault(row, head, after)
        if why:
            return Broken(n=row.n, why=why)
        head, after = row.hash, row.n
    return None


def _fault(row: AuditRow, head: str, after: int) -> str | None:
    """What is wrong with one row that should follow row `after` with hash `head`."""
    if row.n != after + 1:
        return f"row {after + 1} is missing"
    if row.prev_hash != head:
        return f"does not point back to row {after}"
    if row.hash != _hash(row.body, row.prev_hash):
        return "was altered: its bytes do not give its hash"
    if _kind(row.body) != row.kind:
        return f"its kind was altered to {row.kind!r}"
    return None


def _hash(canonical: bytes, prev_hash: str) -> str:
    """SHA-256 over the canonical bytes of {"body": body, "prev": prev_hash}."""
    return sha256(b'{"body":' + canonical + b',"prev":' + rfc8785.dumps(prev_hash) + b"}").hexdigest()


def _kind(body: bytes) -> object:
    """The kind inside a body; None where there is none to read."""
    try:
        record = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None
    return record.get("kind") if isinstance(record, dict) else None
