"""Ways to tamper with a unit's records, each drawn at random: for the tests of what names them."""

import random
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

from edge_agent.ops.audit.verify import Row
from edge_agent.store.chain import GENESIS
from edge_agent.store.store import Store
from tests.support.store_values import event_batch

Tamper = Callable[[random.Random, list[Row]], None]


def filled(folder: Path, rows: int) -> Path:
    """A unit's own database with this many events."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "agent.sqlite"
    with Store.open(path) as store:
        head = GENESIS
        for seq in range(1, rows + 1):
            batch = event_batch(seq, head)
            store.commit(batch)
            head = batch.audit[-1].sealed.hash
    return path


def _flip(draw: random.Random, text: str) -> str:
    at = draw.randrange(len(text))
    return text[:at] + draw.choice([c for c in "0123456789abcdef" if c != text[at]]) + text[at + 1 :]


def _body(draw: random.Random, rows: list[Row]) -> None:
    at = draw.randrange(len(rows))
    body = bytearray(rows[at].body)
    body[draw.randrange(len(body))] ^= 1 << draw.randrange(8)
    rows[at] = rows[at]._replace(body=bytes(body))


def _hash(draw: random.Random, rows: list[Row]) -> None:
    at = draw.randrange(len(rows))
    rows[at] = rows[at]._replace(hash=_flip(draw, rows[at].hash))


def _prev(draw: random.Random, rows: list[Row]) -> None:
    at = draw.randrange(len(rows))
    rows[at] = rows[at]._replace(prev_hash=_flip(draw, rows[at].prev_hash))


def _kind(draw: random.Random, rows: list[Row]) -> None:
    at = draw.randrange(len(rows))
    rows[at] = rows[at]._replace(kind="events")


def _drop(draw: random.Random, rows: list[Row]) -> None:
    del rows[draw.randrange(len(rows))]


def _drop_and_renumber(draw: random.Random, rows: list[Row]) -> None:
    del rows[draw.randrange(len(rows))]
    rows[:] = [row._replace(n=n) for n, row in enumerate(rows, start=1)]


def _swap(draw: random.Random, rows: list[Row]) -> None:
    a, b = draw.sample(range(len(rows)), 2)
    rows[a], rows[b] = rows[b]._replace(n=rows[a].n), rows[a]._replace(n=rows[b].n)


def _twice(draw: random.Random, rows: list[Row]) -> None:
    at = draw.randrange(len(rows))
    rows[at:] = [rows[at], *(row._replace(n=row.n + 1) for row in rows[at:])]


def _cut(draw: random.Random, rows: list[Row]) -> None:
    del rows[draw.randrange(len(rows)) :]


WAYS: tuple[Tamper, ...] = (_body, _hash, _prev, _kind, _drop, _drop_and_renumber, _swap, _twice, _cut)


def tampered(draw: random.Random, rows: list[Row], number: int) -> list[Row]:
    """The rows with one thing done to them, in the way of this number."""
    spoilt = list(rows)
    WAYS[number % len(WAYS)](draw, spoilt)
    return spoilt


def written(path: Path, rows: list[Row]) -> None:
    """Put these rows in place of those of the file."""
    with sqlite3.connect(path) as file:
        file.execute("DELETE FROM audit")
        file.executemany("INSERT INTO audit (n, kind, body, prev_hash, hash) VALUES (?, ?, ?, ?, ?)", rows)
    file.close()


def names_it(rows: list[Row], spoilt: list[Row], faults: list[tuple[str, str]]) -> bool:
    """Whether the first fault names the first row that differs, or its neighbour (the one that no longer fits)."""
    first = next((n for n, (a, b) in enumerate(zip(rows, spoilt, strict=False), 1) if a != b), len(spoilt) + 1)
    named = re.search(r"\d+", faults[0][1]) if faults else None
    return named is not None and abs(int(named[0]) - first) <= 1
