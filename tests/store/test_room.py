"""How much may wait for the centre: what gives way first, that it is told, and what a full disk has room for."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_agent.store import room
from edge_agent.store.batch import Batch, Outgoing
from edge_agent.store.chain import GENESIS
from edge_agent.store.errors import StoreError
from edge_agent.store.reader import Reader
from edge_agent.store.room import TELEMETRY, Dropped
from edge_agent.store.store import Store
from tests.support.store_values import event_batch

ALARM = Outgoing(topic="up/event", payload=b"alarm", priority=1, seq=100_001)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same policy, of a size that a test fills."""
    monkeypatch.setattr(room, "CLASSES", tuple(replace(one, most_rows=10, spare_rows=3) for one in room.CLASSES))


def waiting(path: Path) -> list[tuple[int, bytes]]:
    with Reader.open(path) as reader:
        return [(row.priority, row.payload) for row in reader.outbox(1000)]


@pytest.mark.usefixtures("small")
def test_each_class_keeps_to_its_share_and_the_oldest_and_least_urgent_goes_first(store: Store) -> None:
    measured = tuple(Outgoing(topic="up/gas", payload=b"%d" % n, priority=TELEMETRY) for n in range(12))
    told = tuple(Outgoing(topic="up/event", payload=b"e%d" % n, priority=1 + n % 4, seq=n) for n in range(1, 13))
    state = Outgoing(topic="up/permit/P-1", payload=b"state", priority=4, retain=True)
    store.commit(Batch(outbox=(state, *measured, *told)))
    assert store.make_room() == (
        Dropped(kind="telemetry", count=5),
        Dropped(kind="event", count=6, first_seq=2, last_seq=11),
    )
    left = waiting(store.path)
    assert [payload for priority, payload in left if priority == TELEMETRY] == [b"%d" % n for n in range(5, 12)]
    assert (4, b"state") in left, "a state is never dropped"
    assert {b"e4", b"e8", b"e12"} <= {payload for priority, payload in left if priority == 1}
    assert store.make_room() == ()


def test_a_live_alarm_overtakes_a_backlog_of_a_hundred_thousand(store: Store) -> None:
    connection = store._database.connection()
    rows = ((seq, 3, "up/event", b"x" * 200, 0) for seq in range(1, 100_001))
    with connection:
        connection.executemany(
            "INSERT INTO outbox (seq, priority, topic, payload, retain) VALUES (?,?,?,?,?)", rows
        )
    store.commit(Batch(outbox=(ALARM,)))
    with Reader.open(store.path) as reader:
        first, second = reader.outbox(2)
        assert (first.payload, second.id) == (b"alarm", 1)
    assert store.make_room() == (), "a backlog of this size is within its share"


def test_on_a_full_disk_telemetry_makes_room_for_what_happened(store: Store) -> None:
    measured = tuple(Outgoing(topic="up/gas", payload=b"x" * 2000, priority=TELEMETRY) for _ in range(40))
    store.commit(Batch(outbox=measured))
    connection = store._database.connection()
    connection.pragma("max_page_count", connection.pragma("page_count"))
    batch, told = event_batch(1, GENESIS), 0
    while not told:  # until no page is free any more
        try:
            store.commit(replace(batch, meta={"m": "x" * 60_000}))
            raise AssertionError("the disk is full and nobody noticed")
        except StoreError:
            told += 1
    assert store.make_room(full=True) == (Dropped(kind="telemetry", count=40),)
    store.commit(replace(batch, meta={"m": "x" * 60_000}))
    assert (store.load().seq, store.load().waiting) == (1, 1)
    assert store.verify_chain() is None
