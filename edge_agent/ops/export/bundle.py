"""What goes into a bundle, and the seal over all of it.

A bundle is a zip: `manifest.jws` (Ed25519, the unit's own key) names every other file with its SHA-256. The
records stand in it as they are kept, byte for byte: each gives its own hash. Between the first and the last of
them, those that nobody asked for stand with their hashes alone: nobody's other business leaves the box.
"""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import rfc8785
from joserfc.jwk import OKPKey
from msgspec import Struct

from edge_agent.domain.outcome import Event
from edge_agent.ops.export.scope import Scope
from edge_agent.store.chain import EVENT_KIND, AuditRow, event_of
from edge_agent.tell.evidence import MASKED
from edge_agent.tell.signing import public_text, sign

SCHEMA = "edge_agent.bundle.v1"
RECORDS, TABLE, PAPER, SEAL = "records.jsonl", "events.csv", "report.pdf", "manifest.jws"
PICTURES = "pictures"


class Chosen(Struct, frozen=True, kw_only=True):
    """The records that were asked for, in order, and the rows of the chain from the first to the last of them."""

    events: tuple[Event, ...]
    rows: tuple[tuple[AuditRow, bool], ...]  # a row, and whether it was asked for
    last_n: int  # of the whole chain, and its hash: where the unit stands
    head: str


def choose(rows: Iterable[AuditRow], scope: Scope) -> Chosen:
    """Walks the records once. Raises msgspec.MsgspecError for one that cannot be read."""
    events: list[Event] = []
    kept: list[tuple[AuditRow, bool]] = []
    between: list[tuple[AuditRow, bool]] = []
    last_n, head = 0, ""
    for row in rows:
        last_n, head = row.n, row.hash
        event = event_of(row.body) if row.kind == EVENT_KIND else None
        if event is not None and scope.holds(event):
            kept += [*between, (row, True)]
            events.append(event)
            between = []
        elif events:
            between.append((_withheld(row), False))
    return Chosen(events=tuple(events), rows=tuple(kept), last_n=last_n, head=head)


def _withheld(row: AuditRow) -> AuditRow:
    return msgspec.structs.replace(row, body=b"")


def lines(chosen: Chosen) -> bytes:
    """`records.jsonl`: a row a line; without `body` where it was not asked for."""
    found = []
    for row, asked in chosen.rows:
        line: dict[str, Any] = {"n": row.n, "kind": row.kind, "prev_hash": row.prev_hash, "hash": row.hash}
        found.append(msgspec.json.encode({**line, "body": row.body.decode()} if asked else line))
    return b"\n".join(found) + b"\n"


def pictures(folder: Path, events: Iterable[Event], *, raw: bool) -> Iterator[Path]:
    """The evidence of these events: curves and stills; with `raw` those in which people can be recognised."""
    for event in events:
        for path in sorted(folder.glob(f"{event.seq}[.-]*")):
            if path.suffix == ".json" or path.name.endswith(MASKED) or (raw and path.suffix == ".jpg"):
                yield path


class Bundle:
    """A bundle that is being written; `seal` ends it. A half-written one has no seal and is worth nothing."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        """`file` is open for writing."""
        self._file = file
        self._named: list[dict[str, Any]] = []

    def add(self, name: str, content: bytes) -> None:
        """One file of it."""
        self._file.writestr(name, content)
        self._named.append({"name": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)})

    def seal(self, told: dict[str, Any], key: OKPKey) -> None:
        """Sign what it holds and what it is told to be."""
        manifest = {"schema": SCHEMA, **told, "files": self._named, "key": public_text(key)}
        self._file.writestr(SEAL, sign(rfc8785.dumps(manifest), key, public_text(key)))
