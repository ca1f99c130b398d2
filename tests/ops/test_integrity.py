"""The weekly full look at the records: when it is due, and what it finds that a start does not."""

import threading
from pathlib import Path

import msgspec
import pytest

from edge_agent.clock import Instant
from edge_agent.domain.words import Words
from edge_agent.ops import integrity
from edge_agent.ops.integrity import DOES_NOT_HOLD, HOLDS, NOT_KNOWN, OVERDUE_S, WEEK_S, Integrity, Looked, looked
from edge_agent.store.chain import GENESIS
from edge_agent.store.store import Store
from tests.support.store_values import event_batch

NOW = 1.8e9


class Clock:
    utc, trusted = NOW, True

    def monotonic(self) -> float:
        return 0.0

    def instant(self) -> Instant:
        return Instant(now_s=0.0, utc=self.utc, trusted=self.trusted)


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "agent.sqlite"
    with Store.open(path) as store:
        head = GENESIS
        for seq in range(1, 60):
            batch = event_batch(seq, head)
            store.commit(batch)
            head = batch.audit[-1].sealed.hash
    return path


def altered(path: Path) -> None:
    """One digit of a row that was written long ago: no page looks wrong."""
    content = path.read_bytes()
    assert content.count(b'"seq":42') >= 1
    path.write_bytes(content.replace(b'"seq":42', b'"seq":43'))


def test_a_row_that_was_altered_long_ago_is_found_though_a_start_passes_over_it(records: Path) -> None:
    assert integrity.whole(records) == (HOLDS, "59")
    altered(records)
    with Store.open(records) as store:
        store.load()
    code, said = integrity.whole(records)
    assert code == DOES_NOT_HOLD
    assert said.startswith("row 42: was altered")


def test_what_is_no_database_does_not_hold_and_what_is_not_there_is_not_known(tmp_path: Path) -> None:
    (tmp_path / "no.sqlite").write_bytes(b"x" * 8192)
    assert integrity.whole(tmp_path / "no.sqlite")[0] == DOES_NOT_HOLD
    assert integrity.whole(tmp_path / "none.sqlite")[0] == NOT_KNOWN


def test_it_is_weekly_waits_for_the_end_of_work_and_not_for_ever(records: Path) -> None:
    clock, busy = Clock(), [False]
    found: list[Words] = []
    stop = threading.Event()
    worker = Integrity(records.parent, clock, lambda: busy[0], found.append)
    note = records.parent / integrity.NAME
    worker.look(stop)
    assert looked(note) == Looked(utc=NOW), "a new box: its start has looked at everything"
    clock.utc = NOW + WEEK_S - 1
    worker.look(stop)
    assert looked(note) == Looked(utc=NOW)
    clock.utc, busy[0] = NOW + WEEK_S, True
    worker.look(stop)
    assert looked(note) == Looked(utc=NOW)
    clock.trusted, busy[0] = False, False
    worker.look(stop)
    assert looked(note) == Looked(utc=NOW), "without a date nobody knows"
    clock.trusted = True
    worker.look(stop)
    assert looked(note) == Looked(utc=NOW + WEEK_S, rows=59)
    clock.utc, busy[0] = NOW + WEEK_S + OVERDUE_S, True
    altered(records)
    worker.look(stop)
    assert "row 42" in found[0].en
    assert looked(note) == Looked(utc=NOW + WEEK_S, rows=59), "what does not hold is looked at again"


def test_a_note_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    (tmp_path / integrity.NAME).write_bytes(msgspec.json.encode(3))
    assert looked(tmp_path / integrity.NAME) is None
